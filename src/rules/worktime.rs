//! The work metrics that Convoso's agent-productivity document defines, from an agent's log of a day.
//!
//! They are the vendor's words for the vendor's log, which has no calls: "ready" there is waiting and
//! talking, and never the same as the available time of another system.

use chrono::{DateTime, TimeDelta, Utc};

use super::attendance::percent;
use crate::model::{AgentKey, FeedStatus, Floor, Side, Spell};

/// The formula of [`Worktime::logged_in`], in hours, minutes and seconds.
pub const LOGIN_HOURS: &str = "login hours = from LOGIN to LogOut, over all sessions of the day; \
     one that goes on counts to now, or as far as the log could be read";

/// The formula of [`Worktime::ready`], in hours, minutes and seconds.
pub const READY_TIME: &str = "ready time (incl. calls) = from Ready to NotReady or LogOut; the log does not tell calls apart";

/// The formula of [`Worktime::on_break`] and [`Worktime::at_lunch`], in hours, minutes and seconds.
pub const BREAK_TIME: &str =
    "break time = NotReady with the code BREAK exactly; LUNCH is counted by itself";

/// The formula of [`Worktime::ready_pct`], in percent.
pub const READY_PCT: &str = "ready % = 100 x ready time / login hours";

/// The work metrics of one agent's day.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Worktime {
    /// See [`LOGIN_HOURS`].
    pub logged_in: TimeDelta,
    /// See [`READY_TIME`].
    pub ready: TimeDelta,
    /// See [`BREAK_TIME`].
    pub on_break: TimeDelta,
    /// See [`BREAK_TIME`].
    pub at_lunch: TimeDelta,
    /// See [`READY_PCT`]; unrounded, none where nobody was logged in.
    pub ready_pct: Option<f64>,
}

/// The work metrics of the floor's present day until `now` for one agent; none where no log says
/// anything of that agent today. While the log is read as planned, what goes on is taken to go on
/// until `now`; else it ends where the log was last read.
#[must_use]
pub fn day_worktime(floor: &Floor, key: &AgentKey, now: DateTime<Utc>) -> Option<Worktime> {
    let history = floor.feed(&key.source)?.side(Side::History)?;
    let past = floor.timeline(key)?;
    let past = match history.status(now) {
        FeedStatus::Live => past.going_on_until(now),
        _ => past,
    };
    let spells = past.recorded(floor.day_start(now), now);
    (!spells.is_empty()).then(|| worktime(&spells))
}

/// The work metrics of `spells`, which are of one agent's log, do not overlap and have an end each.
/// Several campaigns at once are one log: their times are joined, never added up.
#[must_use]
pub fn worktime(spells: &[Spell]) -> Worktime {
    let mut sums = Worktime::default();
    for spell in spells {
        let Some(time) = spell.until.map(|until| (until - spell.since).max(TimeDelta::zero()))
        else {
            continue;
        };
        let (state, code) = words_of(spell.raw.as_str());
        if state == "logout" {
            continue;
        }
        sums.logged_in += time;
        match (state.as_str(), code) {
            ("ready", _) => sums.ready += time,
            ("notready", "BREAK") => sums.on_break += time,
            ("notready", "LUNCH") => sums.at_lunch += time,
            _ => {}
        }
    }
    Worktime { ready_pct: percent(sums.ready, sums.logged_in), ..sums }
}

/// The state and the availability code of an event. Accounts write a state in any case, with and
/// without separators; a code is the account's own and stays as it is.
fn words_of(raw: &str) -> (String, &str) {
    let (state, code) = raw.split_once(' ').unwrap_or((raw, ""));
    let letters = state.chars().filter(|letter| !matches!(letter, '_' | '-'));
    (letters.collect::<String>().to_lowercase(), code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Activity, AgentHistory, Body, Evidence, Feed, FloorIdentity, Reading, Reason, Roster,
        SideFeed, SourceKind,
    };

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-03-01T{text}Z").parse().unwrap()
    }

    fn event(since: &str, activity: Activity, raw: &str) -> Spell {
        let evidence = Evidence::Observed;
        Spell { since: at(since), until: None, activity, evidence, raw: raw.into(), doubt: None }
    }

    /// The events of the document's sample, by the wall time of each row.
    fn sample() -> Vec<Spell> {
        vec![
            event("08:00:00", Activity::LoggedIn, "LOGIN AVAILABLE"),
            event("08:00:30", Activity::Available, "Ready READY_CALLS"),
            event("09:00:00", Activity::Away(Reason::Break), "NotReady BREAK"),
            event("16:00:00", Activity::Offline, "LogOut LOGGED_OUT"),
        ]
    }

    /// A floor whose dialer's log was read once, at `read_at`.
    fn floor(events: Vec<Spell>, read_at: &str) -> Floor {
        let identity = FloorIdentity {
            name: "Tampa".to_owned(),
            timezone: chrono_tz::UTC,
            day_starts: chrono::NaiveTime::MIN,
        };
        let mut feed = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3));
        feed.sides.push(SideFeed::new(Side::History, TimeDelta::seconds(60)));
        let mut floor = Floor::new(identity, Roster::default(), vec![feed], Vec::new());
        let history = AgentHistory {
            agent: "12345".into(),
            name: None,
            from: at("00:00:00"),
            until: at(read_at),
            spells: events,
            connection: None,
        };
        let reading = Reading {
            source: "dialer".into(),
            taken_at: at(read_at),
            as_of: at(read_at),
            skipped: 0,
            body: Body::History { histories: vec![history], incomplete: None },
        };
        floor.apply(reading, at(read_at));
        floor
    }

    fn of(floor: &Floor, now: &str) -> Option<Worktime> {
        day_worktime(floor, &AgentKey::new("dialer".into(), "12345".into()), at(now))
    }

    fn duration(text: &str) -> TimeDelta {
        at(text) - at("00:00:00")
    }

    #[test]
    fn the_documents_sample_is_eight_hours_with_seven_of_break() {
        let found = of(&floor(sample(), "17:00:00"), "17:00:10").unwrap();
        assert_eq!(found.logged_in, duration("08:00:00"));
        assert_eq!(found.ready, duration("00:59:30"));
        assert_eq!(found.on_break, duration("07:00:00"));
        assert_eq!(found.at_lunch, TimeDelta::zero());
        assert!((found.ready_pct.unwrap() - 12.396).abs() < 0.0005);
    }

    #[test]
    fn all_sessions_count_and_one_that_goes_on_counts_to_now_while_the_log_is_read() {
        let mut events = sample();
        events.push(event("17:00:00", Activity::LoggedIn, "LOGIN AVAILABLE"));
        events.push(event("17:00:00", Activity::Available, "READY AVAILABLE"));
        let floor = floor(events, "17:30:00");
        let live = of(&floor, "17:30:40").unwrap();
        assert_eq!(live.logged_in, duration("08:30:40"));
        assert_eq!(live.ready, duration("01:30:10"));
        let silent = of(&floor, "19:00:00").unwrap();
        assert_eq!(silent.logged_in, duration("08:30:00"), "nobody knows what was then");
    }

    #[test]
    fn only_the_code_break_is_a_break() {
        let away = |since: &str, reason, raw: &str| event(since, Activity::Away(reason), raw);
        let events = vec![
            event("08:00:00", Activity::LoggedIn, "login"),
            away("08:10:00", Reason::Break, "NOT_READY BREAK"),
            away("08:20:00", Reason::Break, "NotReady Comfort break"),
            away("08:30:00", Reason::Lunch, "NotReady LUNCH"),
            event("09:00:00", Activity::WrapUp, "NotReady WRAP"),
            event("09:10:00", Activity::Available, "Ready BREAK"),
            event("09:20:00", Activity::Offline, "LOGOUT"),
        ];
        let found = of(&floor(events, "10:00:00"), "10:00:10").unwrap();
        assert_eq!(found.on_break, duration("00:10:00"));
        assert_eq!(found.at_lunch, duration("00:30:00"));
        assert_eq!(found.ready, duration("00:10:00"), "the state decides");
        assert_eq!(found.logged_in, duration("01:20:00"));
    }

    #[test]
    fn who_was_not_logged_in_has_no_percentage_and_of_whom_the_log_is_silent_nothing_is_said() {
        let gone = vec![event("00:00:00", Activity::Offline, "LogOut LOGGED_OUT")];
        let found = of(&floor(gone, "10:00:00"), "10:00:10").unwrap();
        assert_eq!((found.logged_in, found.ready_pct), (TimeDelta::zero(), None));
        assert_eq!(of(&floor(Vec::new(), "10:00:00"), "10:00:10"), None);
    }
}
