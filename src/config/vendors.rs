//! `[[source]]`: what only one kind of source has.

use std::collections::HashMap;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::access::{secret, url};
use super::problem::Expected;
use super::section::{At, Section};
use super::zone;
use crate::args::Span;
use crate::http::Secret;
use crate::model::{Activity, ActivityKind, FloorIdentity, Reason};
use crate::source::{ConvosoSettings, CxEngageSettings, Filter, SipIoSettings, WfmSettings};
use crate::vendor::convoso::Encoding;
use crate::vendor::{convoso, cxengage, sipio, wfm};

/// Requests a minute where the config does not say.
const REQUESTS_PER_MINUTE: u32 = 60;

/// How often the history is read where the config does not say, at most and at least: it is a log of
/// minutes.
const HISTORY_POLL: Duration = Duration::from_secs(60);
const SHORTEST_HISTORY: Duration = Duration::from_secs(10);
const LONGEST_HISTORY: Duration = Duration::from_secs(3600);

/// Where the vendor keeps its servers' clocks, as far as its documents let one guess.
const CONVOSO_ZONE: Tz = Tz::America__Los_Angeles;

const ENCODINGS: [(&str, Encoding); 3] =
    [("form", Encoding::Form), ("query", Encoding::Query), ("json", Encoding::Json)];

pub(super) fn convoso(section: &Section<'_>, poll: Duration) -> Option<ConvosoSettings> {
    let url = url(section, "https://api.convoso.com/v1");
    let auth_token = secret(section, "auth_token", "CONVOSO_AUTH_TOKEN");
    let encoding = section.parsed("request", |text| {
        let known = ENCODINGS.iter().find(|(word, _)| *word == text);
        known
            .map(|(_, encoding)| *encoding)
            .ok_or_else(|| Expected::one_of(ENCODINGS.map(|(word, _)| word), text))
    });
    let text = |key| section.text(key).map(|text| text.value.to_owned());
    let filter = Filter {
        campaign_id: text("campaign_id"),
        queue_id: text("queue_id"),
        user_id: text("user_id"),
        skills: section.texts("skills"),
    };
    let timezone = convoso_zone(section);
    let max_requests_per_minute = requests(section, poll);
    let history_poll = history_poll(section, poll, max_requests_per_minute);
    let queues = section.texts("queues");
    let status_map = status_map(section);
    let account = convoso::Account {
        url: url?,
        auth_token: auth_token?.value,
        encoding: encoding.map_or_else(Encoding::default, |encoding| encoding.value),
    };
    let seen = Vec::new();
    Some(ConvosoSettings {
        account,
        timezone,
        filter,
        max_requests_per_minute,
        queues,
        seen,
        history_poll,
        emails: Vec::new(),
        status_map,
    })
}

/// How often the history is read; none for "off", and none where `budget` requests a minute leave too
/// few of them, which it shares with the counts of the queues: polled, it takes a quarter at most.
fn history_poll(section: &Section<'_>, poll: Duration, budget: u32) -> Option<Duration> {
    let bounds = SHORTEST_HISTORY..=LONGEST_HISTORY;
    let history = section.duration_or_off("history_poll", bounds).unwrap_or(Some(HISTORY_POLL))?;
    let left = f64::from(budget) - 60.0 / poll.as_secs_f64();
    if left < 4.0 {
        section.sheet.notices.borrow_mut().push(format!(
            "{}: `poll = \"{}\"` leaves fewer than 4 of the {budget} requests a minute, so that no history is read (hint: a higher `max_requests_per_minute`)",
            section.name,
            Span(poll)
        ));
        return None;
    }
    Some(history.max(Duration::from_secs(60).div_f64(left / 4.0)))
}

fn convoso_zone(section: &Section<'_>) -> Tz {
    if !section.has("timezone") {
        let notice = format!(
            "{} has no `timezone`: the vendor's day is taken to begin at midnight in {CONVOSO_ZONE}",
            section.name
        );
        section.sheet.notices.borrow_mut().push(notice);
    }
    section.parsed("timezone", zone).map_or(CONVOSO_ZONE, |zone| zone.value)
}

/// The request budget; one that does not even cover the main reading is a mistake.
fn requests(section: &Section<'_>, poll: Duration) -> u32 {
    let budget = section.count("max_requests_per_minute", 1..=6_000);
    let needed = 60_000_u128.div_ceil(poll.as_millis().max(1));
    if let Some(At { value, line }) = budget
        && u128::from(value) < needed
    {
        let found = format!(
            "`max_requests_per_minute = {value}`, where `poll = \"{}\"` alone takes {needed}",
            Span(poll)
        );
        section.problem(line, found, Expected::new(format!("at least {needed}, or a longer poll")));
    }
    let budget = budget.map_or(REQUESTS_PER_MINUTE, |budget| budget.value);
    if u128::from(budget) == needed {
        section.sheet.notices.borrow_mut().push(format!(
            "{}: `poll = \"{}\"` takes all of the {budget} requests a minute, so that no queue's calls are counted (hint: a higher `max_requests_per_minute`)",
            section.name,
            Span(poll)
        ));
    }
    budget
}

fn status_map(section: &Section<'_>) -> HashMap<String, Activity> {
    section
        .words("status_map", |word| {
            activity(word).ok_or_else(|| {
                let away = ["away.break", "away.lunch", "away.meeting", "away.training"];
                let of_a_list = |kind: &&ActivityKind| **kind != ActivityKind::ReadyOrOnContact;
                let kinds = ActivityKind::ALL.iter().filter(of_a_list).map(|kind| kind.word());
                Expected::one_of(kinds.chain(away), word)
            })
        })
        .into_iter()
        .map(|(theirs, ours)| (theirs.to_uppercase(), ours))
        .collect()
}

/// The activity that a word of ours names; an absence may have its reason behind a dot.
fn activity(word: &str) -> Option<Activity> {
    Some(match word {
        "offline" => Activity::Offline,
        "unreachable" => Activity::Unreachable,
        "logged_in" => Activity::LoggedIn,
        "available" => Activity::Available,
        "ringing" => Activity::Ringing,
        "on_contact" => Activity::OnContact,
        "wrap_up" => Activity::WrapUp,
        "unknown" => Activity::Unknown,
        "away" => Activity::Away(Reason::Unspecified),
        other => Activity::Away(Reason::from_word(other.strip_prefix("away.")?)?),
    })
}

pub(super) fn cxengage(section: &Section<'_>) -> Option<CxEngageSettings> {
    let url = url(section, "https://api.cxengage.net/v1");
    if !section.has("tenant_id") {
        section.missing("tenant_id", Expected::new("the tenant's UUID"));
    }
    let tenant_id = section.parsed("tenant_id", |text| {
        Uuid::parse_str(text)
            .map_err(|_| Expected::new("a UUID, such as 11111111-2222-3333-4444-555555555555"))
    });
    let username = section.required_text("username", "\"…\"");
    let password = secret(section, "password", "CXENGAGE_PASSWORD");
    let account = cxengage::Account {
        url: url?,
        tenant_id: tenant_id?.value,
        username: username?.value.to_owned(),
        password: password?.value,
    };
    Some(CxEngageSettings { account, expected: Vec::new() })
}

pub(super) fn wfm(section: &Section<'_>, floor_zone: Tz) -> Option<WfmSettings> {
    let url = url(section, "https://wfm.example.com");
    let session_cookie = secret(section, "session_cookie", "WFM_SESSION");
    if let Some(At { value, line }) = &session_cookie
        && !may_be_cookie(value)
    {
        let expected = Expected::new("the whole cookie, `name=value`").hint(
            "an API key does not open these endpoints; copy the cookie of a logged-in session",
        );
        section.problem(*line, "a `session_cookie` that is no cookie", expected);
    }
    let team_id = section.text("team_id").map(|team| team.value.to_owned());
    let timezone = section.parsed("timezone", zone).map_or(floor_zone, |zone| zone.value);
    let conflicts = section.flag("conflicts").unwrap_or(false);
    let session = wfm::SharedSession::default();
    let account = wfm::Account { url: url?, session_cookie: session_cookie?.value, session };
    Some(WfmSettings { account, team_id, timezone, conflicts })
}

/// Whether `secret` has the form `name=value`, or cannot be read yet: then reading the source says so.
fn may_be_cookie(secret: &Secret) -> bool {
    let Ok(text) = secret.read() else { return true };
    text.expose_secret().split_once('=').is_some_and(|(name, value)| {
        !name.is_empty() && !value.is_empty() && !name.contains(char::is_whitespace)
    })
}

pub(super) fn sipio(section: &Section<'_>, floor: &FloorIdentity) -> Option<SipIoSettings> {
    let url = url(section, "https://api.sip.io/v1");
    let api_key = secret(section, "api_key", "SIPIO_API_KEY");
    let account = sipio::Account { url: url?, api_key: api_key?.value };
    let FloorIdentity { timezone, day_starts, .. } = *floor;
    Some(SipIoSettings { account, timezone, day_starts })
}
