//! The log of what agents did: how a part of it is asked for, and what the answer means.

use chrono::NaiveDate;
use reqwest::RequestBuilder;
use secrecy::SecretString;
use serde::Deserialize;

use super::envelope::{Envelope, open};
use super::{Account, Field};
use crate::http::{Answer, Client};
use crate::vendor::{Class, Collection, Scalar, Trouble, decode};

/// Which rows of the log are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSlice {
    /// The first day, in the server's zone.
    pub from: NaiveDate,
    /// The last day. Not optional, and neither is the first: with an end alone the vendor answers
    /// with everything it has kept, which is years.
    pub to: NaiveDate,
    /// Only this campaign.
    pub campaign_id: Option<String>,
    /// Only the agents with these addresses; everybody when empty.
    pub agent_emails: Vec<String>,
    /// How many rows to pass over, counted from 0.
    pub offset: u32,
    /// How many rows at most; brought into the range that the vendor does not refuse.
    pub limit: u32,
}

impl LogSlice {
    /// The most rows that one answer may be asked for: a larger limit is refused, not clamped.
    pub const MOST: u32 = 1000;

    /// The highest offset that the vendor allows.
    pub const HIGHEST_OFFSET: u32 = 50_000;
}

impl Account {
    /// A search of the agents' log.
    pub fn log(&self, client: &Client, token: &SecretString, slice: &LogSlice) -> RequestBuilder {
        debug_assert!(slice.from <= slice.to, "a period that ends before it begins");
        let (from, to) = (slice.from.to_string(), slice.to.to_string());
        // No spaces: nobody knows whether the vendor would trim them.
        let emails = slice.agent_emails.join(",");
        let mut fields = vec![
            ("date_start", Field::Text(&from)),
            ("date_end", Field::Text(&to)),
            ("offset", Field::Number(slice.offset)),
            ("limit", Field::Number(slice.limit.clamp(1, LogSlice::MOST))),
        ];
        fields.extend(slice.campaign_id.as_deref().map(|id| ("campaign_id", Field::Text(id))));
        if !emails.is_empty() {
            fields.push(("agent_emails", Field::Text(&emails)));
        }
        self.request(client, token, &["agent-productivity", "search"], &fields)
    }
}

/// One page of the log, its rows not yet decoded.
#[derive(Debug)]
pub struct LogPage<'a> {
    /// The rows, oldest first as the vendor says.
    pub entries: Collection<'a>,
    /// How many rows a full page has, where the answer says so.
    pub limit: Option<u64>,
    /// How many rows there are on all pages, where the answer says so.
    pub total: Option<u64>,
}

/// What a layer of the answer may hold.
#[derive(Deserialize)]
#[serde(expecting = "an object with `entries`")]
struct Layer<'a> {
    #[serde(borrow)]
    entries: Option<Collection<'a>>,
    #[serde(borrow, default)]
    limit: Scalar<'a>,
    #[serde(borrow, default)]
    total: Scalar<'a>,
}

/// Opens one page.
///
/// # Errors
/// When the status or any layer reports a failure, or the body is not a page.
pub fn open_log(answer: &Answer) -> Result<LogPage<'_>, Trouble> {
    let envelope = open(answer).map_err(of_this_endpoint)?;
    let mut page = LogPage { entries: Collection::default(), limit: None, total: None };
    let mut found = false;
    for (depth, text) in envelope.layers.iter().enumerate() {
        if text.starts_with('{') {
            let layer: Layer<'_> = decode(text)?;
            page.limit = layer.limit.count().or(page.limit);
            page.total = layer.total.count().or(page.total);
            if let Some(entries) = layer.entries {
                (page.entries, found) = (entries, true);
            }
        } else if depth > 0 && !found {
            // PHP writes an empty object as `[]`.
            (page.entries, found) = (decode(text)?, true);
        }
    }
    if found { Ok(page) } else { Err(no_list(&envelope)) }
}

fn no_list(envelope: &Envelope<'_>) -> Trouble {
    let said = envelope.said.as_ref().map(|said| format!(": {said}")).unwrap_or_default();
    Trouble::new(Class::Garbled, format!("the answer has no list of events{said}"))
}

/// A code means something of its own at this endpoint. The document's texts go first, since the
/// running service uses some of the same codes for other things.
fn of_this_endpoint(trouble: Trouble) -> Trouble {
    let said = trouble.text.to_ascii_lowercase();
    let class = match (trouble.class, trouble.code) {
        (Class::Transient, _) if trouble.retry_after.is_some() => Class::Transient,
        (Class::Transient, Some(4001)) => Class::Denied,
        (Class::Transient, Some(6031..=6034)) => Class::Rejected,
        (Class::Transient, _) if said.contains("date must be") || said.contains("limit cannot") => {
            Class::Rejected
        }
        (class, _) => class,
    };
    Trouble { class, ..trouble }
}

/// Whether a refusal says that a day is not over before it has begun: that the end of the period
/// has to be a later day than its beginning.
#[must_use]
pub fn wants_a_later_end(refusal: &Trouble) -> bool {
    let said = refusal.text.to_ascii_lowercase();
    refusal.code == Some(6032) || said.contains("before end date")
}
