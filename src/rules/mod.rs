//! Pure rules over the floor: thresholds, adherence, drop rate, conflicts. `now` is an argument.

mod adherence;
mod threshold;

pub use adherence::AdherenceLimits;
pub use threshold::{Limit, Thresholds};
