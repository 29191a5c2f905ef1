//! What is read of an answer, in the documented shape and in the service's. Everything is optional
//! and loosely typed; fields that nobody shows are not decoded.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::vendor::convoso::Envelope;
use crate::vendor::{Class, Collection, Scalar, Trouble, decode};

/// The payload of an answer, from whichever layers hold it.
#[derive(Debug, Default, Deserialize)]
#[serde(expecting = "an object with `agents`")]
pub(super) struct Monitor<'a> {
    #[serde(borrow)]
    pub agents: Option<Collection<'a>>,
    #[serde(borrow, default)]
    pub agent_total: Scalar<'a>,
    /// Decoded apart, so that an odd one costs only itself.
    #[serde(borrow, default)]
    call_data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub queue_calls_today: Scalar<'a>,
    #[serde(borrow, default)]
    pub queue_answered: Scalar<'a>,
    #[serde(borrow, default)]
    pub queue_dropped: Scalar<'a>,
    #[serde(borrow, default)]
    pub queue_dialable_leads: Scalar<'a>,
}

/// The calls of whatever was asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CallData<'a> {
    #[serde(borrow, default)]
    pub total_calls: Scalar<'a>,
    #[serde(borrow, default)]
    pub answered: Scalar<'a>,
    #[serde(borrow, default)]
    pub dropped: Scalar<'a>,
}

/// One agent.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an agent")]
pub(super) struct AgentRow<'a> {
    #[serde(borrow, default)]
    pub user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub user_full_name: Scalar<'a>,
    #[serde(borrow, default)]
    pub campaign_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub campaign_name: Scalar<'a>,
    #[serde(borrow, default)]
    pub queue_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub queue_name: Scalar<'a>,
    #[serde(borrow, default)]
    pub extension: Scalar<'a>,
    #[serde(borrow, default)]
    pub lead_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub call_log_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub list_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub call_type: Scalar<'a>,
    #[serde(borrow, default)]
    pub channel_type: Scalar<'a>,
    #[serde(borrow, default)]
    pub calls_today: Scalar<'a>,
    #[serde(borrow, default)]
    pub status: Scalar<'a>,
    #[serde(borrow, default)]
    pub status_label: Scalar<'a>,
    #[serde(borrow, default)]
    pub status_time_sec: Scalar<'a>,
    #[serde(borrow, default)]
    pub status_time_mmss: Scalar<'a>,
    #[serde(borrow, default)]
    pub skill_options: Scalar<'a>,
}

/// The part of a row that names its queue.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an agent")]
pub(super) struct QueueRow<'a> {
    #[serde(borrow, default)]
    pub queue_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub queue_name: Scalar<'a>,
    #[serde(borrow, default)]
    pub campaign_name: Scalar<'a>,
}

impl QueueRow<'_> {
    /// Whether it is of the queue with this id.
    pub(super) fn is_of(&self, queue_id: &str) -> bool {
        self.queue_id.id().as_deref() == Some(queue_id)
    }
}

impl<'a> Monitor<'a> {
    /// Collects the payload from all layers; what an inner one says wins.
    ///
    /// # Errors
    /// When no layer has a list of agents: an empty floor is an empty list.
    pub(super) fn of(envelope: &Envelope<'a>) -> Result<Self, Trouble> {
        let mut monitor = Self::default();
        for (depth, layer) in envelope.layers.iter().enumerate() {
            if layer.starts_with('{') {
                monitor.overlay(decode(layer)?);
            } else if depth > 0 && monitor.agents.is_none() {
                // PHP writes an empty object as `[]`.
                monitor.agents = Some(decode(layer)?);
            }
        }
        if monitor.agents.is_none() {
            let said = envelope.said.as_ref().map(|said| format!(": {said}")).unwrap_or_default();
            let text = format!("the answer has no list of agents{said}");
            return Err(Trouble::new(Class::Garbled, text));
        }
        Ok(monitor)
    }

    fn overlay(&mut self, inner: Self) {
        fn put<'a>(outer: &mut Scalar<'a>, inner: Scalar<'a>) {
            if inner != Scalar::Null {
                *outer = inner;
            }
        }
        if inner.agents.is_some() {
            self.agents = inner.agents;
        }
        self.call_data = inner.call_data.or(self.call_data);
        put(&mut self.agent_total, inner.agent_total);
        put(&mut self.queue_calls_today, inner.queue_calls_today);
        put(&mut self.queue_answered, inner.queue_answered);
        put(&mut self.queue_dropped, inner.queue_dropped);
        put(&mut self.queue_dialable_leads, inner.queue_dialable_leads);
    }

    /// The calls, as far as they can be understood.
    pub(super) fn call_data(&self) -> CallData<'a> {
        self.call_data.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }
}
