//! The server's days: their ends, their midnight, and those of 23 and 25 hours.

use super::vendor::{Ends, Vendor, vendor};
use super::*;
use crate::vendor::Class;

const NOON: &str = "2026-03-01T20:00:00Z";

fn two_days() -> Vec<Value> {
    vec![
        row("1", "2026-02-28 09:00:00", "LOGIN", ""),
        row("2", "2026-02-28 17:00:00", "LogOut", ""),
        row("3", "2026-03-01 09:00:00", "LOGIN", ""),
        row("4", "2026-03-01 09:05:00", "Ready", ""),
    ]
}

#[tokio::test]
async fn whether_the_last_day_belongs_to_a_period_is_found_out() {
    for (ends, last) in [
        (Ends::Inclusive, "2026-03-01"),
        (Ends::Exclusive, "2026-03-02"),
        (Ends::Refused, "2026-03-02"),
    ] {
        let mut scene = scene(Vendor { ends, ..vendor(NOON, two_days()) }).await;
        scene.settle().await;
        assert_eq!(scene.spells("1").len(), 4, "{ends:?}");
        scene.asked();
        scene.pass(TimeDelta::minutes(1));
        scene.settle().await;
        let asked: Vec<_> = scene.asked().into_iter().map(|a| (a.end, a.offset)).collect();
        assert_eq!(asked, [(last.to_owned(), 2)], "{ends:?}");
    }
}

#[tokio::test]
async fn a_day_on_which_nothing_happened_is_asked_for_in_both_ways() {
    for ends in [Ends::Inclusive, Ends::Exclusive] {
        let night = vendor("2026-03-01T08:10:00Z", two_days().into_iter().take(2));
        let mut scene = scene(Vendor { ends, ..night }).await;
        scene.settle().await;
        assert_eq!(scene.spells("1").len(), 2, "{ends:?}");
        scene.asked();
        scene.add([row("3", "2026-03-01 00:11:00", "LOGIN", "")]);
        scene.pass(TimeDelta::minutes(2));
        scene.settle().await;
        assert_eq!(scene.spells("1").len(), 3, "{ends:?}");
        assert_eq!(scene.asked().len(), 1, "{ends:?}: it is known by now");
    }
}

#[tokio::test]
async fn a_row_at_midnight_settles_nothing() {
    let rows = [
        row("1", "2026-03-01 00:00:00", "LOGIN", ""),
        row("2", "2026-03-01 09:05:00", "Ready", ""),
    ];
    let mut scene = scene(Vendor { ends: Ends::Exclusive, ..vendor(NOON, rows) }).await;
    scene.settle().await;
    assert_eq!(scene.spells("1").len(), 2);
}

#[tokio::test]
async fn at_the_servers_midnight_the_day_turns_over() {
    let before = "2026-03-02T07:59:30Z"; // half a minute before midnight in Los Angeles
    let mut rows = two_days();
    rows.push(row("5", "2026-03-01 23:00:00", "NotReady", "BREAK"));
    let mut scene = scene(vendor(before, rows)).await;
    scene.settle().await;
    scene.asked();
    // A row of the old day's last moments, and nothing yet of the new day.
    scene.add([row("6", "2026-03-01 23:59:50", "Ready", "")]);
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    let asked: Vec<_> =
        scene.asked().into_iter().map(|asked| (asked.start, asked.offset)).collect();
    let expected = [("2026-03-01", 3), ("2026-03-02", 0), ("2026-03-01", 0), ("2026-03-01", 3)];
    assert_eq!(asked, expected.map(|(day, offset)| (day.to_owned(), offset)));
    assert_eq!(scene.story().last().unwrap(), &("02T07:59:50".to_owned(), "Ready".to_owned()));
    let way = scene.history.way_back().unwrap();
    assert!(way.is_complete(), "{way:?}");
}

#[tokio::test]
async fn a_session_across_midnight_is_one_session() {
    let rows = [
        row("1", "2026-02-28 22:00:00", "LOGIN", ""),
        row("2", "2026-02-28 22:01:00", "Ready", ""),
        row("3", "2026-03-01 02:00:00", "NotReady", "LUNCH"),
        row("4", "2026-03-01 06:00:00", "LogOut", ""),
    ];
    let mut scene = scene(vendor(NOON, rows)).await;
    scene.settle().await;
    let spells = scene.spells("1");
    assert!(spells.iter().all(|spell| spell.doubt.is_none()), "{spells:?}");
    assert_eq!(length(spells.iter().filter(|spell| is_in(spell))), TimeDelta::hours(8));
}

#[tokio::test]
async fn what_somebody_did_at_a_midnight_long_past_is_remembered() {
    let rows = [
        row("1", "2026-02-28 22:00:00", "LOGIN", ""),
        row("2", "2026-02-28 23:00:00", "Ready", ""),
    ];
    let mut scene = scene(vendor("2026-03-01T07:30:00Z", rows)).await; // 23:30
    scene.settle().await;
    scene.pass(TimeDelta::hours(1));
    scene.settle().await;
    scene.pass(TimeDelta::hours(10));
    scene.add([row("3", "2026-03-01 10:20:00", "NotReady", "BREAK")]);
    scene.settle().await;
    scene.pass(TimeDelta::hours(14)); // 00:30 of the second of March
    scene.add([row("4", "2026-03-02 00:20:00", "LogOut", "")]);
    scene.settle().await;
    let doubts: Vec<_> = scene.spells("1").iter().map(|spell| spell.doubt).collect();
    assert_eq!(doubts, [None; 4], "the lunch of the first day's session is not clipped");
    assert_eq!(scene.spells("1").len(), 4, "nothing is told twice or lost");
}

#[tokio::test]
async fn a_clock_that_is_set_by_days_starts_over() {
    let mut scene = scene(vendor(NOON, two_days())).await;
    scene.settle().await;
    scene.pass(TimeDelta::days(5));
    scene.add([row("9", "2026-03-06 11:00:00", "LOGIN", "")]);
    scene.settle().await;
    assert_eq!(scene.story().last().unwrap().0, "06T19:00:00");
    let days: Vec<_> = scene.asked().into_iter().map(|asked| asked.start).collect();
    assert_eq!(days[2..], ["2026-03-06".to_owned(), "2026-03-05".to_owned()]);
}

#[tokio::test]
async fn a_day_of_25_hours_has_25_hours() {
    let rows = [
        row("1", "2026-11-01 00:30:00", "LOGIN", ""),
        row("2", "2026-11-01 01:20:00", "Ready", ""),
        row("3", "2026-11-01 01:50:00", "NotReady", "BREAK"),
        row("4", "2026-11-01 01:10:00", "Ready", ""), // the second time
        row("5", "2026-11-01 01:40:00", "NotReady", "WRAP"),
        row("6", "2026-11-01 08:30:00", "LogOut", ""),
    ];
    let mut scene = scene(vendor("2026-11-01T20:00:00Z", rows)).await;
    scene.settle().await;
    let expected = story(&[
        ("01T07:30:00", "LOGIN"),
        ("01T08:20:00", "Ready"),
        ("01T08:50:00", "NotReady BREAK"),
        ("01T09:10:00", "Ready"),
        ("01T09:40:00", "NotReady WRAP"),
        ("01T16:30:00", "LogOut"),
    ]);
    assert_eq!(scene.story(), expected);
    let logged_in = length(scene.spells("1").iter().filter(|spell| is_in(spell)));
    assert_eq!(logged_in, TimeDelta::hours(9), "eight by the clock on the wall");
    scene.pass(TimeDelta::minutes(11));
    scene.settle().await;
    assert_eq!(scene.story(), expected, "read anew it is the same");
}

#[tokio::test]
async fn a_day_of_23_hours_has_23_hours() {
    let rows = [
        row("1", "2026-03-08 00:30:00", "LOGIN", ""),
        row("2", "2026-03-08 02:10:00", "Ready", ""), // never shown by that clock
        row("3", "2026-03-08 03:30:00", "NotReady", "BREAK"),
        row("4", "2026-03-08 08:30:00", "LogOut", ""),
    ];
    let mut scene = scene(vendor("2026-03-08T20:00:00Z", rows)).await;
    scene.settle().await;
    let expected = story(&[
        ("08T08:30:00", "LOGIN"),
        ("08T10:10:00", "Ready"),
        ("08T10:30:00", "NotReady BREAK"),
        ("08T15:30:00", "LogOut"),
    ]);
    assert_eq!(scene.story(), expected);
    let logged_in = length(scene.spells("1").iter().filter(|spell| is_in(spell)));
    assert_eq!(logged_in, TimeDelta::hours(7));
}

#[tokio::test]
async fn a_refused_day_is_a_refusal() {
    let mut refusing = vendor(NOON, two_days());
    refusing.instead = Some((200, r#"{"success":false,"error":"Campaign not found"}"#.to_owned()));
    let mut scene = scene(refusing).await;
    assert_eq!(scene.read().await.unwrap_err().class, Class::Rejected);
}
