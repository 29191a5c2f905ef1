use std::collections::BTreeMap;

use super::*;

fn sum(times: &TimesTruth) -> i64 {
    i64::try_from(times.ms.values().sum::<u64>()).unwrap()
}

#[tokio::test]
async fn the_times_of_everybody_fill_the_window_and_are_those_of_each_system() {
    let floor = Floor::with(|o| o.agents = 200).await;
    floor.pass(TimeDelta::minutes(20));
    let (since, until) = (noon() + TimeDelta::minutes(2), noon() + TimeDelta::minutes(17));
    let (before, after) = (floor.running.truth_at(since), floor.running.truth_at(until));
    let mut changed = 0;
    for kpi in floor.running.kpi(since, until) {
        assert_eq!((kpi.since, kpi.until), (since, until));
        let person = after.person(&kpi.person).unwrap();
        let of = |truth: &Truth| truth.person(&kpi.person).cloned().unwrap();
        assert_eq!(kpi.in_wfm, person.wfm_employee_id.is_some());
        assert_eq!(kpi.convoso.is_some(), person.convoso.is_some());
        assert_eq!(kpi.cxengage.is_some(), person.cxengage.is_some());
        let all =
            [Some(&kpi.really), kpi.convoso.as_ref(), kpi.cxengage.as_ref(), kpi.sip.as_ref()];
        for times in all.into_iter().flatten() {
            assert_eq!(sum(times), (until - since).num_milliseconds());
            assert!(times.ms.len() == 1 || times.changes > 0, "{kpi:?}");
        }
        changed += kpi.really.changes;
        if let (Some(times), Some(sip)) = (&kpi.sip, &person.sip) {
            let earlier = of(&before).sip.unwrap().ms;
            let grown = |bucket: &str| {
                let at = |ms: &BTreeMap<String, u64>| ms.get(bucket).copied().unwrap_or(0);
                at(&sip.ms) - at(&earlier)
            };
            let spent = |word: &str| times.ms.get(word).copied().unwrap_or(0);
            assert_eq!(spent("on_contact"), grown("incall") + grown("extcall"));
            assert_eq!(times.own_call_ms, grown("extcall"));
            assert_eq!(spent("available"), grown("ready"));
            assert_eq!(spent("unreachable"), grown("unreachable"));
        }
        if kpi.convoso.is_some() && kpi.cxengage.is_none() && kpi.sip.is_none() {
            assert_eq!(kpi.convoso.as_ref(), Some(&kpi.really));
        }
        // Who does the same at both ends and never changes did it all the while.
        if kpi.really.changes == 0 {
            assert_eq!(kpi.really.ms.keys().next(), Some(&of(&before).activity));
        }
    }
    assert!(changed > 1_000, "{changed}");
}

#[tokio::test]
async fn the_times_are_also_served() {
    let floor = Floor::open().await;
    floor.pass(TimeDelta::minutes(1));
    let served = floor.request(Method::GET, "/simulator/kpi?since=2026-03-02T18:00:10Z");
    let served: Vec<KpiTruth> = serde_json::from_value(json(served).await).unwrap();
    let since = noon() + TimeDelta::milliseconds(9_750);
    assert_eq!(served, floor.running.kpi(since, noon() + TimeDelta::minutes(1)));
    assert_eq!(served[0].until, noon() + TimeDelta::minutes(1), "not after now");
}

#[tokio::test]
async fn at_a_brisk_pace_a_minute_has_many_changes_and_none_is_too_short_to_be_seen() {
    let floor = Floor::with(|o| o.pace = Pace::Brisk).await;
    let usual = Floor::open().await;
    let hour = noon() - TimeDelta::hours(1);
    assert_eq!(
        floor.running.kpi(hour, noon()),
        usual.running.kpi(hour, noon()),
        "the same history"
    );
    floor.pass(TimeDelta::seconds(100));
    let (since, until) = (noon() + TimeDelta::seconds(20), noon() + TimeDelta::seconds(80));
    let all = floor.running.kpi(since, until);
    let busy: Vec<_> = all.iter().filter(|kpi| kpi.really.changes > 0).collect();
    assert!(busy.len() * 3 > all.len() * 2, "{} of {}", busy.len(), all.len());
    for kpi in &busy {
        assert!((2..=15).contains(&kpi.really.changes), "{kpi:?}");
    }
    let changes: u64 = busy.iter().map(|kpi| kpi.really.changes).sum();
    assert!(changes > 6 * busy.len() as u64, "{changes} by {}", busy.len());
}
