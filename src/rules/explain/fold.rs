//! Why several alerts are one line.

use chrono::{DateTime, Utc};

use super::wording::{clock, hours};
use super::{Explanation, Input};
use crate::model::{Floor, KnownAlert};
use crate::rules::fold::TOGETHER;
use crate::rules::{Cause, ShiftStart};

/// Why `members`, in the list's order, are one line; nothing of nobody.
#[must_use]
pub fn fold(floor: &Floor, members: &[&KnownAlert], now: DateTime<Utc>) -> Option<Explanation> {
    let first = members.first()?;
    let Cause { source, kind, status, shift } = Cause::of(floor, first, first.alert.status.clone());
    let kind = kind.word().replace('_', " ");
    let rule = format!(
        "Alerts of one source, one kind and one status are one line where they were raised within {} \
         minutes of the first; late starts only of one shift.",
        TOGETHER.num_minutes()
    );
    let mut found = Explanation::of(format!("Fold: {} alerts, {kind}", members.len()), rule);
    let oldest = members.iter().map(|known| known.as_of).min().map(|as_of| now - as_of);
    let said = |name, value: String| match oldest {
        Some(age) if !source.is_own() => Input::said(name, value, &source, age),
        _ => Input { source: Some(source.clone()), ..Input::own(name, value) },
    };
    found.inputs = vec![said("kind", kind), said("status", status.word().to_owned())];
    let shift = shift.map(|shift| match shift {
        ShiftStart::At(at) => clock(floor, at, now),
        ShiftStart::Wall(start) => start.format("%H:%M").to_string(),
    });
    found.inputs.extend(shift.map(|start| Input::own("shift began", start)));
    let raised = || members.iter().filter_map(|known| known.alert.created_at);
    if let Some((from, to)) = raised().min().zip(raised().max()) {
        let (first, last) = (clock(floor, from, now), clock(floor, to, now));
        let (apart, limit) = (hours(to - from), hours(TOGETHER));
        found.arithmetic.push(format!("last {last} - first {first} = {apart} <= {limit}"));
    }
    Some(found)
}
