//! What records say of the contacts being handled.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::records::{at, event};
use crate::model::{ChannelLoad, Contact, Observation, Transfer};
use crate::source::cxengage::log::{Log, View};
use crate::source::cxengage::record::Record;
use crate::source::reason::Reasons;

fn seen(records: impl IntoIterator<Item = Record>) -> Observation {
    let mut log = Log::default();
    log.take(records, &Reasons::default());
    let view = View { as_of: at(900), offset: TimeDelta::seconds(90), unread_from: None };
    log.all(view).pop().unwrap()
}

fn contact(attributes: &Value) -> Option<Contact> {
    seen([event("1", 0, attributes)]).contact.map(|contact| *contact)
}

fn channels(contact: &Contact) -> Vec<(&str, u64)> {
    let name = |load: &'_ ChannelLoad| load.handling;
    contact.channels.iter().map(|load| (load.channel.as_str(), name(load))).collect()
}

#[test]
fn load_capacity_and_channels_are_read() {
    let half = json!({"direction": "agent-initiated", "capacity": [
        {"channels": {"sms": 1, "voice": 0}, "load": 0.5, "capacity": 2}]});
    let half = contact(&half).unwrap();
    assert_eq!((half.load, half.capacity), (Some(0.5), Some(2)));
    assert_eq!(channels(&half), [("sms", 1), ("voice", 0)]);
    assert_eq!(half.direction.as_deref(), Some("agent-initiated"));
    assert_eq!(half.call, None);
}

#[test]
fn several_lines_are_added_up() {
    let two = json!({"capacity": [
        {"channels": {"sms": 1}, "load": 0.5, "capacity": 2},
        {"channels": {"voice": "1", "sms": 1}, "load": "1", "capacity": "1"}]});
    let two = contact(&two).unwrap();
    assert_eq!(channels(&two), [("sms", 2), ("voice", 1)]);
    assert_eq!(two.capacity, Some(3));
    assert!((two.load.unwrap() - 2.0 / 3.0).abs() < 1e-9, "2 of 3: {:?}", two.load);
}

#[test]
fn odd_shapes_cost_themselves_only() {
    for odd in [
        json!({"capacity": 7, "transfers": "none", "direction": {}}),
        json!({"capacity": [7, null, {"channels": [1], "load": "much", "capacity": -1}]}),
        json!({"transfers": [null, 5, {}, {"toAgentId": "b"}]}),
        json!({}),
    ] {
        assert_eq!(contact(&odd), None, "{odd}");
    }
    let map = json!({"capacity": {"x": {"channels": {"vo\u{1b}[2Jice": 1, "fax": null}}}});
    assert_eq!(channels(&contact(&map).unwrap()), [("voice", 1)]);
}

fn passed(id: &str, start: i64, end: Option<i64>) -> Value {
    json!({"interactionId": id, "toAgentId": "b",
        "transferStartTimestamp": at(start).to_rfc3339(),
        "transferEndTimestamp": end.map(|end| at(end).to_rfc3339())})
}

#[test]
fn what_was_passed_on_is_told_once_in_our_clock_with_its_end() {
    let first = event("1", 0, &json!({"transfers": [passed("i1", 5, None)]}));
    let again = json!({"transfers": [passed("i2", 40, Some(45)), passed("i1", 5, Some(9))]});
    let transfers = seen([first, event("2", 50, &again)]).contact.unwrap().transfers;
    let ours = |seconds| Some(at(seconds) - TimeDelta::seconds(90));
    let transfer = |id: &str, start, end| Transfer {
        interaction: Some(id.to_owned()),
        to_agent: Some("b".to_owned()),
        started_at: ours(start),
        ended_at: ours(end),
    };
    assert_eq!(transfers, [transfer("i1", 5, 9), transfer("i2", 40, 45)]);
}

#[test]
fn the_newest_20_of_the_session_are_kept() {
    let records: Vec<Record> = (0..30)
        .map(|i| {
            let transfers = json!({"transfers": [passed(&format!("i{i}"), i * 10, None)]});
            event(&i.to_string(), i * 10, &transfers)
        })
        .collect();
    let transfers = seen(records.clone()).contact.unwrap().transfers;
    assert_eq!(transfers.len(), 20);
    assert_eq!(transfers[0].interaction.as_deref(), Some("i10"));
    assert_eq!(transfers[19].interaction.as_deref(), Some("i29"), "the newest last");
    let next = event("n", 800, &json!({"sessionId": "s2", "direction": "inbound"}));
    let fresh = seen(records.into_iter().chain([next])).contact.unwrap();
    assert_eq!((fresh.transfers.len(), fresh.direction.as_deref()), (0, Some("inbound")));
}

#[test]
fn what_a_record_leaves_out_holds_on_in_its_session() {
    let full = json!({"capacity": [{"channels": {"voice": 1}, "load": 1, "capacity": 1}],
        "direction": "inbound"});
    let bare = json!({"eventType": "agent-not-ready"});
    let held = seen([event("1", 0, &full), event("2", 10, &bare)]).contact.unwrap();
    assert_eq!(
        (held.load, held.capacity, channels(&held)),
        (Some(1.0), Some(1), vec![("voice", 1)])
    );
    let idle = json!({"capacity": [{"channels": {"voice": 0}, "load": 0}]});
    let held = seen([event("1", 0, &full), event("2", 10, &idle)]).contact.unwrap();
    assert_eq!(
        (held.load, held.capacity, channels(&held)),
        (Some(0.0), Some(1), vec![("voice", 0)])
    );
    let gone = json!({"eventType": "agent-logout"});
    assert_eq!(seen([event("1", 0, &full), event("2", 10, &gone)]).contact, None);
}
