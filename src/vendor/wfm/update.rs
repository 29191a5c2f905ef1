//! What the answer to a changed alert says, and what it leaves open.

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use serde::Deserialize;

use super::alert::{AlertRow, instant, wrapped};
use super::{document, open, said};
use crate::http::Answer;
use crate::vendor::trouble::leaves_open;
use crate::vendor::{Scalar, decode};

/// What the answer to a change says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateAnswer {
    /// It was done; what the answer tells of the alert, which may be nothing.
    Changed(AlertFields),
    /// It was not done.
    Refused(String),
    /// Nobody can tell from this answer.
    Unclear(String),
}

/// What an answer tells of an alert: only some of it, instants in the server's clock, texts cleaned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertFields {
    /// Its id.
    pub id: Option<String>,
    /// Its status after the change, in the WFM's word.
    pub status: Option<String>,
    /// When it was acknowledged.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// The notes kept with it.
    pub notes: Option<String>,
}

impl AlertFields {
    fn of(row: &AlertRow<'_>) -> Self {
        Self {
            id: row.id.id(),
            status: row.status.text(),
            acknowledged_at: instant(&row.acknowledged_at),
            resolved_at: instant(&row.resolved_at),
            notes: row.notes.text(),
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `success`")]
struct Done<'a> {
    #[serde(borrow, default)]
    success: Scalar<'a>,
}

/// Reads the answer to a change of an alert.
#[must_use]
pub fn read_update(answer: &Answer) -> UpdateAnswer {
    let status = answer.status;
    let http = format!("HTTP {} from the server", status.as_u16());
    let with = |said: Option<String>| match said {
        Some(said) => format!("{http}: {said}"),
        None => http.clone(),
    };
    if status.is_redirection() {
        // To the login page, or to what a browser shows after a success: nobody can tell.
        return UpdateAnswer::Unclear(format!("{http}, a redirect (has the session expired?)"));
    }
    if leaves_open(status) {
        return UpdateAnswer::Unclear(with(said(answer)));
    }
    if status.is_success() {
        return read_success(answer);
    }
    UpdateAnswer::Refused(match status {
        StatusCode::NOT_FOUND => {
            format!("{} (the WFM does not know this alert)", with(said(answer)))
        }
        StatusCode::CONFLICT => {
            format!("{} (somebody else has changed the alert meanwhile)", with(said(answer)))
        }
        _ => match open(answer) {
            Err(trouble) => trouble.text,
            Ok(_) => http,
        },
    })
}

fn read_success(answer: &Answer) -> UpdateAnswer {
    let text = match document::text(answer) {
        Ok(text) => text,
        Err(_) if document::is_html(answer) => {
            let text = "a web page instead of an answer (has the session expired?)";
            return UpdateAnswer::Unclear(text.to_owned());
        }
        Err(trouble) => return UpdateAnswer::Unclear(trouble.text),
    };
    let done = decode::<Done<'_>>(text).map(|done| done.success.truth());
    let row = decode::<AlertRow<'_>>(wrapped(text)).map(|row| AlertFields::of(&row));
    match (done, row) {
        (Err(trouble), _) => UpdateAnswer::Unclear(trouble.text),
        (Ok(Some(false)), _) => UpdateAnswer::Refused(
            said(answer).unwrap_or_else(|| "the WFM says that it was not done".to_owned()),
        ),
        (Ok(Some(true)), fields) => UpdateAnswer::Changed(fields.unwrap_or_default()),
        // Without the word, only an alert that has a status says so.
        (Ok(None), Ok(fields)) if fields.status.is_some() => UpdateAnswer::Changed(fields),
        (Ok(None), _) => {
            UpdateAnswer::Unclear("the answer says neither success nor failure".to_owned())
        }
    }
}
