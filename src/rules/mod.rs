//! Pure rules over the floor: thresholds, adherence, drop rate, conflicts, the figures of a day. `now`
//! is an argument, "cannot say yet" is an answer, and every finding explains itself.

mod adherence;
pub mod attendance;
mod confirmation;
mod drops;
mod due;
mod duty;
pub mod explain;
mod figures;
mod finding;
mod fold;
mod gaps;
mod head_count;
pub mod kpi;
mod ledger;
mod lost;
mod muster;
mod namesake;
mod own_alert;
mod share;
pub mod spelling;
mod sums;
mod telling;
mod threshold;
mod times;
pub mod words;
pub mod worktime;

pub use adherence::{
    Adherence, AdherenceLimits, Delay, Deviation, DeviationKind, adherence, deviation, known_until,
    overrun,
};
pub use attendance::Attendance;
pub use confirmation::{Confirmation, assess, describe};
pub use drops::{
    DropRates, DropWindow, Headroom, drop_rate_pct, drop_rates, drop_windows, headroom,
};
pub use due::{Coming, Due, due_at};
pub use explain::{Explanation, Input};
pub use figures::{DayAdherence, Figures, figures_over, queues_over};
pub use finding::{Finding, FlagKind, Limits, Severity, findings, findings_beside};
pub use fold::{Cause, ShiftStart, fold};
pub use gaps::Gaps;
pub use head_count::{HeadCount, silent_wfm, wfms_count};
pub use kpi::Kpi;
pub use ledger::Ledger;
pub use lost::{Lost, lost};
pub use muster::{Attention, Flagged, Muster};
pub use namesake::{NameKey, Namesakes, namesakes};
pub use own_alert::{
    Judged, Vouched, alert_is_current, has_cleared_itself, is_same_own_alert, own_alert_since,
    own_alerts,
};
pub use share::{PARTIAL, STANDS_FOR_ALL, Share};
pub use threshold::{Limit, Thresholds};
pub use times::Times;
pub use worktime::{Worktime, day_worktime};

#[cfg(test)]
mod tests;
