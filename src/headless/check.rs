//! `floorwatch check`: what is wrong with each source, and what to do about it.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::guess::Guesses;
use super::session::Session;
use super::{Exit, Failure, print};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{FailureKind, Feed, FeedStatus, Floor, Side, SideFeed, SourceKind, WayBack};

/// How long a source may take to say anything.
const AT_MOST: Duration = Duration::from_secs(20);

/// A clock this far off makes CxEngage's newest events come out of order.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(5);

/// Unmatched agents that are named; the rest are counted.
const NAMED: usize = 5;

/// Reads each source once and says of each whether that works.
///
/// # Errors
/// When standard output cannot be written.
pub async fn check(config: &Config, clock: Clock) -> Result<Exit, Failure> {
    let mut session = Session::open(config, clock);
    let has_roster = !config.roster.people().is_empty();
    session.watch(AT_MOST, |floor, _| floor.feeds().iter().all(|f| answered(f, has_roster))).await;
    let (floor, now) = (&session.floor, session.now());
    let guesses = Guesses::of(config, floor);
    let mut text = format!("config: {}\n", config.path.display());
    for notice in &config.notices {
        let _ = writeln!(text, "note: {notice}");
    }
    let mut exit = Exit::Well;
    for feed in floor.feeds() {
        let status = feed.status(now);
        if status != FeedStatus::Live {
            exit = Exit::NotAllLive;
        }
        condition(&mut text, feed, now);
        if let Some(note) = note(feed) {
            let _ = writeln!(text, "  note: {note}");
        }
        unmatched(&mut text, floor, feed, &guesses);
    }
    guesses.describe(&mut text, config)?;
    print(text.as_bytes())?;
    Ok(exit)
}

/// Whether `feed` has said whether it works, and so has what is read beside it. Whom a roster lacks
/// shows only once a log has been read back.
fn answered(feed: &Feed, has_roster: bool) -> bool {
    let is_back = feed.way_back.is_none_or(WayBack::is_complete) || !has_roster;
    let sides = || feed.sides.iter().all(|side| side.readings > 0 || side.failure.is_some());
    feed.failure.is_some() || feed.readings > 0 && is_back && sides()
}

/// How `feed` is doing, and what is read beside it.
fn condition(text: &mut String, feed: &Feed, now: DateTime<Utc>) {
    let status = feed.status(now);
    let _ = write!(text, "\n{} ({}): {}", feed.name, feed.kind.word(), feed.word(now));
    let was_asked = feed.failure.as_ref().is_none_or(|f| f.kind != FailureKind::NotSet);
    if let Some(took) = feed.took.filter(|_| was_asked) {
        let _ = write!(text, ", answered in {} ms", took.num_milliseconds());
    }
    if let Some(offset) = feed.clock_offset {
        let _ = write!(text, ", {}", clock(offset));
    }
    text.push('\n');
    if let Some(failure) = &feed.failure {
        let _ = writeln!(text, "  failed: {}", failure.text);
        // A cause that is known to the letter comes with its own.
        if !failure.text.contains("(hint: ") {
            let _ = writeln!(text, "  hint: {}", hint(feed.kind, failure.kind));
        }
    } else if status == FeedStatus::Waiting {
        let _ = writeln!(text, "  no answer within {} s", AT_MOST.as_secs());
        let _ = writeln!(text, "  hint: {}", hint(feed.kind, FailureKind::Transient));
    }
    left_out(text, "  ", feed.skipped, feed.repaired);
    for lacking in feed.missed().into_iter().chain(feed.doubt(now)) {
        let _ = writeln!(text, "  {lacking}");
    }
    if feed.clock_offset.is_some_and(|offset| offset.abs() > CLOCK_TOLERANCE) {
        let _ = writeln!(
            text,
            "  hint: the times shown allow for it; still, set this machine's clock by NTP"
        );
    }
    feed.sides.iter().for_each(|side| beside(text, feed, side, now));
}

/// What is read beside the main reading: whether that works.
fn beside(text: &mut String, feed: &Feed, side: &SideFeed, now: DateTime<Utc>) {
    let status = side.status(now);
    let _ = writeln!(text, "  {}: {}", side.side.word(), side.word(now));
    let main = feed.failure.as_ref();
    if let Some(failure) = &side.failure {
        let _ = writeln!(text, "    failed: {}", failure.text);
        let hint = match main.is_some_and(|main| main.kind == failure.kind) {
            true => hint(feed.kind, failure.kind),
            false => side_hint(side.side, failure.kind),
        };
        if !failure.text.contains("(hint: ") {
            let _ = writeln!(text, "    hint: {hint}");
        }
    } else if status == FeedStatus::Waiting && main.is_none() {
        let _ = writeln!(text, "    no answer within {} s", AT_MOST.as_secs());
        let _ = writeln!(text, "    hint: {}", side_hint(side.side, FailureKind::Transient));
    }
    left_out(text, "    ", side.skipped, side.repaired);
    if let Some(why) = &side.incomplete {
        let _ = writeln!(text, "    not all of it: {why}");
    }
}

/// How many records could not be read, and how many hold letters that could not.
fn left_out(text: &mut String, indent: &str, skipped: u32, repaired: u32) {
    if skipped > 0 {
        let _ =
            writeln!(text, "{indent}{skipped} records could not be understood and were left out");
    }
    if repaired > 0 {
        let shown = char::REPLACEMENT_CHARACTER;
        let _ = writeln!(
            text,
            "{indent}{repaired} records hold what is no text; it is shown as {shown}"
        );
    }
}

/// Where no credential is.
const NOT_SET: &str = "set it where this program is started; nothing was asked without it";

/// Where it is nobody's fault but ours.
const INTERNAL: &str =
    "please report it, with what `--log-file` wrote: nothing in the config helps";

fn side_hint(side: Side, failure: FailureKind) -> &'static str {
    match (side, failure) {
        (_, FailureKind::NotSet) => NOT_SET,
        (_, FailureKind::Internal) => INTERNAL,
        (Side::History, FailureKind::Denied | FailureKind::NotEntitled) => {
            "ask for API access to agent-productivity; `history_poll = \"off\"` leaves it out"
        }
        (Side::History, FailureKind::Transient) => {
            "the monitor is read all the same; a longer `history_poll` asks less often, \"off\" never"
        }
        (Side::History, FailureKind::Rejected | FailureKind::Garbled) => {
            "the monitor is read all the same; `history_poll = \"off\"` leaves it out"
        }
        (Side::Alerts, FailureKind::Denied) => {
            "sign in to the WFM anew and put the whole cookie, name=value, into `session_cookie`"
        }
        (Side::Alerts, FailureKind::NotEntitled) => {
            "alerts need the WFM's Enterprise tier and a login that may see them"
        }
        (Side::Alerts, FailureKind::Transient | FailureKind::Rejected | FailureKind::Garbled) => {
            "states are read all the same; check whether the WFM shows its alerts itself"
        }
    }
}

/// What somebody may wonder about who knows the system.
fn note(feed: &Feed) -> Option<&'static str> {
    match feed.kind {
        SourceKind::Convoso if feed.side(Side::History).is_none() => Some(
            "agent-productivity is left out (`history_poll = \"off\"`): pauses have no reasons, \
             and the day begins when this program does",
        ),
        SourceKind::SipIo => Some(
            "it counts how long states lasted and does not say which one there is: states are \
             concluded from which counter grew",
        ),
        SourceKind::Wfm => Some(
            "states are not pushed to it: by its document `POST import/agent-states` answers 501, \
             not implemented, so this program never calls it",
        ),
        SourceKind::Convoso | SourceKind::CxEngage => None,
    }
}

/// A server tells its time in whole seconds, so less than one is no difference.
fn clock(offset: TimeDelta) -> String {
    let seconds = offset.num_seconds();
    match seconds {
        0 => "its clock agrees with ours".to_owned(),
        1.. => format!("its clock is {seconds} s ahead of ours"),
        _ => format!("its clock is {} s behind ours", -seconds),
    }
}

fn hint(source: SourceKind, failure: FailureKind) -> &'static str {
    match (failure, source) {
        (FailureKind::NotSet, _) => NOT_SET,
        (FailureKind::Internal, _) => INTERNAL,
        (FailureKind::Denied, SourceKind::Convoso) => {
            "renew `auth_token`; it belongs to one Convoso account"
        }
        (FailureKind::Denied, SourceKind::CxEngage) => {
            "check `username` and `password`; a user who signs in by SSO has none"
        }
        (FailureKind::Denied, SourceKind::Wfm) => {
            "sign in to the WFM anew and put the whole cookie, name=value, into `session_cookie`"
        }
        (FailureKind::Denied, SourceKind::SipIo) => "renew `api_key`",
        (FailureKind::NotEntitled, SourceKind::SipIo) => "give the API key the scope `agents`",
        (FailureKind::NotEntitled, SourceKind::CxEngage) => {
            "give the user a role with the permission WFM RTA"
        }
        (FailureKind::NotEntitled, SourceKind::Wfm) => "adherence needs the WFM's Enterprise tier",
        (FailureKind::NotEntitled, SourceKind::Convoso) => {
            "ask for API access to the agent monitor"
        }
        (FailureKind::Rejected, _) => "check `url`, the ids and the filters in the config",
        (FailureKind::Garbled, _) => "check `url`: something answers there, but not this API",
        (FailureKind::Transient, _) => "check `url`, the network and whether the service is up",
    }
}

/// Which of the source's agents no row of the roster names.
fn unmatched(text: &mut String, floor: &Floor, feed: &Feed, guesses: &Guesses) {
    if !floor.people().iter().any(|person| person.in_roster) {
        return;
    }
    let strangers: Vec<_> = floor
        .people()
        .iter()
        .filter(|person| !person.in_roster)
        .filter_map(|person| Some((person, person.presence(&feed.name)?)))
        .collect();
    let way_back = feed.way_back.filter(|way_back| !way_back.is_complete());
    if let Some(WayBack { done, of }) = way_back {
        let _ = writeln!(text, "  its log was read back {done} of {of} steps: there may be more");
    }
    if strangers.is_empty() {
        return;
    }
    let agents = if strangers.len() == 1 { "agent is" } else { "agents are" };
    let _ = writeln!(text, "  {} {agents} not in the roster:", strangers.len());
    for (person, presence) in strangers.iter().take(NAMED) {
        let guess = guesses.namesake(person).map_or_else(String::new, |namesake| {
            format!(", guess: same name as `{namesake}`, see below")
        });
        let _ = writeln!(text, "    {} ({}){guess}", person.name, presence.agent);
    }
    if strangers.len() > NAMED {
        let _ = writeln!(text, "    and {} more", strangers.len() - NAMED);
    }
    let _ = writeln!(text, "  hint: put their ids into the roster's column `{}`", feed.name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Failure, Hold, HoldReason, Unread};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn live() -> Feed {
        let mut feed = Feed::new("cx".into(), SourceKind::CxEngage, TimeDelta::seconds(3));
        (feed.as_of, feed.read_at, feed.readings) = (Some(at(0)), Some(at(0)), 1);
        feed
    }

    fn said(feed: &Feed) -> String {
        let mut text = String::new();
        condition(&mut text, feed, at(1));
        text
    }

    #[test]
    fn what_a_live_source_lacks_is_told() {
        let mut feed = live();
        assert_eq!(said(&feed), "\ncx (cxengage): live\n");
        feed.unread = vec![Unread { from: at(-900), until: at(-301), why: "HTTP 403".into() }];
        let reason = HoldReason::Emptied { of: 30 };
        feed.hold = Some(Hold { reason, since: at(0), until: at(60) });
        let mut alerts = SideFeed::new(Side::Alerts, TimeDelta::seconds(15));
        (alerts.read_at, alerts.readings, alerts.repaired) = (Some(at(0)), 1, 2);
        feed.sides = vec![alerts];
        assert_eq!(
            said(&feed),
            "\ncx (cxengage): live\n\
             \u{20} 10 min of its log could not be read and are asked for again: HTTP 403\n\
             \u{20} the last list is doubtful: it lists nobody any more, 30 before; who is missing is \
             held as stale\n\
             \u{20} alerts: live\n\
             \u{20}   2 records hold what is no text; it is shown as \u{fffd}\n"
        );
    }

    #[test]
    fn an_error_of_ours_asks_for_a_report_and_not_for_another_config() {
        let mut feed = live();
        let text = "an error in this program, which begins anew: overflowed".to_owned();
        feed.failure = Some(Failure { kind: FailureKind::Internal, text });
        let said = said(&feed);
        assert!(said.contains("failed: an error in this program") && !said.contains("`url`"));
        assert!(said.contains("hint: please report it, with what `--log-file` wrote"), "{said}");
    }
}
