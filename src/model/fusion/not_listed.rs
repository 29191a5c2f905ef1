//! What follows from a list that never had somebody gives way to what anybody says of them.

use std::borrow::Cow;

use super::Statement;
use crate::model::{Activity, Evidence};

/// The statements without those of lists that never had the person, where somebody else says more: a
/// list speaks of its own system only. Where another system had the person at work when it fell silent,
/// its last word stays, since nobody has said that it is over; but a session so old that nobody believes
/// it any more, in a log that has no word for leaving, is no such word.
pub(in crate::model) fn heard<'s, 'a>(statements: &'s [Statement<'a>]) -> Cow<'s, [Statement<'a>]> {
    let stays = |one: &&Statement<'_>| {
        !one.is_not_listed || !statements.iter().any(|other| outdoes(other, one))
    };
    if statements.iter().all(|one| stays(&one)) {
        return Cow::Borrowed(statements);
    }
    Cow::Owned(statements.iter().filter(stays).copied().collect())
}

/// Whether `other` says more of the person than `one`, a list that never had them, implies. That a WFM
/// says so too does not: a telephony system goes before it.
fn outdoes(other: &Statement<'_>, one: &Statement<'_>) -> bool {
    if other.is_not_listed {
        return false;
    }
    let is_at_work = !matches!(other.activity, Activity::Offline | Activity::Unknown);
    let is_held = other.evidence == Evidence::Stale && !other.is_disbelieved;
    let goes_before = other.kind.is_telephony() || !one.is_fresh();
    is_at_work && is_held || other.is_fresh() && (is_at_work || goes_before)
}
