//! The server's clock is set while its counters are read.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::response::IntoResponse;
use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Clock;
use crate::http::scripted::{Server, json, three};
use crate::model::{Activity, Body};
use crate::source::fixture;
use crate::source::poller::Feed;
use crate::source::sipio::Reader;

/// The true time, by how much the server is ahead of it, and what that becomes with the next request.
type World = Arc<Mutex<(DateTime<Utc>, TimeDelta, Option<TimeDelta>)>>;

#[tokio::test]
async fn whenever_a_server_is_set_the_state_and_its_beginning_stay() {
    for seconds in [-7200, -3600, -20, -5, 5, 20, 3600, 7200] {
        for stamps_anew in [true, false] {
            for is_during in [true, false] {
                let case = format!("{seconds} s, anew: {stamps_anew}, during: {is_during}");
                let world: World = Arc::new(Mutex::new((three(), TimeDelta::zero(), None)));
                let theirs = Arc::clone(&world);
                // On a call since a minute before three, waiting before that since the day began.
                let server = Server::start(move |seen| {
                    let (now, ahead) = {
                        let mut world = theirs.lock().unwrap();
                        world.1 = world.2.take().unwrap_or(world.1);
                        (world.0, world.1)
                    };
                    let since: i64 =
                        seen.query.trim_start_matches("since=").parse().unwrap();
                    let asked = DateTime::from_timestamp_millis(since).unwrap();
                    let from = if stamps_anew { asked - ahead } else { asked };
                    let call = three() - TimeDelta::seconds(60);
                    let ready = (call - from).num_milliseconds();
                    let on_call = (now - call).num_milliseconds();
                    let body = format!(
                        r#"{{"agents":[{{"user_id":"1","statusMs":{{"ready":{ready},"incall":{on_call}}}}}]}}"#
                    );
                    let date = (now + ahead).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
                    ([("date", date)], json(200, body)).into_response()
                })
                .await;
                let ours = Arc::clone(&world);
                let clock = Clock::telling(move || ours.lock().unwrap().0);
                let telephony = fixture::telephony(server.url.clone());
                let settings = fixture::of_telephony(telephony.clone());
                let mut reader = Reader::new(settings, telephony, Duration::from_secs(10), clock);
                reader.prepare().unwrap();
                let mut since = None;
                for poll in 0..10 {
                    if poll == 4 {
                        let mut world = world.lock().unwrap();
                        let ahead = TimeDelta::seconds(seconds);
                        if is_during { world.2 = Some(ahead) } else { world.1 = ahead }
                    }
                    let before = server.seen().len();
                    let reading = reader.read().await.unwrap();
                    assert!(server.seen().len() - before <= 2, "{case}: a storm");
                    let Body::Agents { observations, .. } = reading.body else { panic!() };
                    if poll >= 2 {
                        let seen = &observations[0];
                        assert_eq!(seen.activity, Activity::OnContact, "{case}, {poll}: {seen:?}");
                        let known = *since.get_or_insert(seen.since.unwrap());
                        let off = seen.since.unwrap() - known;
                        assert!(off.abs() <= TimeDelta::seconds(4), "{case}, {poll}: {off}");
                    }
                    world.lock().unwrap().0 += TimeDelta::seconds(15);
                }
            }
        }
    }
}
