//! Page after page, what is new, what comes late.

use super::vendor::vendor;
use super::*;
use crate::vendor::Class;

const NOON: &str = "2026-03-01T20:00:00Z";

/// The first `count` rows of a morning, two minutes apart.
fn morning(count: usize) -> Vec<Value> {
    (0..count).map(nth).collect()
}

fn nth(index: usize) -> Value {
    let at = format!("2026-03-01 {:02}:{:02}:00", 8 + index / 30, index % 30 * 2);
    let (state, code) = match index % 3 {
        0 if index == 0 => ("LOGIN", ""),
        0 => ("NotReady", "WRAP"),
        1 => ("Ready", "READY_CALLS"),
        _ => ("NotReady", "BREAK"),
    };
    row(&format!("event_{index}"), &at, state, code)
}

/// The offsets that were asked for of the first of March.
fn offsets(scene: &Scene) -> Vec<usize> {
    let asked = scene.asked();
    asked.into_iter().filter(|asked| asked.start == "2026-03-01").map(|a| a.offset).collect()
}

#[tokio::test]
async fn today_comes_first_and_then_yesterday_a_page_at_each_step() {
    let yesterday = (0..4)
        .map(|index| row(&format!("y{index}"), &format!("2026-02-28 1{index}:00:00"), "Ready", ""));
    let mut scene = scene(vendor(NOON, yesterday.chain(morning(4)))).await;
    assert_eq!(scene.history.way_back(), None);
    scene.read().await.unwrap();
    assert_eq!(scene.asked().len(), 1, "one request a reading");
    assert!(scene.spells("1").is_empty(), "half a day is not told");
    assert_eq!(scene.history.backlog(), Some(Duration::from_secs(6)));
    let way = scene.history.way_back().unwrap();
    assert_eq!((way.done, way.is_complete()), (1, false));
    scene.settle().await;
    let days: Vec<(String, usize)> =
        scene.asked().into_iter().map(|asked| (asked.start, asked.offset)).collect();
    let expected = [("2026-03-01", 3), ("2026-02-28", 0), ("2026-02-28", 3)];
    assert_eq!(days, expected.map(|(day, offset)| (day.to_owned(), offset)));
    let way = scene.history.way_back().unwrap();
    assert_eq!((way.done, way.of), (4, 4));
    assert_eq!(scene.spells("1").len(), 8);
}

#[tokio::test]
async fn an_exactly_full_page_is_followed_by_one_more_request() {
    for (count, expected) in [(0, vec![0]), (2, vec![0]), (3, vec![0, 3]), (6, vec![0, 3, 6])] {
        let mut scene = scene(vendor(NOON, morning(count))).await;
        scene.settle().await;
        let mut offsets = offsets(&scene);
        offsets.dedup(); // an empty day is asked for in two ways
        assert_eq!(offsets, expected, "{count} rows");
        assert_eq!(scene.spells("1").len(), count);
    }
}

#[tokio::test]
async fn a_service_that_gives_less_than_is_asked_for_is_read_to_the_end() {
    let mut meagre = vendor(NOON, morning(5));
    (meagre.is_service, meagre.most) = (true, 2);
    let mut scene = scene(meagre).await;
    scene.settle().await;
    assert_eq!(offsets(&scene), [0, 2, 4]);
    assert_eq!(scene.spells("1").len(), 5);
}

#[tokio::test]
async fn a_page_that_is_cut_short_is_not_the_last_where_the_total_says_so() {
    let mut meagre = vendor(NOON, morning(5));
    (meagre.is_service, meagre.most, meagre.says_limit) = (true, 2, false);
    let mut scene = scene(meagre).await;
    scene.settle().await;
    assert_eq!(offsets(&scene), [0, 2, 4]);
    assert_eq!(scene.spells("1").len(), 5);
}

#[tokio::test]
async fn a_page_that_is_read_again_says_nothing_of_what_is_new() {
    let mut scene = scene(vendor(NOON, morning(4))).await;
    scene.settle().await;
    scene.pass(TimeDelta::minutes(11));
    scene.read().await.unwrap();
    let news = scene.readings.last().unwrap().as_of;
    assert_eq!(news, scene.readings.last().unwrap().taken_at);
    scene.pass(TimeDelta::seconds(6));
    let again = scene.history.read_back().await.unwrap().unwrap();
    assert_eq!((again.as_of, again.taken_at), (news, news + TimeDelta::seconds(6)));
}

#[tokio::test]
async fn what_is_new_is_asked_for_from_where_the_log_ended() {
    let mut scene = scene(vendor(NOON, morning(4))).await;
    scene.settle().await;
    scene.asked();
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    assert_eq!(offsets(&scene), [4]);
    assert!(histories(scene.readings.last().unwrap()).is_empty(), "nothing is new");
    scene.add([nth(4), nth(5), nth(6), nth(7)]);
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    assert_eq!(offsets(&scene), [4, 7]);
    assert_eq!(scene.spells("1").len(), 8);
    let until =
        scene.told[&AgentId::from("1")].past(None).recorded(utc(NOON), utc("2026-03-02T00:00:00Z"));
    assert_eq!(until[0].until, Some(utc("2026-03-01T20:02:00.501Z")), "read up to now");
}

#[tokio::test]
async fn only_who_has_news_is_told() {
    let other = |id: &str, at: &str| with(row(id, at, "Ready", ""), json!({"user_id": "2"}));
    let rows = morning(2).into_iter().chain([other("o1", "2026-03-01 11:00:00")]);
    let mut scene = scene(vendor(NOON, rows)).await;
    scene.settle().await;
    scene.add([other("o2", "2026-03-01 12:00:00")]);
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    let last = histories(scene.readings.last().unwrap());
    assert_eq!(last.iter().map(|h| h.agent.as_str()).collect::<Vec<_>>(), ["2"]);
    assert_eq!(last[0].from, utc("2026-02-28T08:00:00Z"), "since yesterday began");
    assert_eq!(last[0].spells.len(), 2);
}

#[tokio::test]
async fn rows_that_are_appended_while_paging_are_neither_lost_nor_doubled() {
    let mut scene = scene(vendor(NOON, morning(4))).await;
    scene.read().await.unwrap();
    scene.add([nth(4), nth(5)]);
    scene.settle().await;
    assert_eq!(scene.spells("1").len(), 6);
}

#[tokio::test]
async fn every_ten_minutes_the_day_is_read_from_its_beginning() {
    let mut scene = scene(vendor(NOON, morning(4))).await;
    scene.settle().await;
    scene.vendor.lock().unwrap().rows.insert(1, row("late", "2026-03-01 08:01:00", "Ready", ""));
    scene.vendor.lock().unwrap().rows[2]["availability_code"] = json!("CHANGED");
    scene.pass(TimeDelta::minutes(9));
    scene.settle().await;
    scene.asked();
    scene.pass(TimeDelta::minutes(2));
    scene.settle().await;
    let offsets = offsets(&scene);
    assert!(offsets.windows(2).any(|pair| pair == [0, 3]), "{offsets:?}");
    let story = scene.story();
    assert_eq!(story[1], ("01T16:01:00".to_owned(), "Ready".to_owned()));
    assert_eq!(story[2].1, "Ready CHANGED");
    assert_eq!(story.len(), 5);
}

#[tokio::test]
async fn a_row_out_of_its_order_makes_the_day_be_read_anew() {
    let mut scene = scene(vendor(NOON, morning(4))).await;
    scene.settle().await;
    scene.add([row("late", "2026-03-01 08:01:00", "Ready", "")]);
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    scene.asked();
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    assert_eq!(offsets(&scene), [5, 0, 3], "a page is short when it is read anew");
    for _ in 0..3 {
        scene.pass(TimeDelta::minutes(1));
        scene.settle().await;
    }
    assert!(offsets(&scene).iter().filter(|offset| **offset == 0).count() <= 1, "not for ever");
}

#[tokio::test]
async fn rows_put_in_before_the_end_are_noticed() {
    let mut scene = scene(vendor(NOON, morning(4))).await;
    scene.settle().await;
    scene.vendor.lock().unwrap().rows.insert(2, row("late", "2026-03-01 08:03:00", "Ready", ""));
    for _ in 0..2 {
        scene.pass(TimeDelta::minutes(1));
        scene.settle().await;
    }
    assert_eq!(scene.spells("1").len(), 5);
}

#[tokio::test]
async fn a_log_that_begins_with_the_newest_is_read_all_the_same() {
    let newest_first = |count| morning(count).into_iter().rev().collect::<Vec<_>>();
    let mut scene = scene(vendor(NOON, newest_first(4))).await;
    scene.settle().await;
    assert_eq!(scene.spells("1").len(), 4);
    scene.vendor.lock().unwrap().rows = newest_first(6);
    for _ in 0..3 {
        scene.pass(TimeDelta::minutes(1));
        scene.settle().await;
    }
    assert_eq!(scene.spells("1").len(), 6);
}

#[tokio::test]
async fn rows_without_an_id_and_rows_that_come_twice_count_once() {
    let mut rows: Vec<Value> = morning(5);
    rows.extend(morning(5));
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("id");
    }
    let mut scene = scene(vendor(NOON, rows)).await;
    scene.settle().await;
    assert_eq!(scene.spells("1").len(), 5);
}

#[tokio::test]
async fn a_failure_in_the_middle_loses_nothing() {
    let mut scene = scene(vendor(NOON, morning(5))).await;
    scene.read().await.unwrap();
    scene.vendor.lock().unwrap().instead = Some((503, String::new()));
    assert!(scene.history.read_back().await.is_err());
    scene.settle().await;
    assert_eq!(offsets(&scene), [0, 3, 3]);
    assert_eq!(scene.spells("1").len(), 5);
}

#[tokio::test]
async fn the_servers_clock_is_subtracted_and_its_wavering_is_not() {
    let mut fast = vendor(NOON, morning(2));
    fast.ahead = TimeDelta::seconds(90);
    let mut scene = scene(fast).await;
    scene.settle().await;
    let before = scene.spells("1");
    assert_eq!(before[0].since, utc("2026-03-01T15:58:30Z"));
    scene.pass(TimeDelta::milliseconds(60_300));
    scene.add([nth(2)]);
    scene.settle().await;
    let after = scene.spells("1");
    assert_eq!(after[0].since, before[0].since);
    assert_eq!(after[2].since - after[1].since, TimeDelta::minutes(2));
}

#[tokio::test]
async fn a_fault_that_passes_costs_no_page_of_the_log() {
    let faults = [
        (503, "down"),
        (404, ""),
        (400, "<html>"),
        (200, "<html>"),
        (200, r#"{"success":true,"data":{"entries":[{"id":"1","us"#),
    ];
    for (status, body) in faults {
        for healthy in 0..4 {
            let case = format!("{status} {body} after {healthy} answers");
            let rows: Vec<Value> = (0..11)
                .map(|index| {
                    let state = if index % 2 == 0 { "Ready" } else { "NotReady" };
                    row(&index.to_string(), &format!("2026-03-01 09:{index:02}:00"), state, "")
                })
                .collect();
            let mut scene = scene(vendor("2026-03-01T20:00:00Z", rows)).await;
            let mut answers = 0;
            // A poll every half minute, and pages in between while nothing fails.
            for _ in 0..60 {
                loop {
                    if answers == healthy {
                        let fault = Some((status, body.to_owned()));
                        scene.vendor.lock().unwrap().instead = fault;
                    }
                    answers += 1;
                    let is_first = scene.readings.is_empty();
                    let read = if is_first || scene.history.backlog().is_none() {
                        scene.read().await.map(|()| true)
                    } else {
                        scene.history.read_back().await.map(|reading| {
                            scene.hear(reading.unwrap());
                            true
                        })
                    };
                    if read.is_err() || scene.history.backlog().is_none() {
                        break;
                    }
                }
                scene.pass(TimeDelta::seconds(30));
            }
            assert_eq!(scene.spells("1").len(), 11, "{case}");
            assert_eq!(scene.incomplete(), None, "{case}");
        }
    }
}

#[tokio::test]
async fn a_page_behind_the_first_that_is_refused_by_a_bare_status_is_a_failure_and_no_ceiling() {
    for (status, body) in [
        (404, "<!DOCTYPE html><title>Not found</title>"),
        (410, ""),
        (400, r#"{"error":"Bad Request"}"#),
        (501, "{}"),
    ] {
        let mut scene = scene(vendor(NOON, morning(7))).await;
        scene.read().await.unwrap();
        scene.vendor.lock().unwrap().instead = Some((status, body.to_owned()));
        let trouble = scene.history.read_back().await.unwrap_err();
        assert_eq!(trouble.class, Class::Rejected, "{status}");
        assert!(trouble.text.contains(&status.to_string()), "{trouble}");
        scene.settle().await;
        assert_eq!(scene.spells("1").len(), 7, "{status}: nothing is left out");
        assert_eq!(scene.incomplete(), None, "{status}");
    }
}

#[tokio::test]
async fn rows_that_cannot_be_understood_are_counted_for_as_long_as_they_are_there() {
    let bad = |index| with(nth(index), json!({"user_id": ""}));
    let mut rows = morning(5);
    rows[1] = bad(1);
    let mut scene = scene(vendor(NOON, rows)).await;
    let skipped = |scene: &Scene| scene.readings.last().unwrap().skipped;
    scene.settle().await;
    assert_eq!(skipped(&scene), 1, "also after the pages that followed");
    scene.add([nth(5), bad(6), nth(7)]);
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    assert_eq!(skipped(&scene), 2);
    scene.pass(TimeDelta::minutes(11));
    scene.settle().await;
    assert_eq!(skipped(&scene), 2, "read again, they are not more");
    scene.vendor.lock().unwrap().rows[1] = nth(1);
    scene.pass(TimeDelta::minutes(11));
    scene.settle().await;
    assert_eq!(skipped(&scene), 1, "one has been mended");
}
