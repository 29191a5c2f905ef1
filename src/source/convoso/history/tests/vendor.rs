//! A vendor that keeps a log, with the habits that a test gives it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::response::Response;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::http::scripted::{self, Seen, Server};

/// Whether the last day of a period belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Inclusive,
    Exclusive,
    /// A period of one day is refused.
    Refused,
}

/// What happens to a query with an address that nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    Ignored,
    Refused,
    HidesAll,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub start: String,
    pub end: String,
    pub offset: usize,
    pub limit: usize,
    pub campaign: Option<String>,
    pub emails: Vec<String>,
}

pub(super) struct Vendor {
    pub rows: Vec<Value>,
    pub now: DateTime<Utc>,
    /// The server's clock is so far ahead.
    pub ahead: TimeDelta,
    pub ends: Ends,
    pub stranger: Stranger,
    /// Addresses by agent.
    pub emails: HashMap<String, String>,
    /// Whether it answers as the running service does.
    pub is_service: bool,
    /// A higher offset is refused.
    pub highest_offset: usize,
    /// It does not give more rows at once, whatever is asked for.
    pub most: usize,
    /// Whether it then says so.
    pub says_limit: bool,
    /// What it answers next instead, with which status.
    pub instead: Option<(u16, String)>,
    pub asked: Vec<Asked>,
}

/// A vendor at `now` with `rows`.
pub(super) fn vendor(now: &str, rows: impl IntoIterator<Item = Value>) -> Vendor {
    Vendor {
        rows: rows.into_iter().collect(),
        // Half a second past: then the whole second of a `Date` header tells the offset exactly.
        now: super::utc(now) + TimeDelta::milliseconds(500),
        ahead: TimeDelta::zero(),
        ends: Ends::Inclusive,
        stranger: Stranger::Ignored,
        emails: HashMap::new(),
        is_service: false,
        highest_offset: 50_000,
        most: 1000,
        says_limit: true,
        instead: None,
        asked: Vec::new(),
    }
}

impl Vendor {
    pub(super) async fn start(self) -> (Arc<Mutex<Self>>, Server) {
        let vendor = Arc::new(Mutex::new(self));
        let shared = Arc::clone(&vendor);
        let server = Server::start(move |seen| shared.lock().unwrap().respond(&seen)).await;
        (vendor, server)
    }

    fn respond(&mut self, seen: &Seen) -> Response {
        assert_eq!(
            (seen.method.as_str(), seen.path.as_str()),
            ("POST", "/v1/agent-productivity/search")
        );
        let fields: HashMap<String, String> = reqwest::Url::parse(&format!("x:?{}", seen.body))
            .unwrap()
            .query_pairs()
            .into_owned()
            .collect();
        let field = |name: &str| fields.get(name).cloned();
        assert_eq!(field("auth_token").as_deref(), Some("s3cret"));
        let asked = Asked {
            start: field("date_start").expect("never an end without a beginning"),
            end: field("date_end").unwrap(),
            offset: field("offset").unwrap().parse().unwrap(),
            limit: field("limit").unwrap().parse().unwrap(),
            campaign: field("campaign_id"),
            emails: field("agent_emails")
                .map(|emails| emails.split(',').map(str::to_owned).collect())
                .unwrap_or_default(),
        };
        self.asked.push(asked.clone());
        let (status, body) =
            self.instead.take().unwrap_or_else(|| (200, self.answer(&asked).to_string()));
        let mut response = scripted::json(status, body);
        let date = httpdate::fmt_http_date(SystemTime::from(self.now + self.ahead));
        response.headers_mut().insert("date", date.parse().unwrap());
        response
    }

    fn answer(&self, asked: &Asked) -> Value {
        let refusal = |text: &str| json!({"success": false, "error": text});
        if asked.limit > 1000 {
            return refusal("Limit cannot exceed 1000");
        }
        if asked.offset > self.highest_offset {
            return json!({"success": false, "code": 7231, "text": "Invalid offset value"});
        }
        if self.ends == Ends::Refused && asked.start == asked.end {
            return refusal("Start date must be before end date");
        }
        let knows = |email: &String| self.emails.values().any(|known| known == email);
        if !asked.emails.iter().all(knows) {
            match self.stranger {
                Stranger::Ignored => {}
                Stranger::Refused => return refusal("Agent email not found"),
                Stranger::HidesAll => return self.envelope(asked, Vec::new()),
            }
        }
        let found = self.rows.iter().filter(|row| self.is_wanted(row, asked)).cloned().collect();
        self.envelope(asked, found)
    }

    fn is_wanted(&self, row: &Value, asked: &Asked) -> bool {
        let day = |text: &str| text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let Some(written) = day(text("created_at")) else { return true };
        let (start, end) = (day(&asked.start).unwrap(), day(&asked.end).unwrap());
        let in_time = match self.ends {
            Ends::Inclusive => start <= written && written <= end,
            Ends::Exclusive | Ends::Refused => start <= written && written < end,
        };
        let email = self.emails.get(text("user_id"));
        in_time
            && asked.campaign.as_deref().is_none_or(|campaign| campaign == text("campaign_id"))
            && (asked.emails.is_empty() || email.is_some_and(|email| asked.emails.contains(email)))
    }

    fn envelope(&self, asked: &Asked, found: Vec<Value>) -> Value {
        let total = found.len();
        let limit = asked.limit.min(self.most);
        let entries: Vec<Value> = found.into_iter().skip(asked.offset).take(limit).collect();
        if self.is_service {
            let said = if self.says_limit { limit } else { asked.limit };
            let data = json!({"offset": asked.offset, "limit": said.to_string(),
                "total": total.to_string(), "entries": entries});
            return json!({"success": true, "data": data});
        }
        match entries.is_empty() {
            true => json!({"success": true, "entries": []}),
            false => json!({"entries": entries}),
        }
    }
}
