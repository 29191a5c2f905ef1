//! A fault falls into reading back, and passes.

use std::time::Duration;

use chrono::TimeDelta;

use super::tenant::{Fault, tenant};
use crate::http::scripted::three;
use crate::model::{Activity, Body, Reading, Spell};
use crate::source::poller::Feed as _;

/// One change in every window of twelve hours.
const CHANGES: i64 = 72;

fn take(spells: &mut Vec<Spell>, reading: Reading) {
    let Body::Agents { histories, .. } = reading.body else { panic!() };
    for told in histories {
        spells.retain(|spell| spell.since < told.from || spell.since >= told.until);
        spells.extend(told.spells);
    }
    spells.sort_by_key(|spell| spell.since);
}

#[tokio::test]
async fn a_fault_of_four_seconds_while_reading_back_costs_nothing_of_the_past() {
    for fault in Fault::ALL {
        // A hanging server is waited for in real time.
        let limit = Duration::from_secs(if fault == Fault::Hang { 3 } else { 60 });
        let after: &[usize] = if fault == Fault::Hang { &[1] } else { &[0, 1, 5, 40] };
        for healthy in after {
            let case = format!("{fault:?} after {healthy} windows");
            let (tenant, _server, mut reader) = tenant(limit).await;
            for change in 0..CHANGES {
                let kind = if change % 2 == 0 { "agent-ready" } else { "agent-not-ready" };
                tenant.lock().unwrap().begin("a", kind, -600 * (CHANGES - change) + 300);
            }
            let mut spells = Vec::new();
            take(&mut spells, reader.read().await.unwrap());
            for _ in 0..*healthy {
                take(&mut spells, reader.read_back().await.unwrap().unwrap());
            }
            tenant.lock().unwrap().fault = Some(fault);
            let (mut asked, before) = (0, tenant.lock().unwrap().asked);
            for now in 0..4 {
                tenant.lock().unwrap().now = now;
                while reader.backlog().is_some_and(|wait| wait.as_millis() <= 500) {
                    take(&mut spells, reader.read_back().await.unwrap().unwrap());
                    asked += 1;
                }
                let unread = reader.unread();
                assert_eq!(unread.len(), 1, "{case}: the gap is known");
                assert!(!unread[0].why.is_empty() && unread[0].from < unread[0].until);
            }
            assert!((1..=3).contains(&asked), "{case}: {asked} in four seconds");
            assert_eq!(tenant.lock().unwrap().asked - before, asked, "{case}");
            tenant.lock().unwrap().fault = None;
            let mut now = 4;
            while let Some(wait) = reader.backlog() {
                now += i64::try_from(wait.as_secs()).unwrap() + 1;
                assert!(now < 200, "{case}: it takes for ever");
                tenant.lock().unwrap().now = now;
                if let Some(reading) = reader.read_back().await.unwrap() {
                    take(&mut spells, reading);
                }
            }
            assert!(reader.unread().is_empty(), "{case}");
            assert!(reader.way_back().unwrap().is_complete(), "{case}");
            assert_eq!(spells.len(), usize::try_from(CHANGES).unwrap(), "{case}");
            assert!(spells.iter().all(|spell| spell.until.is_none_or(|end| end > spell.since)));
        }
    }
}

#[tokio::test]
async fn behind_a_window_that_could_not_be_read_nobody_knows_how_long_a_state_went_on() {
    let (tenant, _server, mut reader) = tenant(Duration::from_secs(60)).await;
    {
        let mut tenant = tenant.lock().unwrap();
        tenant.begin("a", "agent-ready", -60);
    }
    let mut spells = Vec::new();
    take(&mut spells, reader.read().await.unwrap());
    while reader.backlog().is_some() {
        take(&mut spells, reader.read_back().await.unwrap().unwrap());
    }
    // The network is gone for an hour, in the middle of which the agent is away for ten minutes.
    {
        let mut tenant = tenant.lock().unwrap();
        tenant.begin("a", "agent-not-ready", 1500);
        tenant.begin("a", "agent-ready", 2100);
        tenant.now = 3600;
    }
    let newest = reader.read().await.unwrap();
    let answered_at = newest.taken_at;
    take(&mut spells, newest);
    {
        let mut tenant = tenant.lock().unwrap();
        tenant.now += 2;
        tenant.fault = Some(Fault::Status(404));
    }
    let reading = reader.read_back().await.unwrap().unwrap();
    let Body::Agents { observations, .. } = &reading.body else { panic!() };
    assert_eq!(observations[0].evidence, crate::model::Evidence::Stale);
    assert!(reading.taken_at <= answered_at, "a failure is no answer");
    take(&mut spells, reading);
    let known_until = spells[0].until.unwrap() - three();
    assert!(known_until.abs() <= TimeDelta::seconds(21), "{known_until}");
    tenant.lock().unwrap().fault = None;
    for _ in 0..20 {
        tenant.lock().unwrap().now += 5;
        if let Some(reading) = reader.read_back().await.unwrap() {
            take(&mut spells, reading);
        }
    }
    let told: Vec<_> =
        spells.iter().map(|s| (s.activity.clone(), (s.since - three()).num_seconds())).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[0].0, Activity::Available);
    assert!(spells[0].until.is_none_or(|end| end - three() > TimeDelta::seconds(1495)));
    assert!(matches!(told[1].0, Activity::Away(_)) && (told[1].1 - 1500).abs() <= 1, "{told:?}");
    assert!((told[2].1 - 2100).abs() <= 1, "{told:?}");
}
