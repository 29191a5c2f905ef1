//! Alerts of one cause as one: twenty late starts of a shift are one thing to know, not twenty.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::own_alert::own_alert_since;
use crate::model::{AlertKind, AlertStatus, Floor, KnownAlert, SourceName};

/// What alerts have in common that fold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cause {
    /// Who raised them.
    pub source: SourceName,
    /// What they are about.
    pub kind: AlertKind,
    /// How far they have been dealt with.
    pub status: AlertStatus,
    /// For late starts the shift that began, as far as it is known.
    pub shift: Option<ShiftStart>,
}

/// When a shift began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShiftStart {
    /// By our own reckoning, in our clock.
    At(DateTime<Utc>),
    /// In a WFM's wall time.
    Wall(NaiveTime),
}

impl Cause {
    /// The cause of `known`, that is listed as having `status`.
    #[must_use]
    pub fn of(floor: &Floor, known: &KnownAlert, status: AlertStatus) -> Self {
        let (source, kind) = (known.key.source.clone(), known.alert.kind.clone());
        let shift = match kind {
            AlertKind::LateStart if source.is_own() => {
                own_alert_since(&known.key.id).map(ShiftStart::At)
            }
            AlertKind::LateStart => {
                let person = floor.person_of_alert(known);
                let presence = person.and_then(|person| person.presence(&source));
                let schedule = presence.and_then(|presence| presence.schedule.as_ref());
                schedule.and_then(|schedule| schedule.shift).map(|s| ShiftStart::Wall(s.start))
            }
            _ => None,
        };
        Self { source, kind, status, shift }
    }
}

/// Alerts fold that are raised no later than this after the first of them.
pub(super) const TOGETHER: TimeDelta = TimeDelta::minutes(5);

/// Which of `alerts`, each a cause and when it was raised, belong together: their places, in their
/// order; the groups by the place of their first. What was raised nobody knows when stands alone.
#[must_use]
pub fn fold(alerts: &[(Cause, Option<DateTime<Utc>>)]) -> Vec<Vec<usize>> {
    let mut by_cause: HashMap<&Cause, Vec<(DateTime<Utc>, usize)>> = HashMap::new();
    for (place, (cause, raised)) in alerts.iter().enumerate() {
        if let Some(raised) = raised {
            by_cause.entry(cause).or_default().push((*raised, place));
        }
    }
    // By place the first of the group it belongs to.
    let mut leader: Vec<usize> = (0..alerts.len()).collect();
    for mut same in by_cause.into_values() {
        same.sort_unstable();
        let mut rest = same.as_slice();
        while let Some(((first, _), _)) = rest.split_first() {
            let (group, later) =
                rest.split_at(rest.partition_point(|(raised, _)| *raised - *first <= TOGETHER));
            let lead = group.iter().map(|(_, place)| *place).min().unwrap_or(0);
            group.iter().for_each(|(_, place)| leader[*place] = lead);
            rest = later;
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for (place, lead) in leader.into_iter().enumerate() {
        let group = *group_of.entry(lead).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(members) => members.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn cause(source: &str, kind: AlertKind, status: AlertStatus) -> Cause {
        Cause { source: source.into(), kind, status, shift: None }
    }

    fn late(seconds: i64) -> (Cause, Option<DateTime<Utc>>) {
        (cause("wfm", AlertKind::LateStart, AlertStatus::Active), Some(at(seconds)))
    }

    #[test]
    fn what_is_raised_within_five_minutes_of_the_first_folds() {
        let alerts = [601, 600, 301, 300, 299, 0].map(late);
        assert_eq!(fold(&alerts), [vec![0, 1, 2], vec![3, 4, 5]]);
        assert_eq!(fold(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(fold(&[late(7)]), [vec![0]]);
    }

    #[test]
    fn only_alerts_of_one_cause_fold() {
        let (late_start, active) = (AlertKind::LateStart, AlertStatus::Active);
        let shift = |start| Cause {
            shift: Some(start),
            ..cause("wfm", late_start.clone(), active.clone())
        };
        let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        let causes = [
            cause("wfm", late_start.clone(), active.clone()),
            cause("floorwatch", late_start.clone(), active.clone()),
            cause("wfm", AlertKind::EarlyLeave, active.clone()),
            cause("wfm", late_start.clone(), AlertStatus::Acknowledged),
            shift(ShiftStart::At(at(0))),
            shift(ShiftStart::At(at(60))),
            shift(ShiftStart::Wall(eight)),
        ];
        let alerts: Vec<_> =
            causes.iter().chain(&causes).map(|c| (c.clone(), Some(at(5)))).collect();
        let groups = fold(&alerts);
        assert_eq!(groups, (0..7).map(|n| vec![n, n + 7]).collect::<Vec<_>>());
    }

    #[test]
    fn what_has_no_time_stands_alone_and_the_order_is_kept() {
        let untimed = || (late(0).0, None);
        let alerts = [untimed(), late(2), untimed(), late(9), late(1_000)];
        assert_eq!(fold(&alerts), [vec![0], vec![1, 3], vec![2], vec![4]]);
    }

    #[test]
    fn the_order_in_which_they_are_listed_changes_no_group() {
        let times = [0, 100, 290, 310, 400, 900];
        let members = |order: &[i64]| {
            let alerts: Vec<_> = order.iter().copied().map(late).collect();
            let mut groups: Vec<Vec<i64>> = fold(&alerts)
                .into_iter()
                .map(|group| {
                    let mut times: Vec<_> = group.into_iter().map(|place| order[place]).collect();
                    times.sort_unstable();
                    times
                })
                .collect();
            groups.sort();
            groups
        };
        let reversed: Vec<_> = times.iter().rev().copied().collect();
        assert_eq!(members(&times), members(&reversed));
        assert_eq!(members(&times), [vec![0, 100, 290], vec![310, 400], vec![900]]);
    }
}
