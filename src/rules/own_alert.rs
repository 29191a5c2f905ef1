//! The life of the program's own alerts: who is raised, which goes on, what clears itself. Pure: what
//! is to change comes out, as it stands from then on.
//!
//! Every deviation from the schedule that alarms is told once: by a WFM's alert of the same kind where
//! there is one, else by ours. An alert is about what went on when it was raised: a deviation of the
//! same kind that had begun by then is the same one, however the sources jitter, and one that began
//! later is another. What somebody has resolved does not come back while it goes on.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Adherence, Deviation, Finding};
use crate::model::{
    Activity, AgentKey, Alert, AlertId, AlertKey, AlertKind, AlertStatus, Evidence, Feed,
    FeedStatus, Floor, Headline, KnownAlert, Person, PersonId, SAME_DEVIATION, Scheduled, Side,
    SourceName,
};

/// How a person stands to the schedule now.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Who.
    pub person: &'a Person,
    /// What the schedule wants; none without one.
    pub adherence: Option<&'a Adherence>,
    /// What the rules find of the deviation; none where there is none, and within the grace.
    pub alarm: Option<&'a Finding>,
    /// Whether the system that decides what the person does is silent; see `is_suspended`.
    pub suspended: bool,
}

impl<'a> Judged<'a> {
    /// How `person` of `floor`, whose headline is `headline`, stands at `now`, of whom the rules find
    /// `findings`.
    #[must_use]
    pub fn of(
        floor: &Floor,
        (person, headline): (&'a Person, &Headline),
        adherence: Option<&'a Adherence>,
        findings: &'a [Finding],
        now: DateTime<Utc>,
    ) -> Self {
        let alarm = findings.iter().find(|finding| finding.kind.is_deviation());
        Self { person, adherence, alarm, suspended: is_suspended(floor, person, headline, now) }
    }

    fn deviation(&self) -> Option<&'a Deviation> {
        self.adherence.and_then(|adherence| adherence.deviation.as_ref())
    }
}

/// An alert of which nobody can say for so long whether it still holds is over: so is the shift.
const DOUBTED_FOR: TimeDelta = TimeDelta::hours(12);

/// What the notes of an alert end with that has cleared itself.
const CLEARED: &str = "cleared by itself: ";

/// When it could last be said of each of our own alerts that it still holds: long after its last change,
/// where the deviation goes on. Of what an earlier run raised only the change is known at first.
#[derive(Debug, Clone, Default)]
pub struct Vouched(HashMap<AlertKey, DateTime<Utc>>);

impl Vouched {
    /// Moves what this run was told by `by`: the clock was set.
    pub fn move_by(&mut self, by: TimeDelta) {
        self.0.values_mut().for_each(|at| *at += by);
    }

    /// Whether nobody has been able to say for so long whether `known` still holds that it is over.
    fn is_doubted(&self, known: &KnownAlert, now: DateTime<Utc>) -> bool {
        let said = self.0.get(&known.key).copied().max(Some(known.as_of));
        said.is_none_or(|said| now - said >= DOUBTED_FOR)
    }
}

/// What has to change in our own alerts at `now`, where a deviation may last `grace`: each of them as
/// it stands from now on; `vouched` goes along from one time to the next. `judged` are all those of whom
/// something may have changed. Nothing does
/// before every source has been heard of: of a part of the floor alerts would be raised that the rest
/// of it clears again a moment later.
#[must_use]
pub fn own_alerts<'a>(
    floor: &Floor,
    judged: impl IntoIterator<Item = Judged<'a>>,
    grace: TimeDelta,
    vouched: &mut Vouched,
    now: DateTime<Utc>,
) -> Vec<KnownAlert> {
    if floor.feeds().iter().any(|feed| is_awaited(feed, now)) {
        return Vec::new();
    }
    let own = floor.alerts().of_source(&SourceName::own());
    let standing: Vec<_> = own.filter(|known| is_standing(known)).collect();
    let alarmed: HashSet<&str> = standing.iter().map(|known| known.alert.agent.as_str()).collect();
    let keys: HashSet<_> = standing.iter().map(|known| &known.key).collect();
    vouched.0.retain(|key, _| keys.contains(key));
    let mut changes = Vec::new();
    for judged in judged {
        if judged.alarm.is_some() || alarmed.contains(judged.person.id.as_str()) {
            let own: Vec<_> = floor.alerts().of_agent(&judged.person.own_key()).collect();
            let all = floor.alerts_of(judged.person);
            changes.extend(of_person(&judged, &own, &all, grace, vouched, now));
        }
    }
    // Of whom the floor knows nothing any more nobody will be judged.
    let lost = standing.into_iter().filter(|known| vouched.is_doubted(known, now));
    let lost = lost.filter(|known| floor.person_of_alert(known).is_none());
    changes.extend(lost.map(|known| cleared(known, "nobody can say any more", now)));
    changes
}

/// Whether `feed` has neither answered nor failed yet, or what is read beside it has not.
fn is_awaited(feed: &Feed, now: DateTime<Utc>) -> bool {
    match feed.status(now) {
        FeedStatus::Waiting => true,
        FeedStatus::Live => feed.sides.iter().any(|side| side.status(now) == FeedStatus::Waiting),
        // Nobody knows when it will speak again.
        FeedStatus::Stale | FeedStatus::Failed | FeedStatus::Denied => false,
    }
}

/// Whether nothing may be raised, cleared or judged anew of `person`: what they do is the word of a
/// system that is silent, or only of one that never decides it beside those that know the person and are
/// silent, or was outdone by one that is silent now, or follows from a list that lost most of the floor at
/// once, held any longer or not.
fn is_suspended(floor: &Floor, person: &Person, headline: &Headline, now: DateTime<Utc>) -> bool {
    let is_telephony =
        |source: &SourceName| floor.feed(source).is_some_and(|feed| feed.kind.is_telephony());
    let is_silent = |key: &AgentKey| {
        is_telephony(&key.source)
            && floor.feed(&key.source).is_some_and(|feed| feed.status(now) != FeedStatus::Live)
    };
    let decides = headline.source.as_ref().is_some_and(is_telephony);
    let is_lost = headline.source.as_ref().is_some_and(|source| {
        let presence = person.presence(source);
        floor.feed(source).is_some_and(|feed| feed.hold.is_some())
            && presence.is_some_and(|p| p.has_vanished() || p.is_not_listed())
    });
    let is_contested = || {
        let mut theirs = person.presences.iter().filter(|p| p.kind.is_telephony());
        let is_any_silent = theirs.any(|p| floor.evidence(p, now) == Evidence::Stale)
            || person.keys().iter().any(is_silent);
        is_any_silent && floor.is_contested(person, headline, now)
    };
    !headline.is_current()
        || is_lost
        || is_contested()
        || !decides && person.keys().iter().any(is_silent)
}

fn of_person(
    judged: &Judged<'_>,
    own: &[&KnownAlert],
    all: &[&KnownAlert],
    grace: TimeDelta,
    vouched: &mut Vouched,
    now: DateTime<Utc>,
) -> Vec<KnownAlert> {
    let mut changes = Vec::new();
    if judged.suspended {
        let is_doubted =
            |known: &&&KnownAlert| is_standing(known) && vouched.is_doubted(known, now);
        let doubted = own.iter().filter(is_doubted);
        return doubted.map(|known| cleared(known, "nobody can say any more", now)).collect();
    }
    // Whether the deviation that goes on needs no alert any more.
    let mut is_told = judged.deviation().is_some_and(|deviation| {
        let by_hand = own.iter().any(|known| is_settled(known, deviation));
        by_hand || all.iter().any(|known| is_told_by(known, deviation))
    });
    let mut standing: Vec<_> = own.iter().filter(|known| is_standing(known)).collect();
    standing.sort_by_key(|known| (known.alert.created_at, &known.key.id));
    for known in standing {
        match over(judged, known, vouched, now) {
            Some(why) => changes.push(cleared(known, &why, now)),
            None if !is_about(known, judged.deviation()) => {} // it cannot be said
            None if is_told => changes.push(cleared(known, "it is told of already", now)),
            None => {
                is_told = true;
                vouched.0.insert(known.key.clone(), now);
            }
        }
    }
    if let (Some(alarm), Some(deviation), false) = (judged.alarm, judged.deviation(), is_told) {
        let before = own.iter().find(|k| !is_standing(k) && is_about(k, Some(deviation)));
        changes.push(match before {
            Some(known) => reopened(known, now),
            None => raised(judged.person, alarm, deviation, grace, now),
        });
    }
    changes
}

/// Whether it wants somebody, or somebody has seen it.
fn is_standing(known: &KnownAlert) -> bool {
    matches!(known.alert.status, AlertStatus::Active | AlertStatus::Acknowledged)
}

/// Whether `deviation` is what `known` was raised for.
fn is_about(known: &KnownAlert, deviation: Option<&Deviation>) -> bool {
    deviation.is_some_and(|deviation| {
        known.alert.kind == deviation.kind.alert()
            && known.alert.created_at.is_none_or(|at| went_on(deviation, at))
    })
}

/// Whether somebody has resolved `known` while `deviation` went on.
fn is_settled(known: &KnownAlert, deviation: &Deviation) -> bool {
    let alert = &known.alert;
    let by_itself = has_cleared_itself(alert);
    alert.status == AlertStatus::Resolved
        && !by_itself
        && alert.kind == deviation.kind.alert()
        && alert.resolved_at.or(alert.created_at).is_none_or(|at| went_on(deviation, at))
}

/// Whether `deviation` went on at `at`, as far as anybody has seen: a silence is no end.
fn went_on(deviation: &Deviation, at: DateTime<Utc>) -> bool {
    let began = deviation.nothing_else_since.or(deviation.since).min(deviation.since);
    began.is_none_or(|began| began <= at + SAME_DEVIATION)
}

/// Whether one of our own alerts is over without anybody having done anything.
#[must_use]
pub fn has_cleared_itself(alert: &Alert) -> bool {
    alert.status == AlertStatus::Resolved
        && alert.notes.as_deref().is_some_and(|notes| notes.contains(CLEARED))
}

/// Whether `known` is a WFM's alert about `deviation`: one that stands, or that was raised while it
/// went on, however it has been dealt with since.
fn is_told_by(known: &KnownAlert, deviation: &Deviation) -> bool {
    let alert = &known.alert;
    let raised_since =
        alert.created_at.zip(deviation.since).is_some_and(|(c, s)| c >= s - SAME_DEVIATION);
    !known.key.source.is_own()
        && alert.kind == deviation.kind.alert()
        && (known.listed && is_standing(known) || raised_since)
}

/// Why `known` is over; none where it is not, or nobody can say.
fn over(
    judged: &Judged<'_>,
    known: &KnownAlert,
    vouched: &Vouched,
    now: DateTime<Utc>,
) -> Option<String> {
    let doubted = || vouched.is_doubted(known, now).then(|| "nobody can say any more".to_owned());
    let Some(adherence) = judged.adherence else { return doubted() };
    if adherence.exempt {
        return Some("exempt from adherence".to_owned());
    }
    match (adherence.adherent, &adherence.deviation) {
        (Some(true), _) => Some("as scheduled again".to_owned()),
        (Some(false), deviation) if is_about(known, deviation.as_ref()) => None,
        (Some(false), Some(deviation)) if deviation.kind.alert() != known.alert.kind => {
            let kind = deviation.kind.alert();
            Some(format!("{} instead", kind.word().replace('_', " ")))
        }
        (Some(false), _) => Some("as scheduled meanwhile".to_owned()),
        (None, _) if adherence.scheduled == Scheduled::Off => Some("the shift is over".to_owned()),
        (None, _) => doubted(),
    }
}

fn cleared(known: &KnownAlert, why: &str, now: DateTime<Utc>) -> KnownAlert {
    let mut known = known.clone();
    let before = known.alert.notes.take().filter(|notes| !notes.is_empty());
    let before = before.map(|notes| format!("{notes}; ")).unwrap_or_default();
    known.alert.status = AlertStatus::Resolved;
    known.alert.resolved_at = Some(now);
    known.alert.notes = Some(format!("{before}{CLEARED}{why}"));
    known.as_of = now;
    known
}

/// What had cleared itself goes on all the same: a reading was wrong, or came late.
fn reopened(known: &KnownAlert, now: DateTime<Utc>) -> KnownAlert {
    let mut known = known.clone();
    let (status, resolved_at, notes) = (AlertStatus::Active, None, None);
    known.alert = Alert { status, resolved_at, notes, acknowledged_at: None, ..known.alert };
    known.as_of = now;
    known
}

fn raised(
    person: &Person,
    alarm: &Finding,
    deviation: &Deviation,
    grace: TimeDelta,
    now: DateTime<Utc>,
) -> KnownAlert {
    let created_at = deviation.alarms_at(grace).unwrap_or(now).min(now);
    let kind = deviation.kind.alert();
    let id = id(&kind, &person.id, deviation.since.unwrap_or(created_at));
    let own = person.own_key();
    KnownAlert {
        key: AlertKey { source: own.source, id: id.clone() },
        alert: Alert {
            id,
            agent: own.agent,
            name: Some(person.name.clone()),
            kind,
            message: alarm.text.clone(),
            status: AlertStatus::Active,
            created_at: Some(created_at),
            acknowledged_at: None,
            resolved_at: None,
            notes: None,
        },
        as_of: now,
        listed: true,
    }
}

/// The id of the alert about the deviation of `kind` that began at `since`: the same in every run.
fn id(kind: &AlertKind, person: &PersonId, since: DateTime<Utc>) -> AlertId {
    format!("{}:{person}:{}", kind.word(), since.timestamp_millis()).into()
}

/// Since when what one of our own alerts is about has gone on; none of another's id.
#[must_use]
pub fn own_alert_since(id: &AlertId) -> Option<DateTime<Utc>> {
    let (_, millis) = id.as_str().rsplit_once(':')?;
    DateTime::from_timestamp_millis(millis.parse().ok()?)
}

/// Whether two of our own alerts are about one deviation of one person: two programs read its beginning
/// a moment apart, and call it by that.
#[must_use]
pub fn is_same_own_alert(one: &AlertId, other: &AlertId) -> bool {
    let what = |id: &AlertId| Some(id.as_str().rsplit_once(':')?.0.to_owned());
    let apart = own_alert_since(one).zip(own_alert_since(other)).map(|(a, b)| (a - b).abs());
    one == other || (what(one) == what(other) && apart.is_some_and(|apart| apart <= SAME_DEVIATION))
}

/// Whether an alert stands at `now` as far as anyone can know: a WFM's while its alerts are read,
/// nothing has failed since and they have not all gone at once, one of our own while it is known what the
/// person does.
#[must_use]
pub fn alert_is_current(floor: &Floor, known: &KnownAlert, now: DateTime<Utc>) -> bool {
    if known.key.source.is_own() {
        return floor.person_of_alert(known).is_some_and(|person| {
            let headline = floor.headline(person, now);
            headline.is_current() && headline.activity != Activity::Unknown
        });
    }
    let side = floor.feed(&known.key.source).and_then(|feed| feed.side(Side::Alerts));
    let is_held = floor.alerts().held(&known.key.source).is_some();
    !is_held && side.is_some_and(|side| side.status(now) == FeedStatus::Live)
}

#[cfg(test)]
mod tests;
