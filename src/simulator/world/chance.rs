//! Seeded chance: the same seed and start give the same world.

use chrono::TimeDelta;
use fastrand::Rng;

/// A number that looks random and depends on both arguments only.
#[must_use]
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_add(b.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A duration from `low` to `high` seconds, to the millisecond.
pub fn seconds(rng: &mut Rng, low: i64, high: i64) -> TimeDelta {
    TimeDelta::milliseconds(rng.i64(low * 1_000..=high * 1_000))
}

/// Whether something that happens in `percent` of all cases happens now.
pub fn percent(rng: &mut Rng, percent: u8) -> bool {
    rng.u8(0..100) < percent
}

/// One of `choices`, which must not be empty.
pub fn one_of<'a, T>(rng: &mut Rng, choices: &'a [T]) -> &'a T {
    &choices[rng.usize(0..choices.len())]
}
