//! Why an alert was raised, as far as that is known.

use chrono::{DateTime, TimeDelta, Utc};

use super::wording::{adherence_keys, clock};
use super::{Explanation, Input, adherence};
use crate::model::{AlertKind, Floor, KnownAlert};
use crate::rules::{FlagKind, Limits, findings, words};

/// Why an alert was raised, as far as that is known: a WFM does not say.
#[must_use]
pub fn alert(
    floor: &Floor,
    known: &KnownAlert,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Vec<Explanation> {
    if known.key.source.is_own() {
        own(floor, known, limits, now)
    } else {
        vec![of_wfm(floor, known, now)]
    }
}

/// All that a WFM says of an alert of its own.
fn of_wfm(floor: &Floor, known: &KnownAlert, now: DateTime<Utc>) -> Explanation {
    let source = &known.key.source;
    let rule = format!(
        "{source} raised it by a rule of its own, and its interface says no more than this sentence: \
         neither the limit nor what it was measured against."
    );
    let age = now - known.as_of;
    let mut found = Explanation::of(format!("Alert: {}", word(&known.alert.kind)), rule);
    let message = (!known.alert.message.is_empty()).then(|| format!("\"{}\"", known.alert.message));
    found.inputs.push(Input::said("its sentence", message, source, age));
    let raised = known.alert.created_at.map(|at| clock(floor, at, now));
    found.inputs.push(Input::said("raised at", raised, source, age));
    found.inputs.push(Input::said("status", known.alert.status.word().to_owned(), source, age));
    if let Some(at) = known.alert.created_at {
        let time = words::duration((now - at).max(TimeDelta::zero()));
        let (now_at, at) = (clock(floor, now, now), clock(floor, at, now));
        found.arithmetic.push(format!("now {now_at} - {at} = raised {time} ago"));
    }
    found
}

/// One of our own: the rule by which it was raised, and how the person stands to it now.
fn own(floor: &Floor, known: &KnownAlert, limits: &Limits, now: DateTime<Utc>) -> Vec<Explanation> {
    let kind = flag_of(&known.alert.kind);
    let rule = kind.and_then(adherence::rule_of).unwrap_or("This program raised it.");
    let mut raised = Explanation::of(format!("Alert: {}", word(&known.alert.kind)), rule);
    raised
        .inputs
        .push(Input::own("raised at", known.alert.created_at.map(|at| clock(floor, at, now))));
    raised.inputs.push(Input::own("as", format!("\"{}\"", known.alert.message)));
    raised.arithmetic.push("it clears itself once the person does what is scheduled".to_owned());
    raised.config = adherence_keys(limits.adherence);
    let mut all = vec![raised];
    let Some(person) = floor.person_of_alert(known) else { return all };
    let headline = floor.headline(person, now);
    let flags = findings(floor, person, &headline, limits, now);
    match flags.iter().find(|finding| Some(finding.kind) == kind) {
        Some(finding) => {
            let now_so = super::flag::flag(floor, person, &headline, finding, limits, now);
            all.push(Explanation { what: format!("Now: {}", finding.text), ..now_so });
        }
        None => all.extend(adherence::standing(floor, person, &headline, limits, now)),
    }
    all
}

fn word(kind: &AlertKind) -> String {
    kind.word().replace('_', " ")
}

fn flag_of(kind: &AlertKind) -> Option<FlagKind> {
    Some(match kind {
        AlertKind::LateStart => FlagKind::LateStart,
        AlertKind::EarlyLeave => FlagKind::EarlyLeave,
        AlertKind::ExtendedBreak => FlagKind::ExtendedBreak,
        AlertKind::UnscheduledBreak => FlagKind::UnscheduledBreak,
        AlertKind::WrongState => FlagKind::WrongState,
        AlertKind::Other(_) => return None,
    })
}
