//! Logs that are longer than what one query reaches: nine rows in these tests.

use super::vendor::{Stranger, Vendor, vendor};
use super::*;
use crate::model::SourceName;

const NOON: &str = "2026-03-01T20:00:00Z";

/// `each` rows of every agent of every campaign, in the order of time.
fn floor(campaigns: &[&str], agents: &[&str], each: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    for index in 0..each {
        for campaign in campaigns {
            for agent in agents {
                let user = format!("{campaign}-{agent}");
                let at = format!("2026-03-01 09:{:02}:{:02}", rows.len() / 60, rows.len() % 60);
                let state = if index == 0 { "LOGIN" } else { "Ready" };
                let fields = json!({"user_id": user, "campaign_id": campaign});
                rows.push(with(row(&format!("{user}-{index}"), &at, state, ""), fields));
            }
        }
    }
    rows
}

/// The vendor of a long day.
fn long(rows: Vec<Value>) -> Vendor {
    Vendor { highest_offset: 6, ..vendor(NOON, rows) }
}

async fn short(vendor: Vendor) -> Scene {
    scene_of(vendor, SHORT, |_, _| {}).await
}

/// A scene in which vendor and roster know `people` by address.
async fn known(mut vendor: Vendor, people: &[&str], strangers: &[&str]) -> Scene {
    let email = |agent: &str| format!("{agent}@example.com");
    vendor.emails = people.iter().map(|agent| ((*agent).to_owned(), email(agent))).collect();
    let roster: Vec<(AgentId, String)> =
        people.iter().chain(strangers).map(|agent| (AgentId::from(*agent), email(agent))).collect();
    scene_of(vendor, SHORT, |_, convoso| convoso.emails = roster).await
}

fn everybody(scene: &Scene) -> usize {
    scene.told.keys().map(|agent| scene.spells(agent.as_str()).len()).sum()
}

#[tokio::test]
async fn a_day_that_is_too_long_is_read_campaign_by_campaign() {
    let rows = floor(&["111", "222", "333"], &["a"], 5);
    let mut scene = short(long(rows)).await;
    scene.settle().await;
    assert_eq!(everybody(&scene), 15);
    assert_eq!(scene.incomplete(), None);
    scene.asked();
    scene.pass(TimeDelta::minutes(1));
    scene.add([with(
        row("new", "2026-03-01 11:00:00", "LogOut", ""),
        json!({"user_id": "222-a", "campaign_id": "222"}),
    )]);
    scene.settle().await;
    let campaigns: Vec<_> =
        scene.asked().into_iter().map(|asked| (asked.campaign.unwrap(), asked.offset)).collect();
    let expected = [("111", 5), ("222", 5), ("333", 5)];
    assert_eq!(campaigns, expected.map(|(campaign, offset)| (campaign.to_owned(), offset)));
    assert_eq!(scene.spells("222-a").len(), 6);
}

#[tokio::test]
async fn the_news_of_many_parts_leave_room_for_reading_the_day_anew() {
    let mut scene = short(long(floor(&["111", "222", "333"], &["a"], 5))).await;
    scene.settle().await;
    let late = with(
        row("late", "2026-03-01 09:00:01", "Ready", "LATE"),
        json!({"user_id": "222-a", "campaign_id": "222"}),
    );
    scene.vendor.lock().unwrap().rows.insert(3, late);
    for _ in 0..80 {
        // A poll comes as often as two pages may be asked for.
        scene.pass(TimeDelta::seconds(12));
        scene.read().await.unwrap();
        if scene.history.backlog().is_some() {
            let reading = scene.history.read_back().await.unwrap().unwrap();
            scene.hear(reading);
        }
    }
    assert!(scene.spells("222-a").iter().any(|spell| spell.raw.as_str() == "Ready LATE"));
}

#[tokio::test]
async fn a_campaign_that_is_too_long_is_read_by_addresses() {
    let agents = ["a", "b", "c", "d", "e"];
    let rows = floor(&["111", "222"], &agents, 3);
    let people: Vec<String> =
        ["111", "222"].iter().flat_map(|c| agents.map(|a| format!("{c}-{a}"))).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let mut scene = known(long(rows), &people, &[]).await;
    scene.settle().await;
    assert_eq!(everybody(&scene), 30);
    assert_eq!(scene.incomplete(), None);
    assert!(scene.asked().iter().all(|asked| asked.emails.iter().all(|mail| !mail.contains(' '))));
}

#[tokio::test]
async fn one_bad_address_does_not_hide_the_others() {
    for stranger in [Stranger::Ignored, Stranger::Refused, Stranger::HidesAll] {
        let agents = ["a", "b", "c", "d"];
        let people = agents.map(|agent| format!("111-{agent}"));
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let vendor = Vendor { stranger, ..long(floor(&["111"], &agents, 4)) };
        let mut scene = known(vendor, &people, &["0-gone"]).await;
        scene.settle().await;
        assert_eq!(everybody(&scene), 16, "{stranger:?}");
        let refused = stranger == Stranger::Refused;
        let incomplete = scene.incomplete();
        let expected = "the log of 2026-03-01 is truncated: the vendor does not know the address of agent 0-gone";
        assert_eq!(incomplete.as_deref(), refused.then_some(expected), "{stranger:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_divided_is_said() {
    let mut scene = short(long(floor(&["111"], &["a"], 12))).await;
    scene.settle().await;
    assert_eq!(everybody(&scene), 9);
    let expected = "the log of 2026-03-01 is truncated: rows beyond the first 9 cannot be asked for (hint: with e-mail addresses in the roster they could be)";
    assert_eq!(scene.incomplete().as_deref(), Some(expected));
    scene.pass(TimeDelta::minutes(1));
    scene.settle().await;
    assert_eq!(scene.incomplete().as_deref(), Some(expected), "in every reading");
    let mut single = known(long(floor(&["111"], &["a"], 12)), &["111-a"], &[]).await;
    single.settle().await;
    let expected =
        "the log of 2026-03-01 is truncated: rows beyond the first 9 cannot be asked for";
    assert_eq!(single.incomplete().as_deref(), Some(expected));
}

#[tokio::test]
async fn who_has_no_address_is_missed() {
    let mut scene = known(long(floor(&["111"], &["a", "b"], 6)), &["111-a"], &[]).await;
    scene.settle().await;
    assert_eq!(scene.spells("111-a").len(), 6);
    let incomplete = scene.incomplete().unwrap();
    assert!(incomplete.contains("whose e-mail address the roster does not have"), "{incomplete}");
}

#[tokio::test]
async fn rows_without_a_campaign_are_missed() {
    let mut rows = floor(&["111", "222"], &["a"], 6);
    rows[0]["campaign_id"] = json!("");
    let mut scene = short(long(rows)).await;
    scene.settle().await;
    assert_eq!(everybody(&scene), 12);
    assert!(scene.incomplete().unwrap().contains("rows without a campaign may be missing"));
}

#[tokio::test]
async fn an_offset_that_the_vendor_refuses_is_a_ceiling_too() {
    let vendor = Vendor { highest_offset: 3, ..vendor(NOON, floor(&["111", "222"], &["a"], 5)) };
    let mut scene = short(vendor).await;
    scene.settle().await;
    assert_eq!(everybody(&scene), 10);
    assert_eq!(scene.incomplete(), None);
}

#[tokio::test]
async fn a_floor_that_is_one_campaign_asks_for_no_other() {
    let rows = floor(&["111", "222"], &["a"], 2);
    let mut scene = scene_of(vendor(NOON, rows), SHORT, |_, convoso| {
        convoso.filter.campaign_id = Some("222".to_owned());
    })
    .await;
    scene.settle().await;
    assert!(scene.asked().iter().all(|asked| asked.campaign.as_deref() == Some("222")));
    assert!(scene.spells("111-a").is_empty() && scene.spells("222-a").len() == 2);
    assert_eq!(scene.readings[0].source, SourceName::from("dialer"));
}
