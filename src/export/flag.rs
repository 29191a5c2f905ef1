//! What the rules found, as it is exported.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::instant::maybe_instant;
use crate::rules::Finding;

/// Something a rule found about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// The rule: over_threshold, conflict, late_start, …
    pub kind: &'static str,
    /// info, warn or critical.
    pub severity: &'static str,
    /// Since when it holds.
    #[serde(serialize_with = "maybe_instant")]
    pub since: Option<DateTime<Utc>>,
    /// One sentence.
    pub text: String,
}

impl Flag {
    pub(super) fn of(finding: Finding) -> Self {
        Self {
            kind: finding.kind.word(),
            severity: finding.severity.word(),
            since: finding.since,
            text: finding.text,
        }
    }
}
