//! Decoding a list record by record: a bad one is counted and logged once, not shown and not fatal.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::{AgentId, SourceName};
use crate::vendor::{Class, RECORD, Scalar, Trouble, clean};

/// Different complaints remembered; a vendor with more of them is broken in a way already known.
const REMEMBERED: usize = 256;

/// What stands for what is no text.
const REPLACED: char = char::REPLACEMENT_CHARACTER;

/// Complaints about bad records of one source. Each is logged once, since the same bad record comes
/// again with every reading.
#[derive(Debug)]
pub(super) struct Complaints {
    source: SourceName,
    made: HashSet<String>,
}

impl Complaints {
    pub(super) fn new(source: SourceName) -> Self {
        Self { source, made: HashSet::new() }
    }

    /// Logs `complaint` unless it was logged before.
    pub(super) fn make(&mut self, complaint: String) {
        if self.made.len() < REMEMBERED && !self.made.contains(&complaint) {
            tracing::warn!("{}: {complaint}", self.source);
            self.made.insert(complaint);
        }
    }

    /// The record that `item` of a list is; none where it cannot be understood. They are decoded one by
    /// one: all at once they would be many times as large as the answer.
    pub(super) fn record<'a, T: Deserialize<'a>>(&mut self, item: &'a RawValue) -> Option<T> {
        let text = item.get();
        let lack = match text.as_bytes() {
            [b'{', ..] if text.len() > RECORD => format!("it has more than {} KiB", RECORD / 1024),
            [b'{', ..] => match decode_record(text) {
                Ok(record) => {
                    if has_replaced(text) {
                        self.make(format!("what is no text in a record is shown as {REPLACED}"));
                    }
                    return Some(record);
                }
                Err(error) => clean(&error.to_string()),
            },
            // Decoding it would fail with a message that quotes it, and it may name somebody.
            _ => "it is no object".to_owned(),
        };
        self.make(format!("a record is left out: {lack}"));
        None
    }
}

/// Whether something in the JSON `text` was no text and has been replaced.
fn has_replaced(text: &str) -> bool {
    text.contains(REPLACED) || text.contains(r"\ufffd")
}

/// One record. A key that stands in it twice is decoded as most other readers do, by its last value.
fn decode_record<'a, T: Deserialize<'a>>(text: &'a str) -> serde_json::Result<T> {
    serde_json::from_str(text).or_else(|error| {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|_| error)?;
        T::deserialize(value)
    })
}

/// A list of which no record can be used is a document that was misunderstood, not an empty floor.
pub(super) fn usable(listed: usize, skipped: u32) -> Result<(), Trouble> {
    if listed > 0 && usize::try_from(skipped).is_ok_and(|skipped| skipped >= listed) {
        let text = format!("none of the {listed} records can be understood (see the log)");
        return Err(Trouble::new(Class::Garbled, text));
    }
    Ok(())
}

/// An id, exactly as the vendor has it. One in which something would have to be cleaned is none: it
/// could neither be shown nor be sent back unchanged, and a command must hit whom it names.
pub(super) fn plain_id(id: &Scalar<'_>) -> Option<String> {
    id.id().filter(|id| clean(id) == *id)
}

/// An agent's id, under the same rule.
pub(super) fn agent_id(id: &Scalar<'_>) -> Option<AgentId> {
    plain_id(id).map(AgentId::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::Collection;

    /// How many of the items in `json` are records, and what is complained of.
    fn decoded(json: &str) -> (usize, Vec<String>) {
        let list: Collection<'_> = serde_json::from_str(json).unwrap();
        let mut complaints = Complaints::new("dialer".into());
        let records = list.0.iter().filter_map(|item| complaints.record::<serde_json::Value>(item));
        (records.count(), complaints.made.into_iter().collect())
    }

    #[test]
    fn what_is_no_record_is_left_out_and_not_quoted() {
        let expected = vec!["a record is left out: it is no object".to_owned()];
        assert_eq!(decoded(r#"["10.0.0.7", {"a": 1}, 5, null]"#), (1, expected));
    }

    #[test]
    fn a_record_beyond_the_bound_is_left_out_whatever_it_holds() {
        let within = format!(r#"{{"a":"{}"}}"#, "x".repeat(60_000));
        let beyond = format!(r#"{{"a":[{}0]}}"#, "[],".repeat(30_000));
        let expected = vec!["a record is left out: it has more than 64 KiB".to_owned()];
        assert_eq!(decoded(&format!("[{within},{beyond}]")), (1, expected));
    }

    #[test]
    fn a_record_with_half_a_letter_stays_and_is_complained_of_once() {
        let expected = vec!["what is no text in a record is shown as \u{fffd}".to_owned()];
        assert_eq!(decoded("[{\"a\":\"\u{fffd}\"},{\"a\":\"\\ufffd\"},{}]"), (3, expected));
    }

    #[test]
    fn a_list_of_which_nothing_can_be_used_is_misunderstood_and_an_empty_one_is_not() {
        assert!(usable(0, 0).is_ok());
        assert!(usable(3, 2).is_ok());
        assert_eq!(usable(3, 3).unwrap_err().class, Class::Garbled);
    }
}
