//! What one record says.

use chrono::TimeDelta;

use crate::model::{AdherencePct, Bucket};
use crate::source::sipio::live::{Live, live};
use crate::source::sipio::wire::{NotBelievable, Row, percentage};

fn row(json: &str) -> Row<'_> {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_percentage_that_cannot_be_is_none_and_that_is_said() {
    for (json, expected) in [
        (r#"{"occupancyPct":0}"#, Ok(Some(0.0))),
        (r#"{"occupancyPct":100}"#, Ok(Some(100.0))),
        (r#"{"occupancyPct":null}"#, Ok(None)),
        (r#"{"occupancyPct":-0.1}"#, Err(NotBelievable)),
        (r#"{"occupancyPct":100.1}"#, Err(NotBelievable)),
        (r#"{"occupancyPct":"853"}"#, Err(NotBelievable)),
        (r#"{"occupancyPct":1e300}"#, Err(NotBelievable)),
    ] {
        assert_eq!(percentage(&row(json).occupancy_pct), expected, "{json}");
    }
}

#[test]
fn adherence_comes_in_many_forms() {
    use AdherencePct as A;
    for (json, expected) in [
        (r#"{"adherencePct":92}"#, A::Percent(92.0)),
        (r#"{"adherencePct":16.7}"#, A::Percent(16.7)),
        (r#"{"adherencePct":"83.3"}"#, A::Percent(83.3)),
        (r#"{"adherencePct":0}"#, A::Percent(0.0)),
        (r#"{"adherencePct":null}"#, A::NoSchedule),
        ("{}", A::NoSchedule),
        (r#"{"adherencePct":"bypass"}"#, A::Bypass),
        (r#"{"adherencePct":"Bypass "}"#, A::Bypass),
        (r#"{"adherencePct":"soon"}"#, A::Unreadable("soon".into())),
        (r#"{"adherencePct":"92%"}"#, A::Unreadable("92%".into())),
        (r#"{"adherencePct":"NaN"}"#, A::Unreadable("NaN".into())),
        (r#"{"adherencePct":-5}"#, A::Unreadable("-5, which is not believable".into())),
        (r#"{"adherencePct":101}"#, A::Unreadable("101, which is not believable".into())),
        (r#"{"adherencePct":true}"#, A::Unreadable("true".into())),
        (r#"{"adherencePct":[92]}"#, A::Unreadable("a list or an object".into())),
        (r#"{"adherencePct":"\u001b[31mred"}"#, A::Unreadable("red".into())),
    ] {
        assert_eq!(row(json).adherence(), expected, "{json}");
    }
}

#[test]
fn the_list_of_buckets_is_open_and_its_case_is_nothing() {
    let json = r#"{"statusMs":{"extcall":1,"incall":2,"offline":3,"unreachable":4,"ring":5,"paused":6,
        "wrapup":7,"ready":8,"idle":9,"Siesta":10,"READY":100,"big":9000000000,"text":"11","half":1.6}}"#;
    let (spent, garbage) = row(json).spent();
    let ms: Vec<i64> = spent.values().map(TimeDelta::num_milliseconds).collect();
    use Bucket as B;
    let other = |name: &str| B::Other(name.to_owned());
    let names = [
        B::ExternalCall,
        B::OnContact,
        B::Offline,
        B::Unreachable,
        B::Ringing,
        B::Away,
        B::WrapUp,
        B::Available,
        B::LoggedIn,
        other("Siesta"),
        other("big"),
        other("half"),
        other("text"),
    ];
    assert!(spent.keys().eq(&names), "{spent:?}");
    assert_eq!(ms, [1, 2, 3, 4, 5, 6, 7, 108, 9, 10, 9_000_000_000, 2, 11]);
    assert!(garbage.is_empty());
}

#[test]
fn a_bucket_that_holds_no_time_costs_only_itself() {
    let json = r#"{"statusMs":{"ready":5,"paused":-1,"ring":"soon","idle":null,"wrapup":[],
        "incall":18446744073709551615,"a\u0007":true,
        "lunch":9223372036854775807,"call":31536000000}}"#;
    let (spent, garbage) = row(json).spent();
    assert_eq!(
        spent.into_iter().collect::<Vec<_>>(),
        [(Bucket::Available, TimeDelta::milliseconds(5))]
    );
    let names = ["a", "call", "idle", "incall", "lunch", "paused", "ring", "wrapup"]
        .map(|n| format!("statusMs.{n}"));
    assert_eq!(garbage, names);
    for (json, complaints) in [
        ("{}", 0),
        (r#"{"statusMs":null}"#, 0),
        (r#"{"statusMs":[]}"#, 0),
        (r#"{"statusMs":{}}"#, 0),
        (r#"{"statusMs":7}"#, 1),
        (r#"{"statusMs":[1]}"#, 1),
    ] {
        let (spent, garbage) = row(json).spent();
        assert_eq!((spent.len(), garbage.len()), (0, complaints), "{json}");
    }
}

#[test]
fn live_fields_say_what_the_agent_does() {
    use Live::{Does, Wants};
    for (json, expected, words) in [
        (r#"{"bucket":"wrapup","status":"available"}"#, Does(Bucket::WrapUp), "wrapup"),
        (r#"{"bucket":"EXTCALL"}"#, Does(Bucket::ExternalCall), "EXTCALL"),
        (r#"{"status":"on_break","state":"in_call"}"#, Does(Bucket::OnContact), "on_break/in_call"),
        (
            r#"{"status":"on_break","state":"waiting","reachable":true}"#,
            Does(Bucket::Away),
            "on_break/waiting",
        ),
        (r#"{"status":"on_break","state":"wrap_up"}"#, Does(Bucket::Away), "on_break/wrap_up"),
        (r#"{"status":"available","state":"wrap_up"}"#, Does(Bucket::WrapUp), "available/wrap_up"),
        (
            r#"{"status":"available","state":"offering"}"#,
            Does(Bucket::Ringing),
            "available/offering",
        ),
        (
            r#"{"status":"available","state":"waiting"}"#,
            Does(Bucket::Available),
            "available/waiting",
        ),
        (
            r#"{"status":"available","state":"waiting","reachable":false}"#,
            Does(Bucket::Unreachable),
            "available/waiting/unreachable",
        ),
        (
            r#"{"state":"in_call","reachable":false}"#,
            Does(Bucket::OnContact),
            "in_call/unreachable",
        ),
        (r#"{"status":"offline","reachable":false}"#, Does(Bucket::Offline), "offline/unreachable"),
        (r#"{"status":"idle","state":"waiting"}"#, Does(Bucket::LoggedIn), "idle/waiting"),
        (r#"{"status":"ready"}"#, Does(Bucket::Available), "ready"),
        (r#"{"state":"ring"}"#, Does(Bucket::Ringing), "ring"),
        (r#"{"status":"available"}"#, Wants(Bucket::Available), "available"),
        (r#"{"status":"on_break","state":"siesta"}"#, Wants(Bucket::Away), "on_break/siesta"),
    ] {
        assert_eq!(live(&row(json)), Some((expected, words.to_owned())), "{json}");
    }
    for json in [
        "{}",
        r#"{"bucket":"siesta"}"#,
        r#"{"state":"waiting"}"#,
        r#"{"reachable":true}"#,
        r#"{"status":7,"state":[],"reachable":"perhaps"}"#,
    ] {
        assert_eq!(live(&row(json)), None, "{json}");
    }
}
