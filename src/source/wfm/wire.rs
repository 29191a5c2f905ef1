//! What is read of an answer.

use serde::Deserialize;

use crate::vendor::{Collection, Scalar};

#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `states`")]
pub(super) struct Document<'a> {
    // Its other lists stand under `data`.
    #[serde(borrow, alias = "data")]
    pub states: Option<Collection<'a>>,
    #[serde(borrow, default)]
    pub summary: Option<&'a serde_json::value::RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary<'a> {
    #[serde(borrow, default)]
    pub total_agents: Scalar<'a>,
    #[serde(borrow, default)]
    pub adherent_count: Scalar<'a>,
    #[serde(borrow, default)]
    pub adherence_percentage: Scalar<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an agent's state")]
pub(super) struct Row<'a> {
    #[serde(borrow, default)]
    pub employee_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub employee_name: Scalar<'a>,
    #[serde(borrow, default)]
    pub employee_number: Scalar<'a>,
    #[serde(borrow, default)]
    pub state: Scalar<'a>,
    #[serde(borrow, default)]
    pub state_started_at: Scalar<'a>,
    #[serde(borrow, default)]
    pub queue: Scalar<'a>,
    #[serde(borrow, default)]
    pub scheduled_state: Scalar<'a>,
    #[serde(borrow, default)]
    pub is_adherent: Scalar<'a>,
    #[serde(borrow, default)]
    pub shift: Option<&'a serde_json::value::RawValue>,
}

/// Bare wall times: no date, no zone.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShiftRow<'a> {
    #[serde(borrow, default)]
    pub start_time: Scalar<'a>,
    #[serde(borrow, default)]
    pub end_time: Scalar<'a>,
}
