//! Pure rules over the floor: thresholds, adherence, drop rate, conflicts. `now` is an argument,
//! "cannot say yet" is an answer, and every finding explains itself.

mod adherence;
mod confirmation;
mod drops;
mod finding;
mod threshold;
pub mod words;

pub use adherence::{Adherence, AdherenceLimits, adherence};
pub use confirmation::{Confirmation, assess, describe};
pub use drops::{Headroom, drop_rate_pct, headroom};
pub use finding::{Finding, FlagKind, Limits, Severity, findings};
pub use threshold::{Limit, Thresholds};

#[cfg(test)]
mod tests;
