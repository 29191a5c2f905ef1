//! Texts that many records have in common, kept once.

use std::collections::HashSet;
use std::sync::Arc;

use super::record::Record;

/// A day holds many records and few different words, names and sessions.
#[derive(Debug, Default)]
pub(super) struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// Lets `record` use the room of texts that others have too.
    pub(super) fn share(&mut self, record: &mut Record) {
        let texts = [record.name.as_mut(), record.session.as_mut(), Some(&mut record.raw)];
        let reason = record.reason.as_mut().and_then(Option::as_mut);
        for text in texts.into_iter().flatten().chain(reason) {
            match self.0.get(text) {
                Some(known) => *text = Arc::clone(known),
                None => {
                    self.0.insert(Arc::clone(text));
                }
            }
        }
    }

    /// Forgets what nobody uses any more.
    pub(super) fn trim(&mut self) {
        self.0.retain(|text| Arc::strong_count(text) > 1);
    }
}
