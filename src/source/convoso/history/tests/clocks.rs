//! The two clocks of the log: which one is believed.

use super::vendor::vendor;
use super::*;

const NOON: &str = "2026-03-01T20:00:00Z";

/// A row whose epoch is `epoch`.
fn stamped(id: &str, at: &str, epoch: i64, state: &str) -> Value {
    with(row(id, at, state, ""), json!({"event_epoch": epoch}))
}

/// The epoch of an instant.
fn epoch(text: &str) -> i64 {
    utc(text).timestamp()
}

#[tokio::test]
async fn an_epoch_that_goes_along_is_believed() {
    // The zone of the config is an hour off: only the epoch knows.
    let rows = [
        stamped("1", "2026-03-01 09:00:00", epoch("2026-03-01T16:00:00Z"), "LOGIN"),
        stamped("2", "2026-03-01 09:00:00", epoch("2026-03-01T16:00:01Z"), "Ready"),
        stamped("3", "2026-03-01 10:00:00", epoch("2026-03-01T17:00:00Z"), "LogOut"),
    ];
    let mut scene = scene(vendor(NOON, rows)).await;
    scene.settle().await;
    let expected = [("01T16:00:00", "LOGIN"), ("01T16:00:01", "Ready"), ("01T17:00:00", "LogOut")];
    assert_eq!(scene.story(), story(&expected));
}

#[tokio::test]
async fn the_epoch_knows_which_of_two_hours_it_was() {
    let rows = [
        stamped("1", "2026-11-01 01:50:00", epoch("2026-11-01T08:50:00Z"), "LOGIN"),
        stamped("2", "2026-11-01 01:55:00", epoch("2026-11-01T09:55:00Z"), "Ready"),
        stamped("3", "2026-11-01 08:00:00", epoch("2026-11-01T16:00:00Z"), "LogOut"),
    ];
    let mut scene = scene(vendor("2026-11-01T20:00:00Z", rows)).await;
    scene.settle().await;
    let expected = [("01T08:50:00", "LOGIN"), ("01T09:55:00", "Ready"), ("01T16:00:00", "LogOut")];
    assert_eq!(scene.story(), story(&expected));
}

#[tokio::test]
async fn one_epoch_that_contradicts_makes_all_go_by_the_other_clock() {
    let good = |id: &str, at: &str, state: &str| {
        let utc = utc(&format!("{}Z", at.replace(' ', "T"))) + TimeDelta::hours(7);
        stamped(id, at, utc.timestamp(), state)
    };
    for odd in [
        stamped("odd", "2026-03-01 11:00:00", 1_709_462_400, "Ready"),
        stamped("odd", "2026-03-01 11:00:00", epoch("2026-03-01T17:00:00Z"), "Ready"),
        stamped("odd", "2026-03-01 11:00:00", epoch("2026-03-01T16:30:00Z"), "Ready"),
        row("odd", "2026-03-01 11:00:00", "Ready", ""),
    ] {
        let mut other = good("o", "2026-03-01 09:00:00", "LOGIN");
        other["user_id"] = json!("2");
        let rows = [
            good("1", "2026-03-01 09:00:00", "LOGIN"),
            other,
            good("2", "2026-03-01 10:00:00", "NotReady"),
        ];
        let mut scene = scene(vendor(NOON, rows)).await;
        scene.settle().await;
        assert_eq!(scene.story()[0].0, "01T16:00:00", "by its epoch");
        scene.add([odd.clone()]);
        scene.pass(TimeDelta::minutes(1));
        scene.settle().await;
        let since: Vec<String> = scene.story().into_iter().map(|(since, _)| since).collect();
        assert_eq!(since, ["01T17:00:00", "01T18:00:00", "01T19:00:00"], "{odd}");
        assert_eq!(scene.spells("2")[0].since, utc("2026-03-01T17:00:00Z"), "everybody's");
        scene.add([good("3", "2026-03-01 11:30:00", "LogOut")]);
        scene.pass(TimeDelta::minutes(1));
        scene.settle().await;
        assert_eq!(scene.story()[0].0, "01T17:00:00", "for good");
        assert_eq!(scene.story()[3].0, "01T19:30:00");
    }
}

#[tokio::test]
async fn a_row_without_created_at_is_told_by_its_epoch() {
    let mut rows = vec![
        stamped("1", "2026-03-01 09:00:00", epoch("2026-03-01T17:00:00Z"), "LOGIN"),
        stamped("2", "", epoch("2026-03-01T18:00:00Z"), "Ready"),
    ];
    rows[1].as_object_mut().unwrap().remove("created_at");
    let mut scene = scene(vendor(NOON, rows)).await;
    scene.settle().await;
    assert_eq!(scene.story(), story(&[("01T17:00:00", "LOGIN"), ("01T18:00:00", "Ready")]));
}

#[tokio::test]
async fn a_server_that_is_set_moves_nothing_that_was_told_and_keeps_the_order_of_the_rows() {
    for seconds in [-7200, -3600, -20, -5, 5, 20, 3600, 7200] {
        for stamps_anew in [true, false] {
            let ahead = TimeDelta::seconds(seconds);
            let wall = |at: &str, ahead: TimeDelta| {
                let at = chrono::NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M:%S").unwrap();
                (at + ahead).format("%Y-%m-%d %H:%M:%S").to_string()
            };
            let before = [("1", "11:50:00", "LOGIN"), ("2", "11:55:00", "Ready")];
            let rows = |ahead: TimeDelta| {
                before.map(|(id, at, state)| {
                    row(id, &wall(&format!("2026-03-01 {at}"), ahead), state, "")
                })
            };
            let mut scene = scene(vendor(NOON, rows(TimeDelta::zero()))).await;
            scene.settle().await;
            {
                let mut vendor = scene.vendor.lock().unwrap();
                vendor.ahead = ahead;
                if stamps_anew {
                    vendor.rows = rows(ahead).into();
                }
            }
            scene.pass(TimeDelta::minutes(1));
            scene.settle().await;
            scene.add([row("3", &wall("2026-03-01 12:01:10", ahead), "NotReady", "LUNCH")]);
            for _ in 0..3 {
                // Long enough for the whole day to be read again.
                scene.pass(TimeDelta::minutes(11));
                scene.settle().await;
                let spells = scene.spells("1");
                let case = format!("{seconds} s, anew: {stamps_anew}: {spells:#?}");
                let expected = ["19:50:00", "19:55:00", "20:01:10"];
                assert_eq!(spells.len(), expected.len(), "{case}");
                for (spell, expected) in spells.iter().zip(expected) {
                    let off = spell.since - utc(&format!("2026-03-01T{expected}Z"));
                    assert!(off.abs() <= TimeDelta::seconds(2), "{case}");
                }
            }
        }
    }
}
