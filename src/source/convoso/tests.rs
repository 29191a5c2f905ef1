use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::rotation::{QueueTurn, Rotation};
use super::{Agents, Desk, Queues};
use crate::clock::Clock;
use crate::http::scripted::{answer, three};
use crate::model::{
    Activity, Body, Call, Coverage, Evidence, Observation, QueueCount, Reading, Reason,
};
use crate::source::fixture;
use crate::source::settings::{ConvosoSettings, Filter, Settings};
use crate::vendor::{Class, Trouble};

const DOCUMENTED: &str = r#"{"agents":[{"user_id":"12345","user_full_name":"Jane Smith",
 "campaign_id":"111","campaign_name":"Sales Campaign","queue_id":"222","queue_name":"Main Queue",
 "queue_assignment":"2023-03-01 09:00:00","list_id":"333","extension":"1001",
 "channel_type":"phone","call_type":"outbound","lead_id":"54321","call_log_id":"789",
 "calls_today":42,"total_calls":150,"status":"READY","status_label":"Ready for calls",
 "status_time_sec":300,"status_time_mmss":"05:00","connection_type":"softphone",
 "skill_options":"english,sales"}],
 "call_data":{"total_calls":500,"answered":450,"dropped":20},"queue_dialable_leads":1200,
 "queue_calls_today":500,"queue_dropped":20,"queue_answered":450,
 "agent_total":25,"agent_incall":15,"agent_ready":8,"agent_paused":2}"#;

const SERVICE: &str = r#"{"success":true,"data":{"entries":{"success":true,"code":200,
 "campaigns":[{"value":"111","name":"Sales"}],"queues":[],
 "agents":{"7":{"user_id":7,"user_full_name":"Ann Lee","campaign_id":"111","queue_id":"",
  "extension":"SIP-00000","call_type":"-","lead_id":"0","call_log_id":"0","calls_today":"1,234",
  "total_calls":9,"status":"INCALL","status_time_sec":"61.5","queue_assignment":"Main Queue",
  "queue_assignment_ids":["1"],"availability_id":"2"},
 "8":{"user_id":"8","user_full_name":"Bo","status":"DISPO","status_time_mmss":"75:01",
  "call_log_id":"99"}},
 "agent_total":"2"}}}"#;

/// The instant that the sample answers describe: the middle of their request.
fn middle() -> DateTime<Utc> {
    three() + TimeDelta::seconds(1)
}

fn dialer() -> ConvosoSettings {
    fixture::dialer("http://127.0.0.1:1/v1".parse().unwrap())
}

fn desk(settings: Settings, convoso: ConvosoSettings) -> Arc<Desk> {
    Desk::new(settings, convoso, Duration::from_secs(10), Clock::fixed(three()))
}

fn agents(convoso: ConvosoSettings) -> Agents {
    Agents::new(desk(fixture::of_dialer(convoso.clone()), convoso))
}

fn understand(body: &str) -> Result<Reading, Trouble> {
    agents(dialer()).understand(&answer(200, body))
}

fn list(reading: &Reading) -> (&[Observation], Coverage) {
    match &reading.body {
        Body::Agents { observations, coverage, .. } => (observations, *coverage),
        other => panic!("not a list of agents: {other:?}"),
    }
}

/// What one agent with this status is said to do.
fn one(fields: &str) -> Observation {
    let reading = understand(&format!(r#"{{"agents":[{{"user_id":"1",{fields}}}]}}"#)).unwrap();
    list(&reading).0[0].clone()
}

#[test]
fn the_documented_shape_is_read() {
    let reading = understand(DOCUMENTED).unwrap();
    assert_eq!((reading.taken_at, reading.as_of, reading.skipped), (middle(), middle(), 0));
    let (seen, coverage) = list(&reading);
    assert_eq!(coverage, Coverage::Whole { declared: Some(25) });
    let jane = &seen[0];
    assert_eq!((jane.agent.as_str(), jane.name.as_deref()), ("12345", Some("Jane Smith")));
    assert_eq!((&jane.activity, jane.raw.as_str()), (&Activity::Available, "READY"));
    assert_eq!(jane.since, Some(middle() - TimeDelta::seconds(300)));
    assert_eq!((jane.evidence, &jane.episode), (Evidence::Observed, &None));
    assert_eq!(jane.work.campaign.as_deref(), Some("Sales Campaign"));
    assert_eq!(jane.work.queue_id.as_deref(), Some("222"));
    assert_eq!(jane.work.skills, ["english", "sales"]);
    assert_eq!(jane.work.calls_today, Some(42));
    assert_eq!(jane.work.extension.as_deref(), Some("1001"));
}

#[test]
fn the_services_shape_is_read() {
    let reading = understand(SERVICE).unwrap();
    let (seen, coverage) = list(&reading);
    assert_eq!(coverage, Coverage::Whole { declared: Some(2) });
    let ann = &seen[0];
    assert_eq!((ann.agent.as_str(), &ann.activity), ("7", &Activity::OnContact));
    assert_eq!(ann.since, Some(middle() - TimeDelta::milliseconds(61_500)));
    assert_eq!(ann.work.calls_today, Some(1234));
    assert_eq!((&ann.work.queue_id, &ann.episode), (&None, &None), "sentinels are absent");
    let bo = &seen[1];
    assert_eq!(bo.activity, Activity::WrapUp);
    assert_eq!(bo.since, Some(middle() - TimeDelta::seconds(75 * 60 + 1)));
    assert_eq!(bo.episode.as_deref(), Some("99"));
}

#[test]
fn a_mixture_of_both_shapes_is_read() {
    let body = r#"{"success":"true","agent_total":"1","data":{"agents":[{"user_id":"1",
        "status":"READY"}]}}"#;
    let reading = understand(body).unwrap();
    assert_eq!(list(&reading).1, Coverage::Whole { declared: Some(1) });
    let body = r#"{"agents":[{"user_id":"1"}],"data":[]}"#;
    assert_eq!(list(&understand(body).unwrap()).0.len(), 1);
    let body = r#"{"success":true,"data":{"entries":[{"user_id":"1"},{"user_id":"2"}]}}"#;
    assert_eq!(list(&understand(body).unwrap()).0.len(), 2);
}

#[test]
fn an_empty_floor_is_not_a_failure_but_a_missing_list_is() {
    for body in [
        r#"{"agents":[]}"#,
        r#"{"success":true,"data":{"entries":[]}}"#,
        r#"{"success":true,"data":{"entries":{"agents":{}}}}"#,
    ] {
        assert!(list(&understand(body).unwrap()).0.is_empty(), "{body}");
    }
    for (body, text) in [
        ("{}", "the answer has no list of agents"),
        (r#"{"message":"Maintenance"}"#, "the answer has no list of agents: Maintenance"),
        ("[]", "the answer has no list of agents"),
        (
            r#"{"agents":5}"#,
            "unexpected JSON at byte 11: invalid type: integer `5`, expected a list",
        ),
    ] {
        let trouble = understand(body).unwrap_err();
        assert_eq!((trouble.class, trouble.text.as_str()), (Class::Garbled, text), "{body}");
    }
}

#[test]
fn one_bad_record_costs_itself_and_not_the_list() {
    let body = r#"{"agents":[5,{"user_id":""},{"user_id":"1","status":["READY"]},null,
        {"user_id":"a\u001b[2Jb"},{"user_id":"2","status":"READY","calls_today":{}}],
        "agent_total":6}"#;
    let reading = understand(body).unwrap();
    assert_eq!(reading.skipped, 4);
    let (seen, coverage) = list(&reading);
    assert_eq!(seen.iter().map(|s| s.agent.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(seen[0].activity, Activity::Unknown);
    assert_eq!(coverage, Coverage::Whole { declared: Some(2) }, "nobody is missing");
}

#[test]
fn an_id_that_would_have_to_be_cleaned_is_none() {
    let work = one(r#""queue_id":"2\u001b[2J","campaign_id":"\u202e7","queue_name":"Sales""#).work;
    assert_eq!((work.queue_id, work.campaign_id), (None, None));
    assert_eq!(work.queue.as_deref(), Some("Sales"));
}

#[test]
fn every_status_has_its_activity() {
    use Activity as A;
    for (status, activity) in [
        ("READY", A::Available),
        ("incall", A::OnContact),
        ("PAUSED", A::Away(Reason::Unspecified)),
        ("WRAP", A::WrapUp),
        ("RINGING", A::Ringing),
        ("TRANSFER", A::OnContact),
        ("LOGGED_OUT", A::Offline),
        ("Dead Call", A::WrapUp),
        ("LUNCH", A::Away(Reason::Lunch)),
        ("QUEUE", A::Ringing),
    ] {
        assert_eq!(one(&format!(r#""status":"{status}""#)).activity, activity, "{status}");
    }
}

#[test]
fn an_unknown_status_is_shown_verbatim() {
    let seen = one(r#""status":"MANUAL_\u001b[1mDIAL""#);
    assert_eq!((seen.activity, seen.raw.as_str()), (Activity::Unknown, "MANUAL_DIAL"));
    assert_eq!(one(r#""status":null"#).activity, Activity::Unknown);
}

#[test]
fn the_time_in_a_status_comes_in_many_clothes() {
    for (fields, seconds) in [
        (r#""status_time_sec":300"#, Some(300)),
        (r#""status_time_sec":"300.0""#, Some(300)),
        (r#""status_time_sec":-4"#, Some(0)),
        (r#""status_time_sec":"","status_time_mmss":"01:15:00""#, Some(4500)),
        (r#""status_time_sec":null,"status_time_mmss":"99:59""#, Some(5999)),
        (r#""status_time_mmss":"soon""#, None),
        (r#""status_time_sec":1e300"#, None),
    ] {
        let expected = seconds.map(|s| middle() - TimeDelta::seconds(s));
        assert_eq!(one(fields).since, expected, "{fields}");
    }
}

#[test]
fn a_second_call_is_an_episode_of_its_own_but_only_during_calls() {
    assert_eq!(one(r#""status":"INCALL","call_log_id":"5""#).episode.as_deref(), Some("5"));
    assert_eq!(
        one(r#""status":"INCALL","call_log_id":"0","lead_id":7"#).episode.as_deref(),
        Some("7")
    );
    assert_eq!(one(r#""status":"READY","call_log_id":"5""#).episode, None);
}

#[test]
fn the_call_is_told_while_there_is_one() {
    let fields = r#""call_log_id":"789","lead_id":54321,"list_id":"333","call_type":"outbound",
        "channel_type":"phone""#;
    let call = |status: &str, fields: &str| {
        let seen = one(&format!(r#""status":"{status}",{fields}"#));
        seen.contact.and_then(|contact| contact.call)
    };
    let told = Call {
        id: Some("789".to_owned()),
        lead_id: Some("54321".to_owned()),
        list_id: Some("333".to_owned()),
        kind: Some("outbound".to_owned()),
        channel: Some("phone".to_owned()),
    };
    for status in ["INCALL", "RINGING", "WRAP", "TRANSFER"] {
        assert_eq!(call(status, fields), Some(told.clone()), "{status}");
    }
    for status in ["READY", "PAUSED", "LOGGED_OUT", "MANUAL"] {
        assert_eq!(call(status, fields), None, "{status}: what lingers is no call");
    }
    let absent = r#""call_log_id":"0","lead_id":"-","list_id":"","call_type":"-""#;
    assert_eq!(call("INCALL", absent), None);
    let lead = r#""call_log_id":null,"lead_id":"7","list_id":{},"channel_type":"0""#;
    let only_lead = Call { lead_id: Some("7".to_owned()), ..Call::default() };
    assert_eq!(call("INCALL", lead), Some(only_lead));
}

#[test]
fn the_floors_own_words_are_used() {
    let mut convoso = dialer();
    convoso.status_map = HashMap::from([("MANUAL".to_owned(), Activity::OnContact)]);
    let mut settings = fixture::of_dialer(convoso.clone());
    settings.reason_map = HashMap::from([("comfort break".to_owned(), Reason::Break)]);
    let body = r#"{"agents":[{"user_id":"1","status":"manual"},
        {"user_id":"2","status":"PAUSED","status_label":"Comfort Break"},
        {"user_id":"3","status":"PAUSED","status_label":"Comfort Break long"}]}"#;
    let reading = Agents::new(desk(settings, convoso)).understand(&answer(200, body)).unwrap();
    let activities: Vec<_> = list(&reading).0.iter().map(|s| s.activity.clone()).collect();
    let away = Activity::Away;
    assert_eq!(activities, [Activity::OnContact, away(Reason::Break), away(Reason::Unspecified)]);
}

#[test]
fn who_is_no_agent_is_not_missed() {
    let convoso = dialer();
    let mut settings = fixture::of_dialer(convoso.clone());
    settings.exclude = HashSet::from(["9001".into()]);
    let body = r#"{"agents":[{"user_id":"9001"},{"user_id":"1"}],"agent_total":3}"#;
    let reading = Agents::new(desk(settings, convoso)).understand(&answer(200, body)).unwrap();
    let (seen, coverage) = list(&reading);
    assert_eq!(seen.len(), 1);
    assert_eq!(coverage, Coverage::Whole { declared: Some(2) }, "one row never came");
}

#[test]
fn skills_are_matched_here_any_of_them() {
    let mut convoso = dialer();
    convoso.filter = Filter { skills: vec!["Spanish".into(), "vip".into()], ..Filter::default() };
    let body = r#"{"agents":[{"user_id":"1","skill_options":"english, spanish"},
        {"user_id":"2","skill_options":"english"},{"user_id":"3"}]}"#;
    let reading = agents(convoso).understand(&answer(200, body)).unwrap();
    let (seen, coverage) = list(&reading);
    assert_eq!((seen.len(), seen[0].agent.as_str()), (1, "1"));
    assert_eq!(coverage, Coverage::Filtered);
}

#[test]
fn an_agent_listed_twice_sits_in_both_queues_and_has_one_state_the_busiest() {
    let row = |queue: &str, status: &str, seconds: u32, calls: u32| {
        format!(
            r#"{{"user_id":"1","campaign_id":"111","queue_id":"{queue}","queue_name":"Q {queue}",
                "status":"{status}","status_time_sec":{seconds},"calls_today":{calls}}}"#
        )
    };
    let read = |rows: [&String; 2]| {
        let body = format!(r#"{{"agents":[{},{}],"agent_total":2}}"#, rows[0], rows[1]);
        let reading = understand(&body).unwrap();
        let (seen, coverage) = list(&reading);
        assert_eq!((seen.len(), coverage), (1, Coverage::Whole { declared: Some(1) }));
        seen[0].clone()
    };
    for (one, other, word, seconds) in [
        (row("222", "READY", 40, 3), row("223", "READY", 40, 3), "READY", 40),
        (row("222", "READY", 5, 3), row("223", "INCALL", 40, 4), "INCALL", 40),
        (row("222", "PAUSED", 40, 3), row("223", "PAUSED", 9, 0), "PAUSED", 9),
    ] {
        for rows in [[&one, &other], [&other, &one]] {
            let seen = read(rows);
            assert_eq!(
                (seen.raw.as_str(), seen.work.queues().collect::<Vec<_>>()),
                (word, vec!["Q 222", "Q 223"])
            );
            assert_eq!(seen.since, Some(middle() - TimeDelta::seconds(seconds)));
            assert!(seen.work.calls_today >= Some(3));
        }
    }
    let seen = read([&row("222", "READY", 1, 0), &row("222", "READY", 1, 0)]);
    assert_eq!(seen.work.also, [], "one queue, listed twice, is one");
}

#[test]
fn a_queues_counters_are_read_with_its_names() {
    let count = |body: &str| {
        let convoso = dialer();
        let mut queues = Queues::new(desk(fixture::of_dialer(convoso.clone()), convoso));
        let turn = QueueTurn { campaign_id: Some("111".into()), queue_id: "222".into() };
        let reading = queues.understand(&answer(200, body), &turn).unwrap();
        assert_eq!(reading.as_of, middle());
        match reading.body {
            Body::Queue(count) => count,
            other => panic!("not a count: {other:?}"),
        }
    };
    let expected = QueueCount {
        campaign_id: Some("111".into()),
        queue_id: "222".into(),
        campaign: Some("Sales Campaign".into()),
        queue: Some("Main Queue".into()),
        calls_today: Some(500),
        answered: Some(450),
        dropped: Some(20),
        dialable_leads: Some(1200),
    };
    assert_eq!(count(DOCUMENTED), expected);
    let service = r#"{"success":true,"data":{"entries":{"agents":[],
        "call_data":{"total_calls":"500","answered":450.0,"dropped":"20"},
        "queue_calls_today":"","queue_dialable_leads":"1,200"}}}"#;
    assert_eq!(count(service), QueueCount { campaign: None, queue: None, ..expected });
    let silent = count(r#"{"agents":[],"call_data":"none"}"#);
    assert_eq!((silent.calls_today, silent.dropped), (None, None), "unknown is not 0");
}

fn turn(campaign: Option<&str>, queue: &str) -> QueueTurn {
    QueueTurn { campaign_id: campaign.map(str::to_owned), queue_id: queue.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn the_queue_counted_longest_ago_goes_first_and_a_new_one_before_all() {
    let mut rotation = Rotation::new(&dialer(), Duration::from_secs(3));
    let now = Instant::now();
    assert_eq!(rotation.next(now), None);
    assert!(rotation.see(Some("1"), "a") && rotation.see(Some("1"), "b"));
    assert!(!rotation.see(Some("1"), "a"), "known");
    let mut order = Vec::new();
    for step in 0..3 {
        let at = now + Duration::from_secs(20 * step);
        let (next, due) = rotation.next(at).unwrap();
        assert_eq!(due, at);
        rotation.asked(&next, at, &counted());
        order.push(next.queue_id);
    }
    assert_eq!(order, ["a", "b", "a"]);
    rotation.see(Some("2"), "a");
    let at = now + Duration::from_secs(60);
    assert_eq!(rotation.next(at).unwrap().0, turn(Some("2"), "a"));
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_the_config_is_counted_unseen_and_once_seen_with_its_campaign() {
    let mut convoso = dialer();
    convoso.queues = vec!["222".into()];
    let mut rotation = Rotation::new(&convoso, Duration::from_secs(3));
    let now = Instant::now();
    assert_eq!(rotation.next(now).unwrap().0, turn(None, "222"));
    rotation.see(Some("111"), "222");
    assert_eq!(rotation.next(now).unwrap().0, turn(Some("111"), "222"));
    rotation.asked(&turn(Some("111"), "222"), now, &counted());
    assert!(rotation.next(now).unwrap().1 >= now + Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_an_earlier_run_is_counted_in_each_of_its_campaigns() {
    let mut convoso = dialer();
    convoso.seen = ["111", "112"].map(|campaign| (Some(campaign.into()), "222".into())).into();
    let turns = |convoso: &ConvosoSettings| {
        let mut rotation = Rotation::new(convoso, Duration::from_secs(3));
        let mut turns = Vec::new();
        while let Some((turn, due)) = rotation.next(Instant::now())
            && due <= Instant::now()
        {
            rotation.asked(&turn, Instant::now(), &counted());
            turns.push(turn);
        }
        turns
    };
    assert_eq!(turns(&convoso), [turn(Some("111"), "222"), turn(Some("112"), "222")]);
    convoso.filter.campaign_id = Some("112".into());
    assert_eq!(turns(&convoso), [turn(Some("112"), "222")]);
}

/// That a queue was counted.
fn counted() -> Result<Reading, Trouble> {
    let body = answer(200, r#"{"agents":[],"queue_calls_today":1}"#);
    let desk = Desk::new(fixture::of_dialer(dialer()), dialer(), Duration::MAX, Clock::system());
    Queues::new(desk).understand(&body, &turn(None, "a"))
}

fn refused(class: Class) -> Result<Reading, Trouble> {
    Err(Trouble::new(class, "no"))
}

#[tokio::test(start_paused = true)]
async fn a_refused_queue_rests_ever_longer_and_one_odd_answer_is_none() {
    let mut rotation = Rotation::new(&dialer(), Duration::from_secs(3));
    rotation.see(None, "a");
    let queue = turn(None, "a");
    let mut waits = |outcome: &Result<Reading, Trouble>, count: usize| {
        let mut waits = Vec::new();
        let mut now = Instant::now();
        for _ in 0..count {
            rotation.asked(&queue, now, outcome);
            let due = rotation.next(now).unwrap().1;
            waits.push((due - now).as_secs());
            now = due;
        }
        waits
    };
    assert_eq!(waits(&refused(Class::Rejected), 6), [30, 60, 120, 240, 300, 300]);
    assert_eq!(waits(&counted(), 1), [10]);
    assert_eq!(waits(&refused(Class::Rejected), 3), [10, 30, 60], "counted before");
    assert_eq!(waits(&counted(), 1), [10]);
    assert_eq!(waits(&refused(Class::Denied), 2), [10, 30]);
    assert_eq!(waits(&refused(Class::Transient), 3), [10, 10, 10], "not its own trouble");
    rotation.wake_all();
    let now = Instant::now();
    assert!(rotation.next(now).unwrap().1 <= now + Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn a_queue_without_permission_is_asked_for_hourly() {
    let mut rotation = Rotation::new(&dialer(), Duration::from_secs(3));
    rotation.see(None, "a");
    let now = Instant::now();
    rotation.asked(&turn(None, "a"), now, &refused(Class::NotEntitled));
    assert_eq!(rotation.next(now).unwrap().1, now + Duration::from_secs(3600));
    rotation.wake_all();
    assert!(rotation.next(now).unwrap().1 <= now + Duration::from_secs(10));
}
