//! Pure rules over the floor: thresholds, adherence, drop rate, conflicts. `now` is an argument.

mod threshold;

pub use threshold::{Limit, Thresholds};
