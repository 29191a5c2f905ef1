//! Decoding a list record by record: a bad one is counted and logged once, not shown and not fatal.

use std::collections::HashSet;

use serde::Deserialize;

use crate::model::{AgentId, SourceName};
use crate::vendor::{Class, Collection, Scalar, Trouble, clean};

/// Different complaints remembered; a vendor with more of them is broken in a way already known.
const REMEMBERED: usize = 256;

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

    /// The records of `list` that can be decoded, and how many cannot.
    pub(super) fn decode<'a, T: Deserialize<'a>>(
        &mut self,
        list: &Collection<'a>,
    ) -> (Vec<T>, u32) {
        let mut skipped = 0;
        let mut records = Vec::with_capacity(list.0.len());
        for item in &list.0 {
            // Decoding it would fail with a message that quotes it, and it may name somebody.
            if !item.get().starts_with('{') {
                skipped += 1;
                self.make("a record is left out: it is no object".to_owned());
                continue;
            }
            match decode_record(item.get()) {
                Ok(record) => records.push(record),
                Err(error) => {
                    skipped += 1;
                    self.make(format!("a record is left out: {}", clean(&error.to_string())));
                }
            }
        }
        (records, skipped)
    }
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

    #[test]
    fn what_is_no_record_is_left_out_and_not_quoted() {
        let list = serde_json::from_str(r#"["10.0.0.7", {"a": 1}, 5, null]"#).unwrap();
        let mut complaints = Complaints::new("dialer".into());
        let (records, skipped) = complaints.decode::<serde_json::Value>(&list);
        assert_eq!((records.len(), skipped), (1, 3));
        let expected = HashSet::from(["a record is left out: it is no object".to_owned()]);
        assert_eq!(complaints.made, expected);
    }

    #[test]
    fn a_list_of_which_nothing_can_be_used_is_misunderstood_and_an_empty_one_is_not() {
        assert!(usable(0, 0).is_ok());
        assert!(usable(3, 2).is_ok());
        assert_eq!(usable(3, 3).unwrap_err().class, Class::Garbled);
    }
}
