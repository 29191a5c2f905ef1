//! Pure rules over the floor: thresholds, adherence, drop rate, conflicts, the figures of a day. `now`
//! is an argument, "cannot say yet" is an answer, and every finding explains itself.

mod adherence;
mod confirmation;
mod drops;
pub mod explain;
mod figures;
mod finding;
pub mod kpi;
mod ledger;
mod lost;
mod namesake;
mod threshold;
pub mod words;
pub mod worktime;

pub use adherence::{Adherence, AdherenceLimits, adherence};
pub use confirmation::{Confirmation, assess, describe};
pub use drops::{DropWindow, Headroom, drop_rate_pct, drop_windows, headroom};
pub use explain::{Explanation, Input};
pub use figures::{Figures, Times};
pub use finding::{Finding, FlagKind, Limits, Severity, findings};
pub use kpi::{DayKpi, Kpi, day_kpi};
pub use ledger::Ledger;
pub use lost::{Lost, lost};
pub use namesake::{NameKey, Namesakes, namesakes};
pub use threshold::{Limit, Thresholds};
pub use worktime::{Worktime, day_worktime};

#[cfg(test)]
mod tests;
