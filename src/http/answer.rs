//! What a server answered, as far as anybody here wants to know it.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url};
use secrecy::SecretString;

use super::hidden::Hidden;
use super::repair::repair;
use crate::clock::plausible;

/// One complete answer, whatever its status.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The server's clock, to the second.
    pub date: Option<DateTime<Utc>>,
    /// How long the server wants to be left alone: what it says, which may be any number.
    pub retry_after: Option<Duration>,
    /// Where a redirect points to: the host only, since the rest may hold a secret.
    pub redirect_host: Option<String>,
    /// The media type, lower case, without parameters.
    pub content_type: Option<String>,
    /// Cookies that the server sets.
    pub cookies: Vec<Cookie>,
    /// The body: decompressed, with U+FFFD for what is no text, and without the secrets.
    pub body: Vec<u8>,
    /// When the request was sent, by our clock.
    pub sent: DateTime<Utc>,
    /// When its head had come, by our clock: a long body says nothing of when the server looked.
    pub received: DateTime<Utc>,
}

/// A cookie that a server sets.
#[derive(Debug, Clone)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value: a credential. Empty where the server takes the cookie back.
    pub value: SecretString,
}

impl Cookie {
    /// A cookie is taken back by an end of its life in the past, whatever stands in it then.
    fn of(cookie: &reqwest::cookie::Cookie<'_>, received: DateTime<Utc>) -> Self {
        let over = match cookie.max_age() {
            Some(age) => age.is_zero(),
            None => cookie.expires().is_some_and(|end| end <= SystemTime::from(received)),
        };
        let value = if over { "" } else { cookie.value() };
        Self { name: cookie.name().to_owned(), value: value.into() }
    }
}

impl Answer {
    /// The middle of the exchange: the best guess of when the server looked.
    #[must_use]
    pub fn middle(&self) -> DateTime<Utc> {
        self.sent + (self.received - self.sent) / 2
    }

    /// Replaces what is no text, and blanks what is `hidden`, in all that anybody may show. The cookies
    /// that the answer itself sets are hidden with it.
    pub(super) fn make_readable(&mut self, hidden: &Hidden) {
        let hidden = hidden.clone().and(self.cookies.iter().map(|cookie| cookie.value.clone()));
        repair(&mut self.body);
        hidden.blank(&mut self.body);
        self.redirect_host = self.redirect_host.take().map(|host| hidden.blanked(host));
    }

    /// What the server's clock showed, to the second. Where the server itself is in trouble it may be a
    /// machine on the way that answers, by a clock of its own.
    #[must_use]
    pub fn clock(&self) -> Option<DateTime<Utc>> {
        self.date.filter(|_| !self.status.is_server_error())
    }

    /// Takes everything but the body from `response`.
    pub(super) fn head(response: &Response, sent: DateTime<Utc>, received: DateTime<Utc>) -> Self {
        let headers = response.headers();
        let date = text(headers, &DATE).and_then(http_date);
        Self {
            status: response.status(),
            date,
            retry_after: text(headers, &RETRY_AFTER)
                .and_then(|value| wait(value, date.unwrap_or(received))),
            redirect_host: text(headers, &LOCATION)
                .and_then(|to| response.url().join(to).ok())
                .and_then(|to: Url| to.host_str().map(str::to_owned)),
            content_type: text(headers, &CONTENT_TYPE)
                .and_then(|value| value.split(';').next())
                .map(|value| value.trim().to_ascii_lowercase()),
            cookies: response.cookies().map(|cookie| Cookie::of(&cookie, received)).collect(),
            body: Vec::new(),
            sent,
            received,
        }
    }
}

/// Leaves out the body, which names people, and the cookies' values.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("date", &self.date)
            .field("retry_after", &self.retry_after)
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn http_date(value: &str) -> Option<DateTime<Utc>> {
    let time = httpdate::parse_http_date(value).ok()?;
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    DateTime::from_timestamp(i64::try_from(since.as_secs()).ok()?, 0).and_then(plausible)
}

/// Seconds, or a date, which counts from the server's own `now`.
fn wait(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    Some((http_date(value)? - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        http_date("Sun, 01 Mar 2026 12:00:00 GMT").unwrap()
    }

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        assert_eq!(wait("7", noon()), Some(Duration::from_secs(7)));
        assert_eq!(wait("Sun, 01 Mar 2026 12:00:30 GMT", noon()), Some(Duration::from_secs(30)));
        assert_eq!(wait("Sun, 01 Mar 2026 11:00:00 GMT", noon()), Some(Duration::ZERO));
        assert_eq!(wait("soon", noon()), None);
        assert_eq!(wait("", noon()), None);
    }

    #[test]
    fn an_absurd_wait_is_a_wait() {
        assert_eq!(wait("99999999999999999999999", noon()), Some(Duration::from_secs(u64::MAX)));
        let days = 10 * 365 + 3; // with three leap days
        let asked = Some(Duration::from_secs(days * 24 * 60 * 60));
        assert_eq!(wait("Sat, 01 Mar 2036 12:00:00 GMT", noon()), asked);
    }

    #[test]
    fn a_date_that_cannot_be_meant_is_none() {
        for text in ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            assert_eq!(http_date(text), None, "{text}");
            assert_eq!(wait(text, noon()), None, "{text}");
        }
    }
}
