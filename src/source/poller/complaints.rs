//! What is written into the log of a source's failures: each once, until something else is said. A
//! source that fails the same way every three seconds would drown everything else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Body, Outcome, SourceName};

/// The last failure of the main reading (no queue) and of each queue. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Complaints(Arc<Mutex<HashMap<Option<String>, String>>>);

impl Complaints {
    /// Writes what is new about `outcome`.
    pub(super) fn hear(&self, source: &SourceName, outcome: &Outcome) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (about, text) = match outcome {
            Outcome::Failed(failure) => (None, Some(&failure.text)),
            Outcome::QueueFailed { queue_id, failure, .. } => {
                (Some(queue_id.clone()), Some(&failure.text))
            }
            Outcome::Read(reading) => match &reading.body {
                Body::Agents { .. } => (None, None),
                Body::Queue(count) => (Some(count.queue_id.clone()), None),
            },
        };
        let what = about.as_ref().map_or_else(String::new, |queue| format!(" queue {queue}:"));
        match text {
            Some(text) if last.get(&about) != Some(text) => {
                tracing::warn!("{source}:{what} {text}");
                last.insert(about, text.clone());
            }
            None if last.remove(&about).is_some() => {
                tracing::info!("{source}:{what} answers again")
            }
            _ => {}
        }
    }
}
