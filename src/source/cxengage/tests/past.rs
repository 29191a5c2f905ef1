//! What the log says of the past, as whoever is told it takes it in.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::records::{at, capacity, event, lunch, ready};
use crate::http::scripted::three;
use crate::model::{Activity, AgentHistory, Doubt, Evidence, Reason, Spell};
use crate::source::cxengage::log::Log;
use crate::source::cxengage::record::Record;
use crate::source::reason::Reasons;

const SHIFT: i64 = 12 * 3600;

/// A log that is read, and what it has told of agent `a`.
#[derive(Default)]
struct Read {
    log: Log,
    known: Vec<Spell>,
    until: Option<DateTime<Utc>>,
    told: Vec<AgentHistory>,
}

impl Read {
    fn take(&mut self, records: impl IntoIterator<Item = Record>, read_to: i64) {
        self.take_by(records, read_to, TimeDelta::zero());
    }

    /// Reads `records` by a clock that is thought to be `offset` ahead of ours.
    fn take_by(
        &mut self,
        records: impl IntoIterator<Item = Record>,
        read_to: i64,
        offset: TimeDelta,
    ) {
        let changes = self.log.take(records, &Reasons::default());
        self.told = self.log.tell(&changes, at(read_to), offset, Vec::new());
        for told in self.told.iter().filter(|told| told.agent.as_str() == "a") {
            let within = |spell: &Spell| told.from <= spell.since && spell.since < told.until;
            assert!(told.spells.iter().all(within), "{told:#?}");
            self.known.retain(|spell| !within(spell));
            self.known.extend(told.spells.clone());
            self.known.sort_by_key(|spell| spell.since);
        }
        self.until = Some(at(read_to) - offset);
    }

    /// Everything that is known, each spell with its end: its own, else where the next begins, else
    /// as far as the log has been read.
    fn spells(&self) -> Vec<Spell> {
        let next = self.known.iter().skip(1).map(|spell| Some(spell.since)).chain([self.until]);
        let ended = self.known.iter().zip(next).map(|(spell, next)| {
            let until = spell.until.into_iter().chain(next).min();
            Spell { until, ..spell.clone() }
        });
        ended.collect()
    }

    /// Beginning, end and activity, in seconds after [`three`].
    fn brief(&self) -> Vec<(i64, i64, Activity)> {
        let seconds = |at: DateTime<Utc>| (at - three()).num_seconds();
        let end = |spell: &Spell| seconds(spell.until.unwrap());
        self.spells().into_iter().map(|s| (seconds(s.since), end(&s), s.activity)).collect()
    }
}

fn with(mut record: Record, end: i64) -> Record {
    record.end = Some(at(end));
    record
}

/// A day of two sessions, with contacts, absences, changes of capacity that change nothing, and
/// records that leave most out; the newest is open.
fn day() -> Vec<Record> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut records = Vec::new();
    let mut start = -SHIFT;
    let mut number = 0;
    for session in ["s1", "s2"] {
        let (login, end) = (start, start + SHIFT / 2 - 700);
        while start < end {
            let mut attributes = match random.u8(0..5) {
                _ if start == login => json!({"eventType": "agent-session-start"}),
                0 => json!({"eventType": "agent-ready", "presence": "ready"}),
                1 => json!({"eventType": "agent-not-ready", "presence": "not-ready",
                    "reasonName": random.choice(["Lunch", "Dog walk"])}),
                2 => json!({"eventType": "agent-capacity", "state": "idle"}),
                3 => json!({"eventType": "agent-capacity", "allocation": "fully-allocated"}),
                _ => json!({"eventType": "agent-capacity", "allocation": "not-allocated"}),
            };
            attributes["sessionId"] = session.into();
            attributes["loginTimestamp"] = login.into();
            let next = start + random.i64(1..400);
            if next < end || session == "s1" {
                attributes["end"] = next.into();
            }
            records.push(event(&format!("e{number}"), start, &attributes));
            start = next;
            number += 1;
        }
        start += 600; // signed out
    }
    records
}

/// What one straight read of `records` gives.
fn straight(records: &[Record]) -> Vec<Spell> {
    let mut read = Read::default();
    read.take(records.to_vec(), 0);
    read.spells()
}

/// The records of each window of ten minutes that share four seconds, the newest first.
fn windows(records: &[Record]) -> Vec<Vec<Record>> {
    let mut end = 1;
    let mut windows = Vec::new();
    while end > -SHIFT {
        let window = at(end - 599)..at(end);
        let touches = |r: &&Record| {
            window.contains(&r.start) || r.end.is_some_and(|end| window.contains(&end))
        };
        windows.push(records.iter().filter(touches).cloned().collect());
        end -= 595;
    }
    windows
}

#[test]
fn reading_a_shift_backwards_tells_the_same_as_one_straight_read() {
    let records = day();
    let mut read = Read::default();
    for window in windows(&records) {
        read.take(window, 0);
    }
    let expected = straight(&records);
    assert!(expected.len() > 60, "{}", expected.len());
    assert_eq!(read.spells(), expected);
    assert_eq!(expected[0].activity, Activity::LoggedIn);
    assert!(expected.iter().all(|spell| spell.doubt != Some(Doubt::Clipped)));
}

#[test]
fn windows_in_any_order_and_records_that_come_late_tell_the_same() {
    let records = day();
    let expected = straight(&records);
    for seed in 0..12 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut windows = windows(&records);
        random.shuffle(&mut windows);
        let mut late = Vec::new();
        let mut read = Read::default();
        for mut window in windows {
            late.extend(window.extract_if(.., |_| random.u8(0..4) == 0));
            read.take(window, 0);
        }
        random.shuffle(&mut late);
        late.into_iter().for_each(|record| read.take([record], 0));
        assert_eq!(read.spells(), expected, "seed {seed}");
    }
}

#[test]
fn a_day_read_forwards_while_old_records_are_folded_away_tells_the_same() {
    let records = day();
    let mut read = Read::default();
    for now in (-SHIFT..=0).step_by(15) {
        // As known by then: what ends later is still open.
        let known = records.iter().filter(|r| (at(now - 90)..=at(now)).contains(&r.start));
        let ending = records
            .iter()
            .filter(|r| r.end.is_some_and(|end| (at(now - 90)..=at(now)).contains(&end)));
        let as_of_then = known.chain(ending).map(|record| {
            let end = record.end.filter(|end| *end <= at(now));
            Record { end, ..record.clone() }
        });
        read.take(as_of_then, now);
        read.log.trim(at(now - 689), at(now));
    }
    assert_eq!(read.spells(), straight(&records));
}

#[test]
fn a_change_of_capacity_in_the_middle_begins_no_spell() {
    let mut read = Read::default();
    let idle = capacity("2", 60, 0);
    read.take([ready("1", 0), idle, capacity("3", 90, 1), capacity("4", 150, 0)], 200);
    assert_eq!(
        read.brief(),
        [
            (0, 90, Activity::Available),
            (90, 150, Activity::OnContact),
            (150, 200, Activity::Available)
        ]
    );
    let spells = read.spells();
    assert_eq!(spells[1].evidence, Evidence::Derived, "concluded from the load");
    assert_eq!(spells[0].raw.as_str(), "agent-ready/idle");
    assert_eq!(spells[0].doubt, Some(Doubt::Clipped), "what was before is not known");
    assert_eq!((spells[1].doubt, spells[2].doubt), (None, None));
}

#[test]
fn a_record_still_open_goes_on_and_its_end_ends_it() {
    let mut read = Read::default();
    read.take([lunch("1", 0)], 30);
    let open = &read.told[0].spells[0];
    assert_eq!((open.until, read.told[0].until), (None, at(30)));
    read.take([with(lunch("1", 0), 60)], 75);
    assert_eq!(read.brief(), [(0, 60, Activity::Away(Reason::Lunch))]);
    read.take([ready("2", 300)], 330);
    assert_eq!(
        read.brief(),
        [(0, 60, Activity::Away(Reason::Lunch)), (300, 330, Activity::Available)],
        "nobody knows what was in between"
    );
}

#[test]
fn an_absence_for_another_reason_is_a_spell_of_its_own() {
    let dog = json!({"eventType": "agent-not-ready", "presence": "not-ready",
        "reasonName": "Dog walk"});
    let mut read = Read::default();
    read.take([lunch("1", 0), lunch("2", 30), event("3", 60, &dog)], 90);
    let dog = Activity::Away(Reason::Other("Dog walk".into()));
    assert_eq!(read.brief(), [(0, 60, Activity::Away(Reason::Lunch)), (60, 90, dog)]);
}

fn of_session(id: &str, start: i64, kind: &str, session: &str, login: i64) -> Record {
    event(id, start, &json!({"eventType": kind, "sessionId": session, "loginTimestamp": login}))
}

#[test]
fn a_new_session_ends_the_old_one_and_says_so_where_nothing_else_did() {
    let old = of_session("1", 0, "agent-not-ready", "s1", 0);
    let new = of_session("2", 1000, "agent-session-start", "s2", 1000);
    let mut read = Read::default();
    read.take([old.clone()], 900);
    assert_eq!(read.spells()[0].doubt, Some(Doubt::Clipped));
    read.take([new.clone()], 1100);
    let spells = read.spells();
    assert_eq!((spells[0].doubt, spells[0].until), (Some(Doubt::NoLogout), Some(at(1000))));
    assert_eq!(spells[1].activity, Activity::LoggedIn);

    let mut read = Read::default();
    read.take([with(old.clone(), 500), new.clone()], 1100);
    assert_eq!(read.spells()[0].until, Some(at(500)), "it was closed");
    assert_ne!(read.spells()[0].doubt, Some(Doubt::NoLogout));

    let mut read = Read::default();
    let straggler = of_session("3", 1010, "agent-ready", "s1", 0);
    read.take([old, new, straggler], 1100);
    assert_eq!(read.brief().len(), 2, "what is left of a closed session changes nothing");
}

#[test]
fn an_estimate_of_the_clocks_that_moves_tells_nothing_twice() {
    let records = day();
    let beginnings = straight(&records).len();
    let mut read = Read::default();
    for (step, window) in windows(&records).into_iter().enumerate() {
        let ms = [0, 120, -90, 410, 380, 700, 640][step % 7];
        read.take_by(window, 0, TimeDelta::milliseconds(ms));
    }
    assert_eq!(read.spells().len(), beginnings);
    read.take_by([], 0, TimeDelta::milliseconds(660));
    let steady = read.spells();
    let newest = records.last().unwrap().clone();
    read.take_by([with(newest, 5)], 30, TimeDelta::milliseconds(640));
    let beginnings = |spells: &[Spell]| spells.iter().map(|s| s.since).collect::<Vec<_>>();
    assert_eq!(beginnings(&read.spells()), beginnings(&steady), "a few ms more change nothing");
}

#[test]
fn only_what_changed_is_told() {
    let other = |mut record: Record| {
        record.agent = "b".into();
        record
    };
    let records = day();
    let mut read = Read::default();
    read.take(records.iter().cloned().chain(records.iter().cloned().map(other)), 0);
    assert_eq!(read.told.len(), 2);
    read.take(records.clone(), 15);
    assert!(read.told.is_empty(), "known already");
    let newest = with(records.last().unwrap().clone(), 10);
    read.take([other(newest)], 30);
    assert_eq!(read.told.len(), 1);
    assert_eq!((read.told[0].agent.as_str(), read.told[0].spells.len()), ("b", 1));
    let late = json!({"eventType": "agent-not-ready", "reasonName": "Lunch", "sessionId": "s2",
        "end": (records[100].start - three()).num_seconds()});
    let before = (records[100].start - three()).num_seconds() - 1;
    read.take([event("late", before, &late)], 45);
    assert!((1..=3).contains(&read.told[0].spells.len()), "{:#?}", read.told[0]);
    assert!(read.told[0].until < at(-3600));
}

#[test]
fn an_agent_of_whom_nothing_is_known_has_no_past() {
    let bare = event("1", 0, &Value::Object(serde_json::Map::new()));
    let mut read = Read::default();
    read.take([bare], 10);
    assert_eq!(read.brief(), [(0, 10, Activity::Unknown)]);
    assert_eq!(read.spells()[0].doubt, None);
}
