use super::*;

const BUCKETS: &str = "extcall idle incall offline paused ready ring unreachable wrapup";

async fn agents(floor: &Floor, query: &str) -> Vec<Value> {
    json(floor.sip(query)).await["agents"].as_array().unwrap().clone()
}

fn since(at: DateTime<Utc>) -> String {
    format!("?since={}", at.timestamp_millis())
}

fn ms(agent: &Value, bucket: &str) -> u64 {
    agent["statusMs"].get(bucket).map_or(0, |ms| ms.as_u64().unwrap())
}

fn seat<'a>(truth: &'a Truth, agent: &Value) -> &'a PersonTruth {
    let id = agent["user_id"].as_str();
    truth.people.iter().find(|p| p.sip_user_id.as_deref() == id).unwrap()
}

#[tokio::test]
async fn the_milliseconds_are_those_of_the_truth_and_the_rest_follows_from_them() {
    let floor = Floor::with(|o| o.agents = 200).await;
    floor.pass(TimeDelta::minutes(20));
    let now = noon() + TimeDelta::minutes(20);
    for from in [noon() - TimeDelta::hours(6), noon(), now] {
        let (before, truth) = (floor.running.truth_at(from), floor.running.truth());
        let list = agents(&floor, &since(from)).await;
        assert_eq!(list.len(), truth.people.iter().filter(|p| p.sip.is_some()).count());
        for agent in &list {
            let person = seat(&truth, agent);
            let earlier = before.person(&person.person).unwrap().sip.as_ref().unwrap();
            let later = person.sip.as_ref().unwrap();
            let mut sum = 0;
            for bucket in BUCKETS.split(' ') {
                let grown = later.ms.get(bucket).copied().unwrap_or(0)
                    - earlier.ms.get(bucket).copied().unwrap_or(0);
                assert_eq!(ms(agent, bucket), grown);
                assert!(grown > 0 || agent["statusMs"].get(bucket).is_none());
                sum += grown;
            }
            assert_eq!(i64::try_from(sum).unwrap(), (now - from).num_milliseconds());
            assert_eq!(agent["loggedInMs"], sum - ms(agent, "offline"));
            let handled = ms(agent, "incall") + ms(agent, "wrapup");
            let occupied = (100 * handled).checked_div(handled + ms(agent, "ready"));
            assert_eq!(agent["occupancyPct"], occupied.unwrap_or(0), "cut off, not rounded");
        }
    }
}

#[tokio::test]
async fn what_grows_is_what_somebody_does() {
    let floor = Floor::open().await;
    let from = since(noon() - TimeDelta::hours(5));
    let before = agents(&floor, &from).await;
    floor.pass(TimeDelta::seconds(2));
    let truth = floor.running.truth();
    let mut steady = 0;
    for (before, after) in before.iter().zip(agents(&floor, &from).await) {
        let sip = seat(&truth, before).sip.as_ref().unwrap();
        if sip.since <= noon() {
            assert_eq!(ms(&after, &sip.bucket), ms(before, &sip.bucket) + 2_000);
            steady += 1;
        }
    }
    assert!(steady >= 3);
}

#[tokio::test]
async fn every_bucket_and_every_kind_of_adherence_is_there_somewhere() {
    let floor = Floor::with(|o| o.agents = 400).await;
    floor.pass(TimeDelta::hours(1));
    let list = agents(&floor, "").await;
    for bucket in BUCKETS.split(' ') {
        assert!(list.iter().any(|a| ms(a, bucket) > 0), "{bucket}");
    }
    let truth = floor.running.truth();
    let mut kinds = std::collections::BTreeSet::new();
    for agent in &list {
        let kind = &seat(&truth, agent).sip.as_ref().unwrap().adherence;
        match (&**kind, agent.get("adherencePct")) {
            ("absent", None) | ("null", Some(Value::Null)) => {}
            ("bypass", Some(word)) => assert_eq!(word, "bypass"),
            ("measured", Some(share)) => assert!(share.is_null() || share.as_u64().unwrap() <= 100),
            other => panic!("{other:?}"),
        }
        kinds.insert(kind.as_str());
    }
    assert_eq!(kinds.len(), 4);
}

#[tokio::test]
async fn some_sit_there_alone_and_their_ids_are_others_extensions() {
    let floor = Floor::open().await;
    let truth = floor.running.truth();
    let seats: Vec<_> = truth.people.iter().filter(|p| p.sip.is_some()).collect();
    assert_eq!(seats.len(), 5);
    let alone: Vec<_> =
        seats.iter().filter(|p| p.convoso.is_none() && p.cxengage.is_none()).collect();
    assert_eq!(alone.len(), 1);
    assert!(alone[0].wfm_employee_id.is_some());
    let listed = json(floor.search(&[])).await;
    let listed = listed["agents"].as_array().unwrap();
    let mut same = 0;
    for seat in seats {
        let id = seat.sip_user_id.as_deref();
        let Some(other) = listed.iter().find(|a| a["extension"].as_str() == id) else { continue };
        assert_ne!(other["user_id"].as_str(), seat.convoso_user_id.as_deref());
        same += 1;
    }
    assert!(same >= 3);
}

#[tokio::test]
async fn a_window_begins_where_the_history_does_and_is_in_the_servers_time() {
    let floor = Floor::with(|o| o.skew = TimeDelta::seconds(90)).await;
    for query in ["", "?since=0", "?since=1772474400"] {
        for agent in agents(&floor, query).await {
            let sum: u64 =
                agent["statusMs"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
            assert_eq!(sum, 12 * 3_600_000);
        }
    }
    let shifted = agents(&floor, &since(noon() + TimeDelta::seconds(80))).await;
    let sum = |a: &Value| -> u64 {
        a["statusMs"].as_object().unwrap().values().filter_map(Value::as_u64).sum()
    };
    assert!(shifted.iter().all(|a| sum(a) == 10_000));
    let garbage = floor.sip("?since=yesterday").send().await.unwrap();
    assert_eq!(garbage.status(), 400);
}

#[tokio::test]
async fn the_key_is_asked_for_and_its_scope() {
    let floor = Floor::open().await;
    let none = floor.request(Method::GET, "/v1/agents");
    let wrong = floor.request(Method::GET, "/v1/agents").header("x-api-key", "sk_wrong");
    for request in [none, wrong] {
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    floor.running.faults().set(Target::SipIo, Fault::Forbidden);
    let denied = floor.sip("").send().await.unwrap();
    assert_eq!(denied.status(), 403);
    assert!(denied.text().await.unwrap().contains("scope: agents"));
    floor.running.faults().set(Target::SipIo, Fault::EmptyList);
    assert!(agents(&floor, "").await.is_empty());
    assert_eq!(floor.running.truth().requests[&Target::SipIo], 4);
}

#[tokio::test]
async fn a_telephone_outlives_the_dialers_logout() {
    let floor = Floor::with(|o| o.agents = 100).await;
    let before = floor.running.truth();
    let works = |p: &&PersonTruth| {
        p.cxengage.is_none()
            && p.convoso.as_ref().is_some_and(|c| c.logged_in)
            && p.sip.as_ref().is_some_and(|s| s.activity == "on_contact")
    };
    let person = before.people.iter().find(works).unwrap();
    json(floor.logout(person.convoso_user_id.as_deref().unwrap())).await;
    let after = floor.running.truth();
    let now = after.person(&person.person).unwrap();
    assert!(!now.convoso.as_ref().unwrap().logged_in);
    assert_eq!(now.sip.as_ref().unwrap().bucket, "ready");
    assert_eq!((&*now.activity, now.since), ("available", noon()));
}

#[tokio::test]
async fn the_mixture_has_other_types_and_the_same_values() {
    let plain = Floor::open().await;
    let mixed = Floor::with(|o| o.dialect = Dialect::Mixed).await;
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (plain, mixed) = (agents(&plain, "").await, agents(&mixed, "").await);
    assert_ne!(plain, mixed);
    for (plain, mixed) in plain.iter().zip(&mixed) {
        for field in ["user_id", "loggedInMs", "occupancyPct"] {
            assert_eq!(text(&plain[field]), text(&mixed[field]));
        }
        assert_eq!(plain["statusMs"], mixed["statusMs"]);
    }
}
