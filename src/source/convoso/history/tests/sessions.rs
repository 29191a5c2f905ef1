//! What the rows of one agent come to.

use super::vendor::vendor;
use super::*;
use crate::model::{Doubt, Evidence};

/// Noon of the first of March at the server's.
const NOON: &str = "2026-03-01T20:00:00Z";

async fn told(rows: impl IntoIterator<Item = Value>) -> Scene {
    let mut scene = scene(vendor(NOON, rows)).await;
    scene.settle().await;
    scene
}

/// A row of the campaign.
fn of(campaign: &str, id: &str, at: &str, state: &str, code: &str) -> Value {
    with(row(id, at, state, code), json!({"campaign_id": campaign}))
}

fn doubts(scene: &Scene) -> Vec<Option<Doubt>> {
    scene.spells("1").iter().map(|spell| spell.doubt).collect()
}

#[tokio::test]
async fn a_second_login_ends_the_session_before_it() {
    let scene = told([
        row("1", "2026-03-01 08:00:00", "LOGIN", ""),
        row("2", "2026-03-01 08:01:00", "Ready", "READY_CALLS"),
        row("3", "2026-03-01 10:00:00", "LOGIN", ""),
        row("4", "2026-03-01 10:05:00", "LogOut", ""),
    ])
    .await;
    let spells = scene.spells("1");
    assert_eq!(doubts(&scene), [None, Some(Doubt::NoLogout), None, None]);
    assert_eq!(spells[1].until, Some(utc("2026-03-01T18:00:00Z")));
    assert_eq!(spells[2].activity, Activity::LoggedIn);
}

#[tokio::test]
async fn a_forgotten_session_is_not_believed_until_the_next_morning() {
    let scene = told([
        row("1", "2026-02-28 08:00:00", "LOGIN", ""),
        row("2", "2026-02-28 08:01:00", "Ready", ""),
        row("3", "2026-03-01 08:00:00", "LOGIN", ""),
    ])
    .await;
    let ready = &scene.spells("1")[1];
    assert_eq!(ready.until, Some(utc("2026-03-01T08:01:00Z")), "sixteen hours");
    assert_eq!((ready.evidence, ready.doubt), (Evidence::Stale, Some(Doubt::NoLogout)));
}

#[tokio::test]
async fn an_open_session_goes_stale_after_sixteen_hours_of_silence() {
    let rows = [
        row("1", "2026-02-28 19:00:00", "LOGIN", ""),
        row("2", "2026-02-28 19:30:00", "NotReady", "BREAK"),
    ];
    let mut scene = scene(vendor("2026-03-01T19:00:00Z", rows)).await;
    scene.settle().await;
    let last = |scene: &Scene| scene.spells("1").pop().unwrap();
    assert_eq!(last(&scene).evidence, Evidence::Observed, "eleven in the morning");
    scene.pass(TimeDelta::minutes(31));
    scene.settle().await;
    assert_eq!(last(&scene).evidence, Evidence::Stale);
    assert_eq!(last(&scene).until, Some(utc("2026-03-01T19:30:00Z")));
    let told = scene.readings.len();
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    assert!(scene.readings[told..].iter().all(|r| histories(r).is_empty()), "told once");
}

#[tokio::test]
async fn who_is_logged_out_stays_it_however_long() {
    let scene = told([
        row("1", "2026-02-28 00:10:00", "LOGIN", ""),
        row("2", "2026-02-28 00:20:00", "LogOut", "LOGGED_OUT"),
    ])
    .await;
    let offline = scene.spells("1").pop().unwrap();
    assert_eq!((offline.evidence, offline.doubt), (Evidence::Observed, None));
    assert!(offline.until.unwrap() > utc("2026-03-01T19:59:00Z"));
}

#[tokio::test]
async fn a_day_that_begins_in_the_middle_says_so_and_nothing_is_made_up_before_it() {
    let scene = told([
        row("1", "2026-02-28 00:10:00", "NotReady", "LUNCH"),
        row("2", "2026-02-28 00:40:00", "Ready", ""),
        row("3", "2026-02-28 04:00:00", "LogOut", ""),
    ])
    .await;
    assert_eq!(scene.spells("1")[0].since, utc("2026-02-28T08:10:00Z"));
    assert_eq!(doubts(&scene), [Some(Doubt::Clipped), None, None]);
}

#[tokio::test]
async fn words_that_contradict_each_other_are_flagged() {
    let scene = told([
        row("1", "2026-03-01 08:00:00", "LOGIN", "AVAILABLE"),
        row("2", "2026-03-01 08:01:00", "NotReady", "AVAILABLE"),
        row("3", "2026-03-01 08:02:00", "Ready", "BREAK"),
    ])
    .await;
    let contradiction = Some(Doubt::Contradiction);
    assert_eq!(doubts(&scene), [None, contradiction, contradiction]);
}

#[tokio::test]
async fn of_rows_of_one_instant_the_last_decides() {
    let scene = told([
        row("1", "2026-03-01 08:00:00", "LOGIN", ""),
        row("2", "2026-03-01 08:00:00", "NotReady", "MEETING"),
        row("3", "2026-03-01 08:00:00", "Ready", ""),
        row("4", "2026-03-01 08:00:00", "LOGIN", ""),
        row("5", "2026-03-01 08:00:00", "Ready", "READY_CALLS"),
    ])
    .await;
    assert_eq!(scene.story(), story(&[("01T16:00:00", "Ready READY_CALLS")]));
    assert_eq!(doubts(&scene), [None]);
}

#[tokio::test]
async fn one_campaign_more_or_less_is_not_another_session() {
    let scene = told([
        of("111", "1", "2026-03-01 08:00:00", "LOGIN", ""),
        of("222", "2", "2026-03-01 08:00:05", "LOGIN", ""),
        of("111", "3", "2026-03-01 08:01:00", "Ready", ""),
        of("222", "4", "2026-03-01 08:01:02", "Ready", ""),
        of("222", "5", "2026-03-01 09:00:00", "NotReady", "BREAK"),
        of("222", "6", "2026-03-01 09:30:00", "LogOut", ""),
        of("111", "7", "2026-03-01 10:00:00", "LogOut", ""),
    ])
    .await;
    let expected = story(&[
        ("01T16:00:00", "LOGIN"),
        ("01T16:01:00", "Ready"),
        ("01T17:00:00", "NotReady BREAK"),
        ("01T17:30:00", "Ready"),
        ("01T18:00:00", "LogOut"),
    ]);
    assert_eq!(scene.story(), expected);
    assert_eq!(doubts(&scene), [None; 5]);
    let logged_in = length(scene.spells("1").iter().filter(|spell| is_in(spell)));
    assert_eq!(logged_in, TimeDelta::hours(2), "a union, not a sum");
}

#[tokio::test]
async fn a_logout_from_a_campaign_that_is_not_the_talk_changes_nothing() {
    let scene = told([
        of("111", "1", "2026-03-01 08:00:00", "LOGIN", ""),
        of("222", "2", "2026-03-01 08:00:05", "LOGIN", ""),
        of("111", "3", "2026-03-01 08:01:00", "Ready", ""),
        of("222", "4", "2026-03-01 09:00:00", "LogOut", ""),
    ])
    .await;
    assert_eq!(scene.story(), story(&[("01T16:00:00", "LOGIN"), ("01T16:01:00", "Ready")]));
}

#[tokio::test]
async fn who_moves_to_another_campaign_is_logged_out_there() {
    let scene = told([
        of("111", "1", "2026-03-01 08:00:00", "LOGIN", ""),
        of("222", "2", "2026-03-01 08:01:00", "Ready", ""),
        of("222", "3", "2026-03-01 09:00:00", "LogOut", ""),
    ])
    .await;
    assert_eq!(scene.spells("1").pop().unwrap().activity, Activity::Offline);
}

#[tokio::test]
async fn a_login_to_a_campaign_again_means_that_all_of_them_were_lost() {
    let scene = told([
        of("111", "1", "2026-03-01 08:00:00", "LOGIN", ""),
        of("222", "2", "2026-03-01 08:00:05", "LOGIN", ""),
        of("222", "3", "2026-03-01 08:01:00", "Ready", ""),
        of("111", "4", "2026-03-01 09:00:00", "LOGIN", ""),
        of("222", "5", "2026-03-01 09:00:05", "LOGIN", ""),
        of("111", "6", "2026-03-01 09:30:00", "LogOut", ""),
        of("222", "7", "2026-03-01 09:31:00", "LogOut", ""),
    ])
    .await;
    assert_eq!(doubts(&scene), [None, Some(Doubt::NoLogout), None, None]);
    assert_eq!(scene.story()[3], ("01T17:31:00".to_owned(), "LogOut".to_owned()));
}
