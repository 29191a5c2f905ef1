use chrono::NaiveTime;

use super::*;
use crate::model::{
    Body, Coverage, Failure, FailureKind, Feed, FloorIdentity, Outcome, Reading, Report, Roster,
    RosterPerson, SideFeed, SourceKind,
};
use crate::rules::{DeviationKind, FlagKind, Severity};

const GRACE: TimeDelta = TimeDelta::minutes(2);

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

/// A floor with Jane, whom a WFM knows as E1; it has been heard of.
fn floor() -> Floor {
    let mut floor = silent(&[]);
    comes(&mut floor, Outcome::Read(reading(nobody())));
    floor
}

/// The same before anything has been heard of the WFM.
fn silent(sides: &[Side]) -> Floor {
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".to_owned(),
        team: None,
        email: None,
        timezone: None,
        ids: [("wfm".into(), "E1".into())].into(),
    };
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let poll = TimeDelta::seconds(15);
    let sides = sides.iter().map(|side| SideFeed::new(*side, poll)).collect();
    let feed = Feed { sides, ..Feed::new("wfm".into(), SourceKind::Wfm, poll) };
    Floor::new(identity, Roster::new(vec![jane]), vec![feed], Vec::new())
}

fn nobody() -> Body {
    Body::Agents {
        observations: Vec::new(),
        coverage: Coverage::Part,
        summary: None,
        histories: Vec::new(),
    }
}

fn reading(body: Body) -> Reading {
    Reading { source: "wfm".into(), taken_at: at(0), as_of: at(0), skipped: 0, body }
}

fn comes(floor: &mut Floor, outcome: Outcome) {
    let report = Report {
        source: "wfm".into(),
        at: at(0),
        outcome,
        clock_offset: None,
        took: TimeDelta::zero(),
        next_at: None,
        way_back: None,
        unread: Vec::new(),
    };
    floor.report(report, at(0));
}

/// What is said of Jane.
#[derive(Clone)]
enum Said {
    /// Out of adherence since when, by which kind.
    Out(DeviationKind, Option<i64>),
    /// As scheduled.
    Adherent,
    /// Nobody can say.
    Unsaid,
    /// Off, and at work or not.
    Off,
    Exempt,
    NoSchedule,
}

use DeviationKind::{ExtendedBreak, LateStart, WrongState};

fn adherence(said: &Said) -> Option<Adherence> {
    let deviation = match said {
        Said::Out(kind, since) => {
            Some(Deviation { kind: *kind, ..Deviation::unexplained(since.map(at)) })
        }
        _ => None,
    };
    let off = matches!(said, Said::Off);
    (!matches!(said, Said::NoSchedule)).then_some(Adherence {
        scheduled: if off { Scheduled::Off } else { Scheduled::Available },
        source: None,
        adherent: match said {
            Said::Out(..) => Some(false),
            Said::Adherent => Some(true),
            _ => None,
        },
        exempt: matches!(said, Said::Exempt),
        shift: None,
        out_since: None,
        held_by_call: false,
        deviation,
    })
}

/// Takes in what is said at `now`; how many alerts changed.
fn goes(floor: &mut Floor, now: i64, said: &Said) -> usize {
    goes_on(floor, &mut Vouched::default(), now, said, false)
}

/// The same, with what was vouched for before; the system that decides what she does may be silent.
fn goes_on(
    floor: &mut Floor,
    vouched: &mut Vouched,
    now: i64,
    said: &Said,
    suspended: bool,
) -> usize {
    let adherence = adherence(said);
    let deviation = adherence.as_ref().and_then(|adherence| adherence.deviation.as_ref());
    let alarm = deviation.filter(|d| d.has_lasted(GRACE, GRACE, at(now))).map(|d| Finding {
        kind: d.kind.flag(),
        severity: Severity::Warn,
        since: d.since,
        text: format!("{} by the rule", d.kind.flag().word()),
    });
    let judged = Judged {
        person: &floor.people()[0],
        adherence: adherence.as_ref(),
        alarm: alarm.as_ref(),
        suspended,
    };
    let changes = own_alerts(floor, [judged], GRACE, vouched, at(now));
    let count = changes.len();
    changes.into_iter().for_each(|known| floor.raise(known));
    count
}

/// Our own alerts: the kind, the status and the notes.
fn own(floor: &Floor) -> Vec<(&str, &str, &str)> {
    let own = floor.alerts().all().filter(|known| known.key.source.is_own());
    let mut own: Vec<_> = own.map(|known| &known.alert).collect();
    own.sort_by_key(|alert| alert.created_at);
    own.into_iter()
        .map(|a| (a.kind.word(), a.status.word(), a.notes.as_deref().unwrap_or_default()))
        .collect()
}

fn only(floor: &Floor) -> KnownAlert {
    let own: Vec<_> = floor.alerts().all().filter(|known| known.key.source.is_own()).collect();
    assert_eq!(own.len(), 1, "{own:?}");
    own[0].clone()
}

/// Somebody deals with the only alert.
fn dealt_with(floor: &mut Floor, now: i64, status: AlertStatus, notes: Option<&str>) {
    let mut known = only(floor);
    if status == AlertStatus::Resolved {
        known.alert.resolved_at = Some(at(now));
    }
    known.alert.status = status;
    known.alert.notes = notes.map(str::to_owned);
    known.as_of = at(now);
    floor.raise(known);
}

fn late() -> Said {
    Said::Out(LateStart, Some(0))
}

#[test]
fn an_alert_is_raised_when_the_deviation_alarms_and_says_so_for_good() {
    let mut floor = floor();
    assert_eq!(goes(&mut floor, 119, &late()), 0, "within the grace");
    assert_eq!(goes(&mut floor, 125, &late()), 1);
    let known = only(&floor);
    assert_eq!(known.key.id.as_str(), "late_start:jane:1772380800000");
    assert_eq!(own_alert_since(&known.key.id), Some(at(0)));
    assert_eq!(known.alert.created_at, Some(at(120)), "when it alarmed");
    assert_eq!(known.alert.message, "late_start by the rule");
    assert_eq!(floor.person_of_alert(&known).unwrap().name, "Jane Smith");
    assert_eq!(goes(&mut floor, 4_000, &late()), 0, "it goes on, and nothing changes");
}

#[test]
fn a_deviation_that_jitters_is_the_same_one() {
    let mut floor = floor();
    goes(&mut floor, 125, &Said::Out(WrongState, Some(0)));
    for since in [-3, 2, 5, 60, 130] {
        assert_eq!(goes(&mut floor, 200, &Said::Out(WrongState, Some(since))), 0, "{since}");
    }
    // One that began after the alarm is another.
    assert_eq!(goes(&mut floor, 900, &Said::Out(WrongState, Some(131))), 2);
    let meanwhile = "cleared by itself: as scheduled meanwhile";
    assert_eq!(
        own(&floor),
        [("wrong_state", "resolved", meanwhile), ("wrong_state", "active", "")]
    );
}

#[test]
fn it_clears_itself_when_the_deviation_ends_also_if_somebody_has_seen_it() {
    let ends = [
        (Said::Adherent, "cleared by itself: as scheduled again"),
        (Said::Off, "cleared by itself: the shift is over"),
        (Said::Exempt, "cleared by itself: exempt from adherence"),
        (Said::Out(WrongState, Some(200)), "cleared by itself: wrong state instead"),
    ];
    for (said, why) in ends {
        let mut floor = floor();
        goes(&mut floor, 125, &late());
        dealt_with(&mut floor, 130, AlertStatus::Acknowledged, Some("called her"));
        assert_eq!(goes(&mut floor, 140, &late()), 0);
        assert_eq!(goes(&mut floor, 210, &said), 1, "{why}");
        let known = only(&floor);
        assert_eq!(known.alert.notes, Some(format!("called her; {why}")));
        assert_eq!(
            (known.alert.status, known.alert.resolved_at),
            (AlertStatus::Resolved, Some(at(210)))
        );
    }
}

#[test]
fn what_cannot_be_said_for_a_while_clears_nothing() {
    for said in [Said::Unsaid, Said::NoSchedule] {
        let mut floor = floor();
        goes(&mut floor, 125, &late());
        assert_eq!(goes(&mut floor, 125 + 12 * 3600 - 1, &said), 0);
        assert_eq!(goes(&mut floor, 125 + 12 * 3600, &said), 1);
        let gone = "cleared by itself: nobody can say any more";
        assert_eq!(own(&floor), [("late_start", "resolved", gone)]);
    }
}

#[test]
fn how_long_nobody_can_say_whether_it_holds_counts_from_when_somebody_last_could() {
    let hour = 3_600;
    for (said, suspended) in [(late(), true), (Said::Unsaid, false), (Said::NoSchedule, false)] {
        let (mut floor, mut vouched) = (floor(), Vouched::default());
        goes_on(&mut floor, &mut vouched, 125, &late(), false);
        dealt_with(&mut floor, 130, AlertStatus::Acknowledged, Some("called her"));
        // It goes on for longer than a shift; then a reading fails.
        let last = 130 + 13 * hour;
        assert_eq!(goes_on(&mut floor, &mut vouched, last, &late(), false), 0);
        assert_eq!(goes_on(&mut floor, &mut vouched, last + 3, &said, suspended), 0);
        assert_eq!(goes_on(&mut floor, &mut vouched, last + 12 * hour - 1, &said, suspended), 0);
        assert_eq!(only(&floor).alert.status, AlertStatus::Acknowledged);
        assert_eq!(goes_on(&mut floor, &mut vouched, last + 12 * hour, &said, suspended), 1);
        assert_eq!(only(&floor).alert.status, AlertStatus::Resolved);
    }
}

#[test]
fn what_somebody_has_resolved_does_not_come_back_while_it_goes_on() {
    let mut floor = floor();
    goes(&mut floor, 125, &late());
    dealt_with(&mut floor, 300, AlertStatus::Resolved, Some("she is ill"));
    for now in [301, 2_000, 20_000] {
        assert_eq!(goes(&mut floor, now, &late()), 0, "{now}");
    }
    assert_eq!(own(&floor), [("late_start", "resolved", "she is ill")]);
    // Another one of the kind is another matter.
    assert_eq!(goes(&mut floor, 30_120, &Said::Out(LateStart, Some(310))), 0, "it is the same");
    assert_eq!(goes(&mut floor, 30_120, &Said::Out(LateStart, Some(311))), 1);
}

#[test]
fn what_cleared_itself_by_a_wrong_reading_stands_again() {
    let mut floor = floor();
    goes(&mut floor, 125, &late());
    goes(&mut floor, 140, &Said::Adherent);
    assert_eq!(goes(&mut floor, 143, &late()), 1);
    let known = only(&floor);
    assert_eq!((known.alert.status, known.alert.notes), (AlertStatus::Active, None));
    assert_eq!((known.alert.created_at, known.alert.resolved_at), (Some(at(120)), None));
}

/// The WFM lists one alert about Jane as active.
fn wfm_raises(floor: &mut Floor, now: i64, kind: AlertKind, status: AlertStatus, created: i64) {
    let alert = Alert {
        id: "a1".into(),
        agent: "E1".into(),
        name: None,
        kind,
        message: "Agent logged in late".to_owned(),
        status,
        created_at: Some(at(created)),
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    };
    let (source, taken_at) = ("wfm".into(), at(now));
    let body = Body::Alert(Box::new(alert));
    floor.apply(Reading { source, taken_at, as_of: taken_at, skipped: 0, body }, taken_at);
}

#[test]
fn what_a_wfm_tells_already_is_not_told_twice() {
    for status in [AlertStatus::Active, AlertStatus::Acknowledged, AlertStatus::Resolved] {
        let mut floor = floor();
        wfm_raises(&mut floor, 100, AlertKind::LateStart, status.clone(), 60);
        assert_eq!(goes(&mut floor, 125, &late()), 0, "{status:?}");
    }
    let mut floor = floor();
    wfm_raises(&mut floor, 100, AlertKind::WrongState, AlertStatus::Active, 60);
    assert_eq!(goes(&mut floor, 125, &late()), 1, "another kind");
    wfm_raises(&mut floor, 130, AlertKind::LateStart, AlertStatus::Active, 128);
    assert_eq!(goes(&mut floor, 131, &late()), 1, "the WFM's stands");
    let told = "cleared by itself: it is told of already";
    assert_eq!(own(&floor), [("late_start", "resolved", told)]);
}

#[test]
fn an_old_alert_of_a_wfm_tells_nothing_of_a_new_deviation() {
    let mut floor = floor();
    wfm_raises(&mut floor, 0, AlertKind::ExtendedBreak, AlertStatus::Resolved, -4_000);
    assert_eq!(goes(&mut floor, 125, &Said::Out(ExtendedBreak, Some(0))), 1);
    for (created, raised) in [(-11, 1), (-10, 0)] {
        let mut floor = self::floor();
        wfm_raises(&mut floor, 0, AlertKind::ExtendedBreak, AlertStatus::Resolved, created);
        let found = goes(&mut floor, 125, &Said::Out(ExtendedBreak, Some(0)));
        assert_eq!(found, raised, "raised at {created}");
    }
}

#[test]
fn an_alert_that_a_wfm_no_longer_lists_tells_of_nothing_that_began_after_it() {
    let mut floor = floor();
    let created = -4_000;
    wfm_raises(&mut floor, 0, AlertKind::ExtendedBreak, AlertStatus::Active, created);
    assert_eq!(goes(&mut floor, 125, &Said::Out(ExtendedBreak, Some(0))), 0, "it is still listed");
    let body = Body::Alerts { status: AlertStatus::Active, alerts: Vec::new(), cut: false };
    let (source, taken_at) = ("wfm".into(), at(130));
    floor.apply(Reading { source, taken_at, as_of: taken_at, skipped: 0, body }, taken_at);
    assert_eq!(goes(&mut floor, 135, &Said::Out(ExtendedBreak, Some(0))), 1);
}

#[test]
fn of_two_about_the_same_the_older_stands() {
    let mut floor = floor();
    goes(&mut floor, 125, &Said::Out(WrongState, Some(0)));
    let mut earlier = only(&floor);
    let id = id(&AlertKind::WrongState, &"jane".into(), at(-5));
    (earlier.key.id, earlier.alert.id) = (id.clone(), id.clone());
    earlier.alert.created_at = Some(at(115));
    floor.raise(earlier);
    assert_eq!(goes(&mut floor, 130, &Said::Out(WrongState, Some(0))), 1);
    let standing: Vec<_> = floor.alerts().all().filter(|known| known.is_open()).collect();
    assert_eq!((standing.len(), &standing[0].key.id), (1, &id));
}

#[test]
fn a_deviation_of_unknown_age_is_raised_once() {
    let mut floor = floor();
    assert_eq!(goes(&mut floor, 0, &Said::Out(WrongState, None)), 1);
    assert_eq!(goes(&mut floor, 15, &Said::Out(WrongState, None)), 0);
    dealt_with(&mut floor, 20, AlertStatus::Resolved, None);
    assert_eq!(goes(&mut floor, 30, &Said::Out(WrongState, None)), 0);
}

#[test]
fn every_kind_of_deviation_has_its_flag_and_its_alert() {
    let kinds = [
        (LateStart, FlagKind::LateStart),
        (DeviationKind::EarlyLeave, FlagKind::EarlyLeave),
        (ExtendedBreak, FlagKind::ExtendedBreak),
        (DeviationKind::UnscheduledBreak, FlagKind::UnscheduledBreak),
        (WrongState, FlagKind::WrongState),
    ];
    for (kind, flag) in kinds {
        assert_eq!((kind.flag(), kind.alert().word()), (flag, flag.word()));
        assert!(flag.is_deviation());
    }
}

#[test]
fn one_of_somebody_who_is_gone_from_the_roster_is_given_up() {
    let mut floor = floor();
    goes(&mut floor, 125, &late());
    let mut known = only(&floor);
    known.alert.agent = "nobody".into();
    known.key.id = "late_start:nobody:0".into();
    floor.raise(known);
    let changes = own_alerts(&floor, [], GRACE, &mut Vouched::default(), at(125 + 12 * 3600));
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].alert.status, AlertStatus::Resolved);
}

#[test]
fn nothing_is_raised_before_every_source_has_been_heard_of() {
    let read = |body| Outcome::Read(reading(body));
    let failure = || Failure { kind: FailureKind::Transient, text: "HTTP 503".to_owned() };
    let none = || Body::Alerts { status: AlertStatus::Active, alerts: Vec::new(), cut: false };
    let alerts_failed = Outcome::SideFailed { side: Side::Alerts, failure: failure() };
    let outcomes = [
        ("nothing", vec![], 0),
        ("who is there, but not the alerts", vec![read(nobody())], 0),
        ("both", vec![read(nobody()), read(none())], 1),
        ("that the alerts cannot be read", vec![read(nobody()), alerts_failed], 1),
        ("that it is down, and never more", vec![Outcome::Failed(failure())], 1),
    ];
    for (heard, outcomes, raised) in outcomes {
        let mut floor = silent(&[Side::Alerts]);
        outcomes.into_iter().for_each(|outcome| comes(&mut floor, outcome));
        let late = Said::Out(LateStart, Some(-600));
        assert_eq!(goes(&mut floor, 1, &late), raised, "{heard}");
    }
}
