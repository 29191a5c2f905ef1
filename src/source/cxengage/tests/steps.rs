//! The server's clock is set while its log is read.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::tenant::{Tenant, tenant};
use crate::http::scripted::three;
use crate::model::{Activity, Body, Evidence, Observation, Reading};
use crate::source::cxengage::Reader;
use crate::source::poller::Feed as _;

const POLL: i64 = 15;
const PATIENCE: Duration = Duration::from_secs(60);

/// How far a clock is set, in seconds.
const STEPS: [i64; 8] = [-7200, -3600, -20, -5, 5, 20, 3600, 7200];

fn of<'a>(reading: &'a Reading, agent: &str) -> &'a Observation {
    let Body::Agents { observations, .. } = &reading.body else { panic!("{reading:?}") };
    observations.iter().find(|seen| seen.agent.as_str() == agent).unwrap()
}

fn is_near(at: DateTime<Utc>, seconds: i64) -> bool {
    (at - three() - TimeDelta::seconds(seconds)).abs() <= TimeDelta::seconds(4)
}

async fn poll(tenant: &std::sync::Mutex<Tenant>, reader: &mut Reader, at: i64) -> (Reading, usize) {
    let before = {
        let mut tenant = tenant.lock().unwrap();
        tenant.now = at;
        tenant.asked
    };
    let reading = reader.read().await.unwrap();
    let asked = tenant.lock().unwrap().asked - before;
    (reading, asked)
}

#[tokio::test]
async fn whenever_a_server_is_set_the_times_stay_and_it_is_asked_once_more_at_most() {
    for seconds in STEPS {
        for stamps_anew in [true, false] {
            for is_during in [true, false] {
                let case = format!("{seconds} s, anew: {stamps_anew}, during: {is_during}");
                let (tenant, _server, mut reader) = tenant(PATIENCE).await;
                {
                    let mut tenant = tenant.lock().unwrap();
                    tenant.stamps_anew = stamps_anew;
                    tenant.begin("a", "agent-ready", -300);
                    tenant.begin("b", "agent-ready", -200);
                    tenant.begin("b", "agent-not-ready", -100);
                }
                let mut last = poll(&tenant, &mut reader, 0).await.0.as_of;
                for at in 1..=3 {
                    last = poll(&tenant, &mut reader, at * POLL).await.0.as_of;
                }
                let ahead = TimeDelta::seconds(seconds);
                {
                    let mut tenant = tenant.lock().unwrap();
                    if is_during {
                        tenant.becomes = Some(ahead);
                    } else {
                        tenant.ahead = ahead;
                    }
                }
                for at in 4..=16 {
                    let now = at * POLL;
                    if at == 5 {
                        tenant.lock().unwrap().begin("a", "agent-not-ready", now - 1);
                    }
                    let (reading, asked) = poll(&tenant, &mut reader, now).await;
                    assert!(asked <= 2, "{case}: {asked} requests");
                    let lag = three() + TimeDelta::seconds(now) - reading.as_of;
                    assert!((18..=23).contains(&lag.num_seconds()), "{case}: {lag} behind");
                    assert!(reading.as_of > last, "{case}: it would be dropped as overtaken");
                    last = reading.as_of;
                    let (a, b) = (of(&reading, "a"), of(&reading, "b"));
                    let (activity, since) =
                        if at < 7 { (true, -300) } else { (false, 5 * POLL - 1) };
                    assert_eq!(a.activity == Activity::Available, activity, "{case}, {at}: {a:?}");
                    assert!(is_near(a.since.unwrap(), since), "{case}, {at}: {a:?}");
                    assert!(is_near(b.since.unwrap(), -100), "{case}, {at}: {b:?}");
                    assert_eq!((a.evidence, b.evidence), (Evidence::Observed, Evidence::Observed));
                }
                let offset = reader.clock_offset().unwrap() - ahead;
                assert!(offset.abs() <= TimeDelta::seconds(1), "{case}: {offset}");
            }
        }
    }
}

#[tokio::test]
async fn what_has_been_told_of_the_past_is_not_told_twice_by_a_server_that_stamps_it_anew() {
    for seconds in STEPS {
        let (tenant, _server, mut reader) = tenant(PATIENCE).await;
        {
            let mut tenant = tenant.lock().unwrap();
            tenant.stamps_anew = true;
            for (index, kind) in
                ["agent-ready", "agent-not-ready"].iter().cycle().take(8).enumerate()
            {
                tenant.begin("a", kind, -500 + 60 * i64::try_from(index).unwrap());
            }
        }
        let mut spells: Vec<crate::model::Spell> = Vec::new();
        for at in 0..12 {
            if at == 4 {
                tenant.lock().unwrap().ahead = TimeDelta::seconds(seconds);
            }
            let (reading, _) = poll(&tenant, &mut reader, at * POLL).await;
            let Body::Agents { histories, .. } = reading.body else { panic!() };
            for told in histories {
                spells.retain(|spell| spell.since < told.from || spell.since >= told.until);
                spells.extend(told.spells);
            }
        }
        spells.sort_by_key(|spell| spell.since);
        assert_eq!(spells.len(), 8, "{seconds}: {spells:#?}");
        for (index, spell) in spells.iter().enumerate() {
            let began = -500 + 60 * i64::try_from(index).unwrap();
            assert!(is_near(spell.since, began), "{seconds}: {spell:?}");
        }
    }
}
