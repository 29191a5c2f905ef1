use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::*;
use crate::model::{
    ActivityKind, AgentId, Body, Coverage, Failure, FailureKind, HoldReason, Observation, Outcome,
    QueueCount, Reading, Report, RosterPerson, SourceKind, Work,
};

mod alerts;
mod flapping;
mod fused;
mod headlines;
mod keeping;
mod not_listed;
mod pasts;
mod restored;
mod scheduled;
mod set;
mod sight;
mod silent;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

fn feeds() -> Vec<Feed> {
    [
        ("dialer", SourceKind::Convoso, 3),
        ("cx", SourceKind::CxEngage, 15),
        ("wfm", SourceKind::Wfm, 15),
    ]
    .map(|(name, kind, poll)| Feed::new(name.into(), kind, TimeDelta::seconds(poll)))
    .into()
}

fn identity() -> FloorIdentity {
    FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::America::New_York,
        day_starts: NaiveTime::MIN,
    }
}

fn floor() -> Floor {
    Floor::new(identity(), Roster::default(), feeds(), Vec::new())
}

fn jane_floor() -> Floor {
    jane_known_as(&[("dialer", "12345"), ("cx", "uuid-1"), ("wfm", "EMP001")])
}

/// A floor whose roster has Jane under these ids, each with its source.
fn jane_known_as(ids: &[(&str, &str)]) -> Floor {
    jane_among(ids, feeds())
}

fn jane_among(ids: &[(&str, &str)], feeds: Vec<Feed>) -> Floor {
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".to_owned(),
        team: None,
        email: None,
        timezone: None,
        ids: ids.iter().map(|(source, id)| ((*source).into(), (*id).into())).collect(),
    };
    Floor::new(identity(), Roster::new(vec![jane]), feeds, Vec::new())
}

fn says(agent: &str, activity: Activity, since: i64) -> Observation {
    Observation { since: Some(at(since)), ..Observation::of(agent, activity, "RAW") }
}

fn reading(
    source: &str,
    as_of: i64,
    coverage: Coverage,
    observations: Vec<Observation>,
) -> Reading {
    Reading {
        source: source.into(),
        taken_at: at(as_of),
        as_of: at(as_of),
        skipped: 0,
        body: Body::Agents { observations, coverage, summary: None, histories: Vec::new() },
    }
}

const WHOLE: Coverage = Coverage::Whole { declared: None };

/// A reading of the dialer that lists `agents` as available since second 0.
fn list(floor: &mut Floor, as_of: i64, agents: &[&str]) {
    let observations = agents.iter().map(|a| says(a, Activity::Available, 0)).collect();
    floor.apply(reading("dialer", as_of, WHOLE, observations), at(as_of));
}

fn presence<'a>(floor: &'a Floor, source: &str, agent: &str) -> &'a Presence {
    let key = AgentKey::new(source.into(), agent.into());
    floor.person_of(&key).unwrap().presence(&source.into()).unwrap()
}

fn headline_of(floor: &Floor, person: &str, now: i64) -> Headline {
    floor.headline(floor.person(&person.into()).unwrap(), at(now))
}

#[test]
fn the_time_in_state_stays_steady_against_the_jitter_of_polls() {
    let mut floor = floor();
    for (poll, since) in [(3, 0), (6, 1), (9, -2), (12, 3)] {
        let seen = vec![says("1", Activity::Available, since)];
        floor.apply(reading("dialer", poll, WHOLE, seen), at(poll));
        assert_eq!(presence(&floor, "dialer", "1").since, Some(at(0)), "poll at {poll}");
    }
}

#[test]
fn the_same_state_entered_again_starts_its_time_anew() {
    let mut floor = floor();
    let call = |id: &str, since| Observation {
        episode: Some(id.to_owned()),
        ..says("1", Activity::OnContact, since)
    };
    floor.apply(reading("dialer", 10, WHOLE, vec![call("a", 0)]), at(10));
    floor.apply(reading("dialer", 13, WHOLE, vec![call("b", 2)]), at(13));
    assert_eq!(presence(&floor, "dialer", "1").since, Some(at(2)), "another call");
    floor.apply(reading("dialer", 40, WHOLE, vec![call("b", 30)]), at(40));
    assert_eq!(presence(&floor, "dialer", "1").since, Some(at(30)), "more than jitter");
}

#[test]
fn one_missing_answer_greys_and_two_mean_offline() {
    let mut floor = floor();
    list(&mut floor, 3, &["1", "2", "3"]);
    list(&mut floor, 6, &["1", "2"]);
    let grey = presence(&floor, "dialer", "3");
    assert_eq!((&grey.activity, grey.evidence), (&Activity::Available, Evidence::Stale));
    list(&mut floor, 9, &["1", "2"]);
    let gone = presence(&floor, "dialer", "3");
    assert_eq!((&gone.activity, gone.evidence), (&Activity::Offline, Evidence::Inferred));
    assert_eq!(gone.since, Some(at(3)), "since last seen");
    assert!(gone.has_vanished());
    list(&mut floor, 12, &["1", "2", "3"]);
    let back = presence(&floor, "dialer", "3");
    assert_eq!((&back.activity, back.evidence), (&Activity::Available, Evidence::Observed));
    assert!(!back.has_vanished());
}

#[test]
fn a_failed_answer_between_two_misses_does_not_count_as_one() {
    let mut floor = floor();
    list(&mut floor, 3, &["1", "2", "3"]);
    list(&mut floor, 6, &["1", "2"]);
    floor.report(failed("dialer", 9, FailureKind::Transient), at(9));
    assert_eq!(presence(&floor, "dialer", "3").activity, Activity::Available);
}

#[test]
fn who_may_be_in_an_unreadable_record_is_not_believed_gone() {
    let mut floor = floor();
    let with_unread = |floor: &mut Floor, as_of: i64, skipped: u32, agents: &[&str]| {
        let observations = agents.iter().map(|a| says(a, Activity::Available, 0)).collect();
        floor
            .apply(Reading { skipped, ..reading("dialer", as_of, WHOLE, observations) }, at(as_of));
    };
    with_unread(&mut floor, 3, 0, &["1", "2", "3", "4"]);
    for as_of in [6, 9, 12] {
        with_unread(&mut floor, as_of, 1, &["1", "2", "4"]);
    }
    let held = presence(&floor, "dialer", "3");
    assert_eq!((&held.activity, held.evidence), (&Activity::Available, Evidence::Stale));
    // Somebody else leaves while that record is still unreadable, and is believed gone.
    for as_of in [15, 18] {
        with_unread(&mut floor, as_of, 1, &["1", "2"]);
    }
    assert_eq!(presence(&floor, "dialer", "4").activity, Activity::Offline);
    for as_of in [21, 24] {
        with_unread(&mut floor, as_of, 0, &["1", "2"]);
    }
    assert_eq!(presence(&floor, "dialer", "3").activity, Activity::Offline);
}

#[test]
fn who_leaves_a_filtered_list_is_unknown_and_not_offline() {
    let mut floor = floor();
    for (as_of, agents) in [(3, vec!["1", "2", "3"]), (6, vec!["1", "2"]), (9, vec!["1", "2"])] {
        let seen = agents.iter().map(|a| says(a, Activity::Available, 0)).collect();
        floor.apply(reading("dialer", as_of, Coverage::Filtered, seen), at(as_of));
    }
    assert_eq!(presence(&floor, "dialer", "3").activity, Activity::Unknown);
}

#[test]
fn an_announced_logout_that_then_vanishes_is_no_vanishing() {
    let mut floor = floor();
    let seen = vec![says("1", Activity::Offline, 0), says("2", Activity::Available, 0)];
    floor.apply(reading("dialer", 3, WHOLE, seen), at(3));
    list(&mut floor, 6, &["2"]);
    list(&mut floor, 9, &["2"]);
    let gone = presence(&floor, "dialer", "1");
    assert_eq!((gone.evidence, gone.since), (Evidence::Observed, Some(at(0))));
    assert!(!gone.has_vanished());
}

#[test]
fn an_empty_list_is_held_for_a_minute_and_then_believed() {
    let mut floor = floor();
    list(&mut floor, 0, &["1", "2", "3"]);
    for as_of in (3..60).step_by(3) {
        list(&mut floor, as_of, &[]);
        let held = presence(&floor, "dialer", "1");
        assert_eq!((&held.activity, held.evidence), (&Activity::Available, Evidence::Stale));
    }
    let hold = floor.feed(&"dialer".into()).unwrap().hold.unwrap();
    assert_eq!(hold.reason, HoldReason::MassVanish { missing: 3, of: 3 });
    for as_of in [63, 66] {
        list(&mut floor, as_of, &[]);
    }
    assert_eq!(presence(&floor, "dialer", "1").activity, Activity::Offline);
    list(&mut floor, 69, &[]);
    assert_eq!(floor.feed(&"dialer".into()).unwrap().hold, None, "the doubt is over");
}

#[test]
fn a_list_shorter_than_its_own_head_count_is_partial_but_what_it_lists_is_fresh() {
    let mut floor = floor();
    list(&mut floor, 0, &["1", "2", "3"]);
    let partial = Coverage::Whole { declared: Some(3) };
    for as_of in [3, 6, 9] {
        let seen = vec![says("1", Activity::Available, 0), says("2", Activity::Available, 0)];
        floor.apply(reading("dialer", as_of, partial, seen), at(as_of));
    }
    assert_eq!(presence(&floor, "dialer", "1").evidence, Evidence::Observed);
    let held = presence(&floor, "dialer", "3");
    assert_eq!((&held.activity, held.evidence), (&Activity::Available, Evidence::Stale));
    let hold = floor.feed(&"dialer".into()).unwrap().hold.unwrap();
    assert_eq!(hold.reason, HoldReason::PartialList { listed: 2, declared: 3 });
}

#[test]
fn an_answer_that_was_overtaken_is_dropped() {
    let mut floor = floor();
    floor.apply(reading("dialer", 6, WHOLE, vec![says("1", Activity::OnContact, 5)]), at(6));
    floor.apply(reading("dialer", 3, WHOLE, vec![says("1", Activity::Available, 0)]), at(7));
    assert_eq!(presence(&floor, "dialer", "1").activity, Activity::OnContact);
}

#[test]
fn a_clock_that_was_set_back_neither_freezes_the_floor_nor_makes_it_look_live() {
    let mut floor = floor();
    list(&mut floor, 3600, &["1", "2", "3"]);
    let status = |floor: &Floor, now| floor.feed(&"dialer".into()).unwrap().status(at(now));
    assert_eq!(status(&floor, 2), FeedStatus::Stale, "nobody can say how old it is");
    list(&mut floor, 3, &["1", "2"]);
    assert_eq!(status(&floor, 3), FeedStatus::Live);
    assert_eq!(presence(&floor, "dialer", "1").as_of, at(3));
    list(&mut floor, 6, &["1", "2"]);
    assert_eq!(presence(&floor, "dialer", "3").activity, Activity::Offline);
    floor.queues.count(&"dialer".into(), count(None, 500), at(3600), at(3600));
    floor.queues.count(&"dialer".into(), count(None, 7), at(6), at(6));
    assert_eq!(floor.queues()[0].calls_today, Some(7));
}

#[test]
fn half_the_floor_gone_is_held_also_where_the_list_has_long_been_short() {
    let mut floor = floor();
    let partial = Coverage::Whole { declared: Some(9) };
    let mut read = |as_of, agents: &[&str]| {
        let seen = agents.iter().map(|a| says(a, Activity::Available, 0)).collect();
        floor.apply(reading("dialer", as_of, partial, seen), at(as_of));
        floor.feed(&"dialer".into()).unwrap().hold.unwrap().is_active(at(as_of))
    };
    assert!(read(0, &["1", "2", "3"]));
    assert!(!read(61, &["1", "2", "3"]), "the head count is simply never right");
    assert!(read(64, &[]) && read(67, &[]) && !read(125, &[]));
}

fn failed(source: &str, when: i64, kind: FailureKind) -> Report {
    Report {
        source: source.into(),
        at: at(when),
        outcome: Outcome::Failed(Failure { kind, text: "HTTP 503".to_owned() }),
        clock_offset: None,
        took: TimeDelta::zero(),
        next_at: None,
        way_back: None,
        unread: Vec::new(),
    }
}

fn fails(floor: &mut Floor, source: &str, now: i64) {
    floor.report(failed(source, now, FailureKind::Transient), at(now));
}

#[test]
fn a_failure_makes_the_numbers_stale_at_once_and_silence_after_a_while() {
    let mut floor = floor();
    let status = |floor: &Floor, now| floor.feed(&"dialer".into()).unwrap().status(at(now));
    assert_eq!(status(&floor, 0), FeedStatus::Waiting);
    list(&mut floor, 3, &["1"]);
    assert_eq!(status(&floor, 3), FeedStatus::Live);
    assert_eq!(status(&floor, 13), FeedStatus::Live);
    assert_eq!(status(&floor, 14), FeedStatus::Stale, "three missed polls");
    floor.report(failed("dialer", 6, FailureKind::Transient), at(6));
    assert_eq!(status(&floor, 6), FeedStatus::Stale);
    assert_eq!(headline_of(&floor, "dialer:1", 6).evidence, Evidence::Stale);
    assert_eq!(
        headline_of(&floor, "dialer:1", 600).time_in_state(at(600)),
        Some(TimeDelta::seconds(3))
    );
    floor.report(failed("cx", 6, FailureKind::Transient), at(6));
    floor.report(failed("wfm", 6, FailureKind::Denied), at(6));
    let of = |name: &str| floor.feed(&name.into()).unwrap().status(at(6));
    assert_eq!((of("cx"), of("wfm")), (FeedStatus::Failed, FeedStatus::Denied));
}

fn sits(agent: &str, activity: Activity, queue: &str) -> Observation {
    let work = Work {
        campaign_id: Some("111".to_owned()),
        queue_id: Some(queue.to_owned()),
        queue: Some(format!("Queue {queue}")),
        ..Work::default()
    };
    Observation { work, ..says(agent, activity, 0) }
}

fn count(campaign: Option<&str>, calls: u64) -> QueueCount {
    QueueCount {
        campaign_id: campaign.map(str::to_owned),
        queue_id: "222".to_owned(),
        campaign: None,
        queue: None,
        calls_today: Some(calls),
        answered: None,
        dropped: None,
        dialable_leads: None,
    }
}

#[test]
fn agents_in_a_queue_are_counted_from_the_rows_and_the_queue_stays_when_they_leave() {
    let mut floor = floor();
    let seats = vec![sits("1", Activity::WrapUp, "222"), sits("2", Activity::Offline, "222")];
    floor.apply(reading("dialer", 3, WHOLE, seats), at(3));
    let queues = floor.queues();
    assert_eq!(queues.len(), 1);
    assert_eq!((queues[0].agents.of(ActivityKind::WrapUp), queues[0].agents.present()), (1, 1));
    assert_eq!(queues[0].calls_today, None, "not counted yet is not zero");
    let moved = vec![sits("1", Activity::WrapUp, "333"), sits("2", Activity::Offline, "333")];
    floor.apply(reading("dialer", 6, WHOLE, moved), at(6));
    let names: Vec<_> = floor.queues().iter().map(|q| (q.name.clone(), q.agents.all())).collect();
    assert_eq!(names, [("Queue 222".to_owned(), 0), ("Queue 333".to_owned(), 2)]);
}

#[test]
fn who_sits_in_two_queues_counts_in_each_and_once_on_the_floor() {
    let mut floor = floor();
    let mut both = sits("1", Activity::OnContact, "222");
    both.work.join(&sits("1", Activity::OnContact, "333").work);
    let seen = vec![both.clone(), sits("2", Activity::Available, "222")];
    floor.apply(reading("dialer", 3, WHOLE, seen.clone()), at(3));
    floor.apply(reading("dialer", 6, WHOLE, seen), at(6));
    let counts: Vec<_> = floor.queues().iter().map(|q| (q.name.clone(), q.agents.all())).collect();
    assert_eq!(counts, [("Queue 222".to_owned(), 2), ("Queue 333".to_owned(), 1)]);
    assert_eq!(floor.totals(at(6)).people.all(), 2);
    let person = floor.person(&"dialer:1".into()).unwrap();
    let told = floor.fused(person, at(0), at(6), at(6));
    let sat = told.iter().filter_map(|f| f.place.as_ref()).map(|keys| keys.len());
    assert_eq!(sat.collect::<Vec<_>>(), [2]);
    // The other queue alone, and nothing has changed but that.
    let moved = vec![sits("1", Activity::OnContact, "333"), sits("2", Activity::Available, "222")];
    let changes = floor.apply(reading("dialer", 9, WHOLE, moved), at(9));
    let is_place = |change: &&Change| matches!(change, Change::Keep(entry) if matches!(**entry, Entry::Place { .. }));
    assert_eq!(changes.iter().filter(is_place).count(), 2, "one ends and one begins");
}

#[test]
fn a_queue_named_in_the_config_is_one_with_the_queue_seen_later() {
    let named = vec![("dialer".into(), "222".to_owned())];
    let mut floor = Floor::new(identity(), Roster::default(), feeds(), named);
    let counted = |count, as_of| Reading {
        body: Body::Queue(count),
        ..reading("dialer", as_of, WHOLE, vec![])
    };
    floor.apply(counted(count(None, 5), 3), at(3));
    floor.apply(reading("dialer", 6, WHOLE, vec![sits("1", Activity::Available, "222")]), at(6));
    floor.apply(counted(count(None, 7), 9), at(9));
    let queues = floor.queues();
    assert_eq!(queues.len(), 1);
    assert_eq!(queues[0].key.campaign_id.as_deref(), Some("111"));
    assert_eq!((queues[0].calls_today, queues[0].agents.present()), (Some(7), 1));
}

#[test]
fn the_floors_day_begins_in_its_own_zone_also_when_the_clocks_change() {
    let floor = floor();
    let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    assert_eq!(floor.day_start(utc("2026-03-01T15:00:00Z")), utc("2026-03-01T05:00:00Z"));
    assert_eq!(floor.day_start(utc("2026-03-01T04:59:59Z")), utc("2026-02-28T05:00:00Z"));
    assert_eq!(floor.day_start(utc("2026-03-08T12:00:00Z")), utc("2026-03-08T05:00:00Z"));
    let mut late = identity();
    late.day_starts = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
    let skipped = Floor::new(late, Roster::default(), feeds(), Vec::new());
    assert_eq!(skipped.day_start(utc("2026-03-08T12:00:00Z")), utc("2026-03-08T07:00:00Z"));
}
