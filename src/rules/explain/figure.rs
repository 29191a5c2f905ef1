//! How each figure of a window is reckoned.

use chrono::{DateTime, TimeDelta, Utc};

use super::wording::{hours, percentage, quotient};
use super::{Explanation, Input};
use crate::model::ActivityKind;
use crate::rules::attendance::{ADHERENCE, CONFORMANCE};
use crate::rules::kpi::{HANDLE, LOGGED_IN, OCCUPANCY, UTILIZATION, plain};
use crate::rules::{
    Attendance, DayAdherence, Figures, Gaps, PARTIAL, STANDS_FOR_ALL, Share, words,
};

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
    let known = |share| how_much_is_known(share, logged_in, figures.gaps.logged_in, MAY_BE_THERE);
    let share_of =
        |what: &str, rule: &str, whole: &[TimeDelta], share: Option<Share>| Explanation {
            arithmetic: std::iter::once(quotient(&[contact, wrap], whole, share.map(Share::pct)))
                .chain(known(share))
                .collect(),
            ..Explanation::of(named(what, share), rule)
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
        share_of("Occupancy", OCCUPANCY, &[contact, wrap, available], figures.occupancy),
        share_of("Utilization", UTILIZATION, &[logged_in], figures.utilization),
    ]
}

/// The time that occupancy and utilization are about.
const MAY_BE_THERE: &str = "logged in, or not known to be off";

/// The time that adherence is about.
const SCHEDULED: &str = "scheduled, or at work without a known schedule";

/// The time that conformance is about.
const DUE: &str = "scheduled work, or at work without a known schedule";

fn named(what: &str, share: Option<Share>) -> String {
    format!("{what}: {}", share.map_or_else(|| "no value".to_owned(), percentage))
}

/// Of how much of the time that it is about a percentage is known; nothing where that is all of it.
fn how_much_is_known(
    share: Option<Share>,
    known: TimeDelta,
    unknown: TimeDelta,
    what: &str,
) -> Option<String> {
    let share = share.filter(|_| unknown > TimeDelta::zero())?;
    let (all, pct) = (hours(known + unknown), plain(share.known_pct()));
    let mark = if share.is_partial() {
        format!(", less than {STANDS_FOR_ALL} %, so it is marked {PARTIAL}")
    } else {
        String::new()
    };
    Some(format!("known of {} of {all} {what}: {pct} %{mark}", hours(known)))
}

/// Adherence and conformance.
pub(super) fn of_schedule(figures: &Figures) -> Vec<Explanation> {
    let Attendance { scheduled, kept, worked, due } = figures.attendance;
    let Gaps { unplanned, .. } = figures.gaps;
    let missing = |gap: TimeDelta| gap + unplanned;
    let (adherence, by_schedule) = match &figures.adherence {
        DayAdherence::Share(share) => {
            let ours = figures.attendance.adherence_pct();
            let line = match ours {
                Some(_) => quotient(&[kept], &[scheduled], ours),
                None => "nobody gave us the schedule: the percentage is the telephony system's own"
                    .to_owned(),
            };
            (percentage(*share), line)
        }
        DayAdherence::NoSchedule => (
            "no value".to_owned(),
            "nothing is scheduled, or nobody knows what was done then: there is no value"
                .to_owned(),
        ),
        DayAdherence::Bypass => (
            "bypass".to_owned(),
            "has a schedule and need not follow it: exempt, and part of no average".to_owned(),
        ),
        DayAdherence::Unreadable(word) => {
            ("no value".to_owned(), format!("the telephony system says \"{word}\": not understood"))
        }
    };
    let mut adherence = Explanation::of(format!("Adherence: {adherence}"), ADHERENCE);
    adherence.inputs =
        vec![Input::own("as scheduled", hours(kept)), Input::own("scheduled", hours(scheduled))];
    adherence.arithmetic.push(by_schedule);
    let ours = figures.adherence.share().filter(|_| scheduled > TimeDelta::zero());
    let known = how_much_is_known(ours, scheduled, missing(figures.gaps.scheduled), SCHEDULED);
    adherence.arithmetic.extend(known);
    // Nobody's work is compared with none; what was worked is no less true.
    let worked = if due > TimeDelta::zero() { worked } else { figures.times.worked() };
    let share = figures.conformance;
    let mut conformance = Explanation::of(named("Conformance", share), CONFORMANCE);
    conformance.inputs =
        vec![Input::own("worked", hours(worked)), Input::own("scheduled work", hours(due))];
    conformance.arithmetic.push(quotient(&[worked], &[due], share.map(Share::pct)));
    let known = how_much_is_known(share, due, missing(figures.gaps.due), DUE);
    conformance.arithmetic.extend(known);
    vec![adherence, conformance]
}
