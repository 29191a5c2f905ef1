//! What is read of one record on the wire. An answer holds only some of the attributes, so each is
//! optional.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::record::{Kind, Record, Word};
use super::workload::{Workload, together};
use crate::clock::plausible;
use crate::model::{ChannelLoad, Transfer};
use crate::source::records::{agent_id, plain_id};
use crate::vendor::{Collection, PARTS, Scalar, clean};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a record")]
pub(super) struct Row<'a> {
    #[serde(borrow, default)]
    event_id: Scalar<'a>,
    #[serde(borrow, default)]
    event_type: Scalar<'a>,
    #[serde(borrow, default)]
    agent_id: Scalar<'a>,
    #[serde(borrow, default)]
    agent_name: Scalar<'a>,
    #[serde(borrow, default)]
    session_id: Scalar<'a>,
    #[serde(borrow, default)]
    login_timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    start: Scalar<'a>,
    #[serde(borrow, default)]
    end: Scalar<'a>,
    #[serde(borrow, default)]
    presence: Scalar<'a>,
    #[serde(borrow, default)]
    state: Scalar<'a>,
    #[serde(borrow, default)]
    allocation: Scalar<'a>,
    #[serde(borrow, default)]
    capacity: Option<&'a RawValue>,
    #[serde(borrow, default)]
    transfers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    direction: Scalar<'a>,
    /// A reason of null says something else than no word about the reason.
    #[serde(borrow, default, deserialize_with = "present")]
    reason_name: Option<Scalar<'a>>,
}

/// One line of the capacity list. Its channels are a map of counts, the words for the channels open.
#[derive(Debug, Default, Deserialize)]
#[serde(expecting = "a line of the capacity list")]
struct Capacity<'a> {
    #[serde(borrow, default)]
    channels: Option<&'a RawValue>,
    #[serde(borrow, default)]
    allocation: Scalar<'a>,
    #[serde(borrow, default)]
    load: Scalar<'a>,
    #[serde(borrow, default)]
    capacity: Scalar<'a>,
}

/// A contact passed on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a transfer")]
struct Passed<'a> {
    #[serde(borrow, default)]
    interaction_id: Scalar<'a>,
    #[serde(borrow, default)]
    to_agent_id: Scalar<'a>,
    #[serde(borrow, default)]
    transfer_start_timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    transfer_end_timestamp: Scalar<'a>,
}

fn present<'de: 'a, 'a, D: Deserializer<'de>>(d: D) -> Result<Option<Scalar<'a>>, D::Error> {
    Scalar::deserialize(d).map(Some)
}

impl Row<'_> {
    /// The record, or what it lacks to be one.
    pub(super) fn record(&self) -> Result<Record, &'static str> {
        let agent = agent_id(&self.agent_id).ok_or("it has no usable agentId")?;
        let start = time(&self.start).ok_or("it has no readable start")?;
        let word = self.event_type.text();
        let kind = Kind::of(word.as_deref());
        let event = self
            .event_id
            .id()
            .unwrap_or_else(|| format!("{agent} {start} {}", word.as_deref().unwrap_or_default()));
        let raw = [word, self.state.text()];
        let lines = self.capacity_lines();
        Ok(Record {
            raw: raw.into_iter().flatten().collect::<Vec<_>>().join("/").into(),
            event: event.into(),
            agent,
            name: self.agent_name.text().map(Into::into),
            session: self.session_id.id().map(Into::into),
            login: time(&self.login_timestamp),
            start,
            end: time(&self.end),
            kind,
            presence: Word::of(self.presence.text()),
            state: Word::of(self.state.text()),
            busy: self.busy(&lines),
            reason: self.reason_name.as_ref().map(|reason| reason.text().map(Into::into)),
            work: self.work(&lines).boxed(),
            arrival: 0,
            stepped: TimeDelta::zero(),
        })
    }

    /// The lines of the capacity list; one that is none costs only itself.
    fn capacity_lines(&self) -> Vec<Capacity<'_>> {
        let lines = items(self.capacity).into_iter();
        lines.map(|line| serde_json::from_str(line.get()).unwrap_or_default()).collect()
    }

    /// Whether the agent handles a contact: any channel counts one, something is allocated, there is
    /// load, or the state says so. None when the record has no word about it.
    fn busy(&self, lines: &[Capacity<'_>]) -> Option<bool> {
        let mut known = Vec::new();
        known.push(allocated(&self.allocation));
        known.push(self.state.text().map(|state| state.eq_ignore_ascii_case("busy")));
        for line in lines {
            known.push(allocated(&line.allocation));
            known.push(line.load.number().map(|load| load > 0.0));
            for count in items(line.channels) {
                let count: Scalar<'_> = serde_json::from_str(count.get()).unwrap_or_default();
                known.push(count.number().map(|count| count > 0.0));
            }
        }
        known.into_iter().flatten().reduce(|a, b| a || b)
    }

    /// What is being handled, over all lines of the capacity list.
    fn work(&self, lines: &[Capacity<'_>]) -> Workload {
        let capacities = lines.iter().filter_map(|line| line.capacity.count());
        Workload {
            load: load(lines),
            capacity: capacities.reduce(u64::saturating_add),
            channels: channels(lines),
            direction: self.direction.text(),
            transfers: together(&[], &self.passed()),
        }
    }

    /// The contacts passed on; one of which nothing can be told is left out.
    fn passed(&self) -> Vec<Transfer> {
        let items = items(self.transfers).into_iter();
        let passed = items.filter_map(|item| serde_json::from_str::<Passed<'_>>(item.get()).ok());
        passed
            .map(|passed| Transfer {
                interaction: plain_id(&passed.interaction_id),
                to_agent: plain_id(&passed.to_agent_id),
                started_at: time(&passed.transfer_start_timestamp),
                ended_at: time(&passed.transfer_end_timestamp),
            })
            .filter(|transfer| transfer.interaction.is_some() || transfer.started_at.is_some())
            .collect()
    }
}

/// The load over all lines: each counts as much as it can take at once. One without that number
/// counts like one contact.
fn load(lines: &[Capacity<'_>]) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for line in lines {
        let Some(load) = line.load.number().filter(|load| *load >= 0.0) else { continue };
        let weight = line.capacity.number().filter(|weight| *weight > 0.0).unwrap_or(1.0);
        sum += load * weight;
        weights += weight;
    }
    (weights > 0.0).then(|| sum / weights)
}

/// How many contacts of each channel, over all lines; none where no line has a word about channels.
fn channels(lines: &[Capacity<'_>]) -> Option<Vec<ChannelLoad>> {
    let mut all: Vec<ChannelLoad> = Vec::new();
    for line in lines {
        let counts: BTreeMap<String, Scalar<'_>> =
            line.channels.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        for (channel, count) in counts.into_iter().take(PARTS) {
            let (channel, Some(handling)) = (clean(&channel), count.count()) else { continue };
            match all.iter_mut().find(|known| known.channel == channel) {
                Some(known) => known.handling = known.handling.saturating_add(handling),
                None => all.push(ChannelLoad { channel, handling }),
            }
        }
    }
    (!all.is_empty()).then_some(all)
}

/// The items of a list, as many as are sensible; none when it is not one, which then costs only itself.
fn items<'a>(list: Option<&'a RawValue>) -> Vec<&'a RawValue> {
    let list = list.and_then(|raw| serde_json::from_str::<Collection<'a>>(raw.get()).ok());
    let mut items = list.unwrap_or_default().0;
    items.truncate(PARTS);
    items
}

fn allocated(word: &Scalar<'_>) -> Option<bool> {
    word.text().map(|word| !word.eq_ignore_ascii_case("not-allocated"))
}

/// An instant in UTC; also with the milliseconds after a colon, as the vendor's document writes it,
/// and without a zone.
fn time(value: &Scalar<'_>) -> Option<DateTime<Utc>> {
    let text = value.as_str()?.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return plausible(time.to_utc());
    }
    let bare = text.trim_end_matches(['Z', 'z']);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S:%3f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(bare, format).ok())
        .and_then(|time| plausible(time.and_utc()))
}
