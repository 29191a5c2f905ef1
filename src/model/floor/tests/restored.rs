//! What comes back of earlier runs.

use super::*;
use crate::model::{
    AlertStatus, Archive, Bucket, Layer, ScheduleState, Scheduled, Span, Spell, TimetableEntry,
    VendorKpi,
};

fn spell(since: i64, until: i64, activity: Activity) -> Spell {
    let raw = "RAW".into();
    let (since, until) = (at(since), Some(at(until)));
    Spell { since, until, activity, evidence: Evidence::Observed, raw, doubt: None }
}

fn key(source: &str, agent: &str) -> AgentKey {
    AgentKey::new(source.into(), agent.into())
}

fn archive(spells: Vec<Spell>) -> Archive {
    let spells = spells.into_iter().map(|s| (key("dialer", "1"), Layer::Watched, s)).collect();
    Archive { spells, ..Archive::default() }
}

fn past(floor: &Floor, now: i64) -> Vec<(i64, &'static str)> {
    let person = floor.person(&"dialer:1".into()).unwrap();
    let all = floor.fused(person, at(0), at(now), at(now));
    let length = |f: &crate::model::Fused| (f.until - f.since).num_seconds();
    all.iter().map(|f| (length(f), f.activity.word())).collect()
}

#[test]
fn a_day_is_whole_again_after_a_crash_whichever_comes_first() {
    let kept =
        || archive(vec![spell(0, 400, Activity::Available), spell(400, 600, Activity::OnContact)]);
    for restored_first in [true, false] {
        let mut floor = floor();
        if restored_first {
            assert_eq!(
                floor.restore(kept(), at(650)),
                [Change::Past { agent: key("dialer", "1"), from: at(0) }]
            );
            assert!(floor.people().is_empty(), "nobody is listed yet");
        }
        // On the same call as before the crash.
        for as_of in [660, 663] {
            let seen = vec![says("1", Activity::OnContact, 401)];
            floor.apply(reading("dialer", as_of, WHOLE, seen), at(as_of));
        }
        if !restored_first {
            floor.restore(kept(), at(665));
        }
        assert_eq!(past(&floor, 666), [(400, "available"), (266, "on_contact")]);
    }
}

#[test]
fn what_nobody_watched_between_two_runs_is_unknown() {
    let mut floor = floor();
    floor.restore(archive(vec![spell(0, 400, Activity::Available)]), at(600));
    floor.apply(reading("dialer", 600, WHOLE, vec![says("1", Activity::OnContact, 590)]), at(600));
    assert_eq!(past(&floor, 605), [(400, "available"), (190, "unknown"), (15, "on_contact")]);
}

#[test]
fn whom_only_an_earlier_run_knew_is_remembered_and_on_the_floor_only_if_asked_for() {
    let mut floor = jane_floor();
    let mut kept = archive(vec![spell(0, 400, Activity::Available)]);
    kept.spells.push((key("dialer", "12345"), Layer::Watched, spell(0, 10, Activity::WrapUp)));
    kept.names =
        vec![(key("dialer", "1"), "Old Name".to_owned()), (key("cx", "9"), "X".to_owned())];
    floor.restore(kept, at(500));
    assert_eq!(floor.people().len(), 1, "the roster's");
    let remembered = floor.remembered();
    assert_eq!(remembered, [(key("dialer", "1"), Some("Old Name".to_owned()))]);
    for (agent, name) in remembered {
        floor.admit(&agent, name.as_deref());
        floor.admit(&agent, None);
    }
    assert_eq!((floor.people().len(), floor.people()[1].name.as_str()), (2, "Old Name"));
    assert_eq!(past(&floor, 500), [(400, "available"), (100, "unknown")]);
    assert_eq!(floor.remembered(), []);
    let jane = floor.person(&"jane".into()).unwrap();
    assert_eq!(floor.fused(jane, at(0), at(10), at(500)).len(), 1);
}

#[test]
fn whom_the_roster_knows_by_another_id_is_known_by_it_without_a_reading() {
    let mut floor = jane_floor();
    let seen =
        Observation { aliases: vec!["12345".into()], ..says("uuid-1", Activity::Available, 0) };
    let changes = floor.apply(reading("dialer", 60, WHOLE, vec![seen.clone()]), at(60));
    let entry = Entry::Alias { agent: key("dialer", "uuid-1"), alias: "12345".into() };
    assert!(changes.contains(&Change::Keep(Box::new(entry.clone()))), "{changes:?}");
    let again = floor.apply(reading("dialer", 63, WHOLE, vec![seen]), at(63));
    assert!(!again.contains(&Change::Keep(Box::new(entry))), "once is enough");

    let mut later = jane_floor();
    let spells = vec![(key("dialer", "uuid-1"), Layer::Watched, spell(0, 400, Activity::WrapUp))];
    let aliases = vec![(key("dialer", "uuid-1"), "12345".into()), (key("cx", "9"), "8".into())];
    later.restore(Archive { aliases, spells, ..Archive::default() }, at(500));
    assert_eq!(later.remembered(), []);
    let jane = later.person(&"jane".into()).unwrap();
    let past = later.fused(jane, at(0), at(400), at(500));
    assert_eq!((past.len(), past[0].activity.clone()), (1, Activity::WrapUp));
}

#[test]
fn a_log_that_was_kept_goes_on_as_far_as_it_had_been_read() {
    let mut floor = floor();
    let open = Spell { until: None, ..spell(100, 0, Activity::LoggedIn) };
    let archive = Archive {
        read_until: vec![
            ("cx".into(), Layer::Recorded, at(300)),
            ("cx".into(), Layer::Watched, at(900)),
        ],
        spells: vec![(key("cx", "9"), Layer::Recorded, open)],
        ..Archive::default()
    };
    floor.restore(archive, at(1_000));
    floor.admit(&key("cx", "9"), None);
    let person = floor.person(&"cx:9".into()).unwrap();
    let past = floor.fused(person, at(100), at(1_000), at(1_000));
    assert_eq!((past[0].until, past[1].activity.clone()), (at(300), Activity::Unknown));
}

#[test]
fn where_somebody_sat_and_what_was_scheduled_comes_back() {
    let mut floor = floor();
    let queue = QueueKey { source: "dialer".into(), campaign_id: None, queue_id: "222".into() };
    let span =
        |since: i64, until: i64| Span { since: at(since), until: Some(at(until)), value: () };
    let of = |s: Span<()>, value: QueueKey| Span {
        since: s.since,
        until: s.until,
        value: [value].into(),
    };
    let state =
        ScheduleState { scheduled: Some(Scheduled::Available), adherent: None, shift: None };
    let plan = Span { since: at(10), until: Some(at(90)), value: state };
    let archive = Archive {
        places: vec![(key("dialer", "1"), of(span(0, 50), queue.clone()))],
        schedules: vec![(key("wfm", "7"), plan)],
        ..archive(vec![spell(0, 100, Activity::Available)])
    };
    floor.restore(archive, at(200));
    assert_eq!(floor.remembered().len(), 2);
    for (agent, name) in floor.remembered() {
        floor.admit(&agent, name.as_deref());
    }
    let person = floor.person(&"dialer:1".into()).unwrap();
    let past = floor.fused(person, at(0), at(100), at(200));
    assert_eq!((past[0].place.as_deref(), past[0].until), (Some(&[queue][..]), at(50)));
    assert_eq!(past[1].place, None);
    let planned = floor.person(&"wfm:7".into()).unwrap();
    let entry = TimetableEntry {
        scheduled: Scheduled::Available,
        since: Some(at(20)),
        until: Some(at(90)),
    };
    assert_eq!(floor.scheduled(planned, at(20), at(200)), [entry]);
}

#[test]
fn only_sums_of_the_present_day_come_back_and_those_of_this_run_go_before() {
    let mut floor = floor();
    let day = (floor.day_start(at(0)) - at(0)).num_seconds();
    let kpi = |since: i64, as_of: i64| VendorKpi {
        since: at(since),
        as_of: at(as_of),
        spent: BTreeMap::from([(Bucket::Available, TimeDelta::seconds(60))]),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence: crate::model::AdherencePct::NoSchedule,
    };
    let agent = key("dialer", "1");
    let sums = vec![
        (agent.clone(), kpi(day - 86_400, day - 10)),
        (agent.clone(), kpi(day + 1, day + 300)),
        (agent.clone(), kpi(day + 1, day + 200)),
    ];
    let archive = || Archive { sums: sums.clone(), ..Archive::default() };
    floor.restore(archive(), at(day + 400));
    let as_of = |floor: &Floor| floor.baseline(&agent).unwrap().as_of;
    assert_eq!(as_of(&floor), at(day + 300));
    let seen = Observation {
        kpi: Some(Box::new(kpi(day, day + 410))),
        ..says("1", Activity::Available, day)
    };
    floor.apply(reading("dialer", day + 410, WHOLE, vec![seen]), at(day + 410));
    assert_eq!(as_of(&floor), at(day + 410));
    floor.restore(archive(), at(day + 420));
    assert_eq!(as_of(&floor), at(day + 410));
}

#[test]
fn our_own_alerts_come_back_also_those_that_are_over_and_a_wfms_do_not() {
    let mut floor = floor();
    let alert = |source: SourceName, id: &str, status: AlertStatus| KnownAlert {
        key: AlertKey { source, id: id.into() },
        alert: super::keeping::alert(id, status),
        as_of: at(0),
        listed: true,
    };
    let own = SourceName::own;
    let alerts = vec![
        alert(own(), "a", AlertStatus::Active),
        alert(own(), "b", AlertStatus::Acknowledged),
        alert(own(), "c", AlertStatus::Resolved),
        alert("wfm".into(), "d", AlertStatus::Active),
    ];
    floor.restore(Archive { alerts, ..Archive::default() }, at(10));
    let known: Vec<_> = floor.alerts().all().map(|known| known.alert.id.to_string()).collect();
    assert_eq!(known, ["a", "b", "c"]);
    let agent = AgentKey::new(own(), "7".into());
    assert_eq!(floor.alerts().of_agent(&agent).count(), 3);
}
