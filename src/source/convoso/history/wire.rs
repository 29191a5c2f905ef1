//! What is read of one row on the wire, in the documented shape and in the service's. The seconds of
//! the day are not: of the document's own samples three contradict the time beside them, and the
//! service sends a duration under that name.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;

use super::meaning::Words;
use crate::clock::plausible;
use crate::model::{AgentId, Private};
use crate::source::records::{agent_id, plain_id};
use crate::vendor::Scalar;

/// One row.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an event")]
pub(super) struct Row<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    user_id: Scalar<'a>,
    #[serde(borrow, default)]
    user_name: Scalar<'a>,
    #[serde(borrow, default)]
    state: Scalar<'a>,
    #[serde(borrow, default)]
    availability_code: Scalar<'a>,
    #[serde(borrow, default)]
    availability_code_name: Scalar<'a>,
    #[serde(borrow, default)]
    availability_name: Scalar<'a>,
    #[serde(borrow, default)]
    campaign_id: Scalar<'a>,
    #[serde(borrow, default)]
    event_epoch: Scalar<'a>,
    #[serde(borrow, default)]
    created_at: Scalar<'a>,
    #[serde(borrow, default)]
    browser: Scalar<'a>,
    #[serde(borrow, default)]
    ip_address: Scalar<'a>,
}

/// When a row was written, as the row says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// A time of the server's wall clock.
    Local(NaiveDateTime),
    /// An instant: the time names its zone.
    Instant(DateTime<Utc>),
}

/// The words of a row as they are owned once cleaned.
#[derive(Debug, Default)]
pub(super) struct RowWords {
    state: String,
    code: Option<String>,
    name: Option<String>,
}

impl RowWords {
    pub(super) fn borrowed(&self) -> Words<'_> {
        Words { state: &self.state, code: self.code.as_deref(), name: self.name.as_deref() }
    }
}

impl Row<'_> {
    /// Whose row it is.
    pub(super) fn agent(&self) -> Option<AgentId> {
        agent_id(&self.user_id)
    }

    pub(super) fn name(&self) -> Option<String> {
        self.user_name.text()
    }

    pub(super) fn campaign(&self) -> Option<String> {
        plain_id(&self.campaign_id)
    }

    pub(super) fn words(&self) -> RowWords {
        let word = |word: &Scalar<'_>| word.text().filter(|text| text != "0");
        RowWords {
            state: self.state.text().unwrap_or_default(),
            code: word(&self.availability_code),
            name: word(&self.availability_code_name).or_else(|| word(&self.availability_name)),
        }
    }

    /// What `event_epoch` says; milliseconds where they can be nothing else.
    pub(super) fn epoch(&self) -> Option<DateTime<Utc>> {
        const MILLISECONDS_FROM: f64 = 1e11;
        let epoch = self.event_epoch.number().filter(|epoch| *epoch > 0.0)?;
        let ms = if epoch >= MILLISECONDS_FROM { epoch } else { epoch * 1000.0 };
        #[expect(clippy::cast_possible_truncation, reason = "the range has been looked at")]
        let at = (ms < 1e14).then(|| DateTime::from_timestamp_millis(ms as i64)).flatten();
        at.and_then(plausible)
    }

    /// What `created_at` says.
    pub(super) fn written(&self) -> Option<Written> {
        let text = self.created_at.as_str()?.trim();
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return plausible(instant.to_utc()).map(Written::Instant);
        }
        // A zone's abbreviation behind it means the server's own zone.
        let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
        let read = |format| NaiveDateTime::parse_and_remainder(text, format).ok();
        let (local, _) = formats.into_iter().find_map(read)?;
        plausible(local.and_utc()).map(|_| Written::Local(local))
    }

    pub(super) fn browser(&self) -> Option<Private> {
        self.browser.text().map(Private::new)
    }

    pub(super) fn ip_address(&self) -> Option<Private> {
        self.ip_address.text().map(Private::new)
    }

    /// What tells it from other rows: its id, else all it says.
    pub(super) fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match self.id.id() {
            Some(id) => id.hash(&mut hasher),
            None => {
                let said = [
                    &self.user_id,
                    &self.state,
                    &self.availability_code,
                    &self.availability_code_name,
                    &self.availability_name,
                    &self.campaign_id,
                    &self.event_epoch,
                    &self.created_at,
                ];
                said.map(Scalar::text).hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Row<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_epoch_comes_in_many_clothes() {
        let expected = DateTime::from_timestamp(1_748_433_437, 0);
        for json in [
            r#"{"event_epoch":1748433437}"#,
            r#"{"event_epoch":"1748433437"}"#,
            r#"{"event_epoch":1748433437000}"#,
        ] {
            assert_eq!(row(json).epoch(), expected, "{json}");
        }
        for json in [
            r#"{"event_epoch":0}"#,
            r#"{"event_epoch":"-"}"#,
            r#"{"event_epoch":1e300}"#,
            r#"{"event_epoch":86400}"#,
        ] {
            assert_eq!(row(json).epoch(), None, "{json}");
        }
    }

    #[test]
    fn a_time_may_name_its_zone_and_need_not() {
        let local = |text: &str| Some(Written::Local(text.parse().unwrap()));
        for (text, written) in [
            ("2026-03-01 08:00:30", local("2026-03-01T08:00:30")),
            ("2026-03-01T08:00:30.5", local("2026-03-01T08:00:30.5")),
            ("2026-03-01 08:00:30 PST", local("2026-03-01T08:00:30")),
            (
                "2026-03-01 08:00:30-08:00",
                Some(Written::Instant("2026-03-01T16:00:30Z".parse().unwrap())),
            ),
            ("0000-00-00 00:00:00", None),
            ("0001-01-01 00:00:00", None),
            ("-262143-01-01 00:00:05", None),
            ("9999-12-31T23:59:59Z", None),
            ("soon", None),
        ] {
            assert_eq!(row(&format!(r#"{{"created_at":"{text}"}}"#)).written(), written, "{text}");
        }
    }

    #[test]
    fn rows_without_an_id_are_told_apart_by_what_they_say() {
        let key = |json: &str| row(json).key();
        let a = key(r#"{"user_id":"1","state":"Ready","created_at":"2026-03-01 08:00:00"}"#);
        assert_eq!(a, key(r#"{"user_id":1,"state":"Ready","created_at":"2026-03-01 08:00:00"}"#));
        assert_ne!(a, key(r#"{"user_id":"2","state":"Ready","created_at":"2026-03-01 08:00:00"}"#));
        assert_eq!(key(r#"{"id":7,"state":"Ready"}"#), key(r#"{"id":"7","state":"LogOut"}"#));
    }
}
