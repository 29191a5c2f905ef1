//! What is read of one record on the wire. An answer holds only some of the attributes, so each is
//! optional.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::record::{Kind, Record, Word};
use crate::source::records::agent_id;
use crate::vendor::{Collection, Scalar};

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
    /// A reason of null says something else than no word about the reason.
    #[serde(borrow, default, deserialize_with = "present")]
    reason_name: Option<Scalar<'a>>,
}

/// One line of the capacity list. Its channels are a map of counts, the words for the channels open.
#[derive(Debug, Default, Deserialize)]
struct Capacity<'a> {
    #[serde(borrow, default)]
    channels: Option<&'a RawValue>,
    #[serde(borrow, default)]
    allocation: Scalar<'a>,
    #[serde(borrow, default)]
    load: Scalar<'a>,
}

fn present<'de: 'a, 'a, D: Deserializer<'de>>(d: D) -> Result<Option<Scalar<'a>>, D::Error> {
    Scalar::deserialize(d).map(Some)
}

impl Row<'_> {
    /// The record, or what it lacks to be one.
    pub(super) fn record(&self) -> Result<Record, &'static str> {
        let agent = agent_id(&self.agent_id).ok_or("it has no usable agentId")?;
        let start = time(&self.start).ok_or("it has no readable start")?;
        let kind = Kind::of(self.event_type.text());
        let event = self
            .event_id
            .id()
            .unwrap_or_else(|| format!("{agent} {start} {}", kind.raw().unwrap_or_default()));
        let raw = [kind.raw().map(str::to_owned), self.state.text()];
        Ok(Record {
            raw: raw.into_iter().flatten().collect::<Vec<_>>().join("/"),
            event,
            agent,
            name: self.agent_name.text(),
            session: self.session_id.id(),
            login: time(&self.login_timestamp),
            start,
            end: time(&self.end),
            kind,
            presence: Word::of(self.presence.text()),
            state: Word::of(self.state.text()),
            busy: self.busy(),
            reason: self.reason_name.as_ref().map(Scalar::text),
            arrival: 0,
        })
    }

    /// Whether the agent handles a contact: any channel counts one, something is allocated, there is
    /// load, or the state says so. None when the record has no word about it.
    fn busy(&self) -> Option<bool> {
        let mut known = Vec::new();
        known.push(allocated(&self.allocation));
        known.push(self.state.text().map(|state| state.eq_ignore_ascii_case("busy")));
        for entry in items(self.capacity) {
            let entry: Capacity<'_> = serde_json::from_str(entry.get()).unwrap_or_default();
            known.push(allocated(&entry.allocation));
            known.push(entry.load.number().map(|load| load > 0.0));
            for count in items(entry.channels) {
                let count: Scalar<'_> = serde_json::from_str(count.get()).unwrap_or_default();
                known.push(count.number().map(|count| count > 0.0));
            }
        }
        known.into_iter().flatten().reduce(|a, b| a || b)
    }
}

/// The items of a list; none when it is not one, which then costs only itself.
fn items<'a>(list: Option<&'a RawValue>) -> Vec<&'a RawValue> {
    let list = list.and_then(|raw| serde_json::from_str::<Collection<'a>>(raw.get()).ok());
    list.unwrap_or_default().0
}

fn allocated(word: &Scalar<'_>) -> Option<bool> {
    word.text().map(|word| !word.eq_ignore_ascii_case("not-allocated"))
}

/// An instant in UTC; also with the milliseconds after a colon, as the vendor's document writes it,
/// and without a zone.
fn time(value: &Scalar<'_>) -> Option<DateTime<Utc>> {
    let text = value.as_str()?.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let bare = text.trim_end_matches(['Z', 'z']);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S:%3f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(bare, format).ok())
        .map(|time| time.and_utc())
}
