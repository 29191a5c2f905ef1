//! How each figure of a window is reckoned.

use chrono::{DateTime, TimeDelta, Utc};

use super::wording::{hours, quotient, shown};
use super::{Explanation, Input};
use crate::model::{ActivityKind, AdherencePct};
use crate::rules::attendance::{ADHERENCE, CONFORMANCE};
use crate::rules::kpi::{HANDLE, LOGGED_IN, OCCUPANCY, UTILIZATION};
use crate::rules::{Attendance, Figures, words};

/// The window, and the time in each activity; its sum is the window's length.
pub(super) fn times(figures: &Figures, now: DateTime<Utc>) -> Vec<Input> {
    let age = Some((now - figures.until).max(TimeDelta::zero()));
    let spent = ActivityKind::ALL.into_iter().map(|kind| (kind, figures.times.of(kind)));
    let spent = spent.filter(|(_, time)| *time > TimeDelta::zero());
    let input = |(kind, time)| Input { age, ..Input::own(words::kind(kind), hours(time)) };
    spent.map(input).collect()
}

/// Logged-in time, handle time, occupancy and utilization.
pub(super) fn of_work(figures: &Figures) -> Vec<Explanation> {
    let Figures { handle, logged_in, .. } = *figures;
    let spent = |kind| figures.times.of(kind);
    let (unknown, offline) = (spent(ActivityKind::Unknown), spent(ActivityKind::Offline));
    let (contact, wrap) = (spent(ActivityKind::OnContact), spent(ActivityKind::WrapUp));
    let available = spent(ActivityKind::Available);
    let all = figures.times.all();
    // A call on the agent's own phone is shown as a contact, and is no handle time.
    let own_calls = figures.times.own_calls();
    let contact = contact - own_calls;
    let mut by_handle = vec![format!("{} + {} = {}", hours(contact), hours(wrap), hours(handle))];
    if own_calls > TimeDelta::zero() {
        by_handle.push(format!("{} on the agent's own phone left out", hours(own_calls)));
    }
    let named = |what: &str, pct: Option<f64>| {
        let value = pct.map_or_else(|| "no value".to_owned(), shown);
        format!("{what}: {value}")
    };
    let of = |what: String, rule: &str, arithmetic| Explanation {
        arithmetic,
        ..Explanation::of(what, rule)
    };
    vec![
        of(
            format!("Logged in: {}", hours(logged_in)),
            LOGGED_IN,
            vec![format!(
                "{} - {} offline - {} unknown = {}",
                hours(all),
                hours(offline),
                hours(unknown),
                hours(logged_in)
            )],
        ),
        of(format!("Handle time: {}", hours(handle)), HANDLE, by_handle),
        of(
            named("Occupancy", figures.occupancy_pct),
            OCCUPANCY,
            vec![quotient(&[contact, wrap], &[contact, wrap, available], figures.occupancy_pct)],
        ),
        of(
            named("Utilization", figures.utilization_pct),
            UTILIZATION,
            vec![quotient(&[contact, wrap], &[logged_in], figures.utilization_pct)],
        ),
    ]
}

/// Adherence and conformance.
pub(super) fn of_schedule(figures: &Figures) -> Vec<Explanation> {
    let Attendance { scheduled, kept, worked, due } = figures.attendance;
    let (adherence, by_schedule) = match &figures.adherence {
        AdherencePct::Percent(pct) => {
            let ours = figures.attendance.adherence_pct();
            let line = match ours {
                Some(_) => quotient(&[kept], &[scheduled], ours),
                None => "nobody gave us the schedule: the percentage is the telephony system's own"
                    .to_owned(),
            };
            (shown(*pct), line)
        }
        AdherencePct::NoSchedule => (
            "no value".to_owned(),
            "nothing is scheduled, or nobody knows what was done then: there is no value"
                .to_owned(),
        ),
        AdherencePct::Bypass => (
            "bypass".to_owned(),
            "has a schedule and need not follow it: exempt, and part of no average".to_owned(),
        ),
        AdherencePct::Unreadable(word) => {
            ("no value".to_owned(), format!("the telephony system says \"{word}\": not understood"))
        }
    };
    let mut adherence = Explanation::of(format!("Adherence: {adherence}"), ADHERENCE);
    adherence.inputs =
        vec![Input::own("as scheduled", hours(kept)), Input::own("scheduled", hours(scheduled))];
    adherence.arithmetic.push(by_schedule);
    // Nobody's work is compared with none; what was worked is no less true.
    let worked = if due > TimeDelta::zero() { worked } else { figures.times.worked() };
    let pct = figures.conformance_pct;
    let value = pct.map_or_else(|| "no value".to_owned(), shown);
    let mut conformance = Explanation::of(format!("Conformance: {value}"), CONFORMANCE);
    conformance.inputs =
        vec![Input::own("worked", hours(worked)), Input::own("scheduled work", hours(due))];
    conformance.arithmetic.push(quotient(&[worked], &[due], pct));
    vec![adherence, conformance]
}
