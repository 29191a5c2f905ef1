//! What is written into the log of a source's failures: each once, until something else is said. A
//! source that fails the same way every three seconds would drown everything else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Body, Outcome, SourceName};

/// What a failure is about, in words: empty for the main reading. Clones share the last one of each.
#[derive(Debug, Clone, Default)]
pub(super) struct Complaints(Arc<Mutex<HashMap<String, String>>>);

impl Complaints {
    /// Writes what is new about `outcome`.
    pub(super) fn hear(&self, source: &SourceName, outcome: &Outcome) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (about, text) = match outcome {
            Outcome::Failed(failure) => (String::new(), Some(&failure.text)),
            Outcome::QueueFailed { queue_id, failure, .. } => {
                (format!(" queue {queue_id}:"), Some(&failure.text))
            }
            Outcome::SideFailed { side, failure } => {
                (format!(" {}:", side.word()), Some(&failure.text))
            }
            Outcome::LookUpFailed { what, failure } => (format!(" {what}:"), Some(&failure.text)),
            Outcome::Read(reading) => match &reading.body {
                Body::Agents { .. } => (String::new(), None),
                Body::Queue(count) => (format!(" queue {}:", count.queue_id), None),
                body => match body.side() {
                    Some(side) => (format!(" {}:", side.word()), None),
                    None => return, // something looked up: nobody waits for it to answer again
                },
            },
        };
        match text {
            Some(text) if last.get(&about) != Some(text) => {
                tracing::warn!("{source}:{about} {text}");
                last.insert(about, text.clone());
            }
            None if last.remove(&about).is_some() => {
                tracing::info!("{source}:{about} answers again");
            }
            _ => {}
        }
    }
}
