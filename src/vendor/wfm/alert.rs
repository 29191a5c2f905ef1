//! Alerts on the wire: in a list, alone, or as what a change left of them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::clock::plausible;
use crate::vendor::{Class, Collection, Scalar, Trouble, clean, decode};

/// One alert. Only its id can be relied upon.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an alert")]
pub struct AlertRow<'a> {
    /// The WFM's id of it.
    #[serde(borrow, default)]
    pub id: Scalar<'a>,
    /// Whom it concerns.
    #[serde(borrow, default)]
    pub employee_id: Scalar<'a>,
    /// Their other id, where the installation sends it.
    #[serde(borrow, default)]
    pub employee_number: Scalar<'a>,
    /// Their name.
    #[serde(borrow, default)]
    pub employee_name: Scalar<'a>,
    /// What it is about.
    #[serde(borrow, default, rename = "type")]
    pub kind: Scalar<'a>,
    /// A sentence.
    #[serde(borrow, default)]
    pub message: Scalar<'a>,
    /// How far it has been dealt with.
    #[serde(borrow, default)]
    pub status: Scalar<'a>,
    /// In the server's clock, as the others.
    #[serde(borrow, default)]
    pub created_at: Scalar<'a>,
    /// When somebody acknowledged it.
    #[serde(borrow, default)]
    pub acknowledged_at: Scalar<'a>,
    /// When somebody resolved it.
    #[serde(borrow, default)]
    pub resolved_at: Scalar<'a>,
    /// What whoever dealt with it wrote.
    #[serde(borrow, default)]
    pub notes: Scalar<'a>,
}

/// A list of alerts, not yet decoded.
#[derive(Debug, Default)]
pub struct Alerts<'a> {
    /// The alerts.
    pub list: Collection<'a>,
    /// How many there are in all, where the answer says so.
    pub total: Option<u64>,
}

/// What may be wrapped around alerts.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with alerts")]
struct Wrapper<'a> {
    #[serde(borrow, default)]
    alert: Option<&'a RawValue>,
    #[serde(borrow, default)]
    alerts: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total: Scalar<'a>,
    #[serde(borrow, default)]
    error: Scalar<'a>,
}

/// The alerts in `text`: under `alerts`, under `data` or under both, or a bare list.
///
/// # Errors
/// When there is no list of them in it.
pub fn alerts(text: &str) -> Result<Alerts<'_>, Trouble> {
    if text.starts_with('[') {
        return Ok(Alerts { list: decode(text)?, total: None });
    }
    let outer: Wrapper<'_> = decode(text)?;
    let mut total = outer.total.count();
    let mut list = outer.alerts;
    if let (None, Some(data)) = (list, outer.data) {
        list = Some(data);
        if let Ok(inner) = serde_json::from_str::<Wrapper<'_>>(data.get()) {
            total = total.or(inner.total.count());
            list = inner.alerts.or(list);
        }
    }
    match list {
        Some(list) => Ok(Alerts { list: decode(list.get())?, total }),
        None => Err(lacks("no list of alerts", &outer.error)),
    }
}

/// The one alert in `text`: under `alert`, under `data` or under both, or bare.
///
/// # Errors
/// When there is none in it.
pub fn alert(text: &str) -> Result<AlertRow<'_>, Trouble> {
    let outer: Wrapper<'_> = decode(text)?;
    let row: AlertRow<'_> = decode(wrapped(text))?;
    match (row.id.id(), row.status.text()) {
        (None, None) => Err(lacks("no alert", &outer.error)),
        _ => Ok(row),
    }
}

/// What the wrappers of `text` hold; itself where it has none.
pub(super) fn wrapped(text: &str) -> &str {
    let mut inner = text;
    for _ in 0..2 {
        let Ok(wrapper) = serde_json::from_str::<Wrapper<'_>>(inner) else { break };
        let is_object = |raw: &&RawValue| raw.get().starts_with('{');
        match wrapper.alert.or(wrapper.data).filter(is_object) {
            Some(raw) => inner = raw.get(),
            None => break,
        }
    }
    inner
}

fn lacks(what: &str, error: &Scalar<'_>) -> Trouble {
    let said = error.text().map(|said| format!(": {said}")).unwrap_or_default();
    Trouble::new(Class::Garbled, format!("the answer has {what}{said}"))
}

/// An instant in the server's clock; none when it is not ISO-8601 with a zone, or cannot be meant.
#[must_use]
pub fn instant(value: &Scalar<'_>) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?.trim()).ok()?;
    plausible(time.to_utc())
}

/// Whether a request can name the alert `id`: a path that is put together leaves out `.` and `..`,
/// and the request would then be about all alerts. An id with something in it that would have to be
/// cleaned is none either.
#[must_use]
pub fn is_alert_id(id: &str) -> bool {
    !matches!(id, "" | "." | "..") && clean(id) == id
}
