//! The engine: every rule with its edges, on one Monday in UTC.

mod floors;
mod late;
mod outage;

use chrono::TimeDelta;

use super::*;
use crate::model::{Activity, ActivityKind, Reason, TimetableEntry};

/// `clock` on the Monday; hours from 24 on are the Tuesday's, before 0 the Sunday's.
fn at(clock: &str) -> DateTime<Utc> {
    let (sign, clock) = clock.strip_prefix('-').map_or((1, clock), |clock| (-1, clock));
    let parts: Vec<i64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts.get(2).unwrap_or(&0);
    let monday: DateTime<Utc> = "2026-06-01T00:00:00Z".parse().unwrap();
    monday + TimeDelta::seconds(sign * seconds)
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

/// From when, until when, what.
type Stretch<'a> = (DateTime<Utc>, Option<DateTime<Utc>>, &'a str);

/// What begins when, as `08:00 work, 10:00 break, 16:00`: each with the beginning of the next.
fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let parts = text.split(", ").filter(|part| !part.is_empty());
    let begun: Vec<_> = parts
        .map(|part| {
            let (clock, word) = part.split_once(' ').unwrap_or((part, ""));
            (at(clock), word)
        })
        .collect();
    let ends = begun.iter().skip(1).map(|(since, _)| Some(*since)).chain([None]);
    let all = begun.iter().zip(ends).map(|((since, word), until)| (*since, until, *word));
    all.filter(|(.., word)| !word.is_empty()).collect()
}

fn plan(text: &str) -> Vec<TimetableEntry> {
    let entry = |(since, until, word)| TimetableEntry {
        scheduled: match word {
            "work" => Scheduled::Available,
            "off" => Scheduled::Off,
            other => Reason::from_word(other)
                .map_or_else(|| Scheduled::Unknown(other.to_owned()), Scheduled::Away),
        },
        since: Some(since),
        until,
    };
    stretches(text).into_iter().map(entry).collect()
}

fn activity(word: &str) -> Activity {
    match word {
        "offline" => Activity::Offline,
        "unreachable" => Activity::Unreachable,
        "logged-in" => Activity::LoggedIn,
        "ready" => Activity::Available,
        "ringing" => Activity::Ringing,
        "call" => Activity::OnContact,
        "own-call" => Activity::OwnCall,
        "wrap-up" => Activity::WrapUp,
        "?" => Activity::Unknown,
        reason => Activity::Away(Reason::from_word(reason).unwrap()),
    }
}

fn done(text: &str, now: DateTime<Utc>) -> Vec<Fused> {
    let stretch = |(since, until, word): Stretch<'_>| Fused {
        since,
        until: until.unwrap_or(now).min(now),
        activity: activity(word.trim_end_matches(" by the log")),
        logged: word.strip_suffix(" by the log").map(|_| ActivityKind::Available),
        evidence: Evidence::Observed,
        source: None,
        place: None,
    };
    stretches(text).into_iter().filter(|(since, ..)| *since <= now).map(stretch).collect()
}

fn found(planned: &str, past: &str, now: &str) -> Option<Deviation> {
    deviation(&plan(planned), &done(past, at(now)), at(now))
}

/// The kind, since when, and when it alarms after two minutes of grace.
type Said<'a> = Option<(DeviationKind, &'a str, Option<&'a str>)>;

/// Everything is looked at at several moments: the plan, what was done, and what is said when.
fn table(planned: &str, past: &str, said: &[(&str, Said<'_>)]) {
    for (now, said) in said {
        let found = found(planned, past, now);
        let found = found.as_ref().map(|d| (d.kind, d.since, d.alarms_at(minutes(2))));
        let said = said.map(|(kind, since, alarms)| (kind, Some(at(since)), alarms.map(at)));
        assert_eq!(found, said, "{past} instead of {planned}, at {now}");
    }
}

use DeviationKind::{EarlyLeave, ExtendedBreak, LateStart, UnscheduledBreak, WrongState};

const DAY: &str =
    "-08:00 off, 08:00 work, 10:00 break, 10:15 work, 12:00 lunch, 12:30 work, 16:00 off";

#[test]
fn who_does_what_is_scheduled_deviates_from_nothing() {
    let past = "07:50 logged-in, 07:59 ready, 09:00 call, 09:10 wrap-up, 10:00 break, 10:15 ready, \
                11:00 ringing, 12:00 lunch, 12:30 ready, 16:00 offline";
    for now in ["08:00", "09:05", "09:12", "10:00", "10:14", "10:15", "11:00", "12:29:59", "17:00"]
    {
        table(DAY, past, &[(now, None)]);
    }
}

#[test]
fn who_does_not_come_is_late_from_the_shifts_beginning_on() {
    let late = Some((LateStart, "08:00", Some("08:02")));
    let past = "-04:00 offline, 08:09 ready";
    table(DAY, past, &[("07:59:59", None), ("08:00", late), ("08:08", late), ("08:10", None)]);
    assert_eq!(found(DAY, past, "08:05").unwrap().bound, Some(at("08:00")));
    // An absence that is scheduled meanwhile changes nothing, and neither does its end.
    let away = "-04:00 offline, 12:45 ready";
    table(DAY, away, &[("10:05", late), ("12:10", late), ("12:44", late), ("12:46", None)]);
}

#[test]
fn who_was_there_and_is_gone_left_early_at_the_logout() {
    let early = Some((EarlyLeave, "15:20", Some("15:22")));
    let past = "07:55 ready, 15:20 offline";
    table(
        DAY,
        past,
        &[
            ("15:19:59", None),
            ("15:20", early),
            ("15:21", early),
            ("15:59:59", early),
            ("16:00", None),
        ],
    );
    assert_eq!(found(DAY, past, "15:30").unwrap().bound, Some(at("16:00")));
    // Before the program began only a log that has no calls knew them.
    let logged = "08:05 ? by the log, 15:20 offline";
    table(DAY, logged, &[("15:30", early)]);
    let back = "08:00 offline, 12:00 ? by the log, 15:20 offline";
    table(DAY, back, &[("15:30", early)]);
    let at_lunch = Some((EarlyLeave, "11:58", Some("12:00")));
    table(DAY, "07:55 ready, 11:58 offline", &[("11:59", at_lunch), ("12:31", at_lunch)]);
    // Who logs off for it is still said to be gone, and what for.
    for (past, now, absence) in [
        ("07:55 ready, 11:58 offline", "12:10", Some(Reason::Lunch)),
        ("07:55 ready, 12:05 offline", "12:10", Some(Reason::Lunch)),
        ("07:55 ready, 11:57:59 offline", "12:10", None),
        ("07:55 ready, 12:05 offline", "12:40", None),
        ("07:55 ready, 10:01 offline", "10:10", Some(Reason::Break)),
        ("07:55 ready, 15:20 offline", "15:30", None),
    ] {
        let found = found(DAY, past, now).unwrap();
        assert_eq!((found.kind, found.absence), (EarlyLeave, absence), "{past} at {now}");
    }
    // Early and gone again before it began: never there in this shift.
    let late = Some((LateStart, "08:00", Some("08:02")));
    for past in ["07:00 ready, 07:40 offline", "07:00 ready, 08:00 offline"] {
        table(DAY, past, &[("08:05", late)]);
    }
}

#[test]
fn nobody_is_said_to_be_late_of_whom_it_is_not_known_whether_they_came() {
    let gone = Some((WrongState, "09:00", Some("09:02")));
    table(DAY, "-04:00 offline, 07:00 ?, 09:00 offline", &[("09:30", gone)]);
    // A silence of a moment hides no login.
    let late = Some((LateStart, "08:00", Some("08:02")));
    table(DAY, "08:02 offline", &[("08:30", late)]);
    table(DAY, "08:02:01 offline", &[("08:30", Some((WrongState, "08:02:01", Some("08:04:01"))))]);
    table(DAY, "-04:00 offline, 08:10 ?, 08:12 offline", &[("08:30", late)]);
}

#[test]
fn a_shift_of_which_the_beginning_is_not_known_may_have_begun_before() {
    // As a WFM is known that was first read at 13:00.
    let planned = "13:00 work, 13:30 break, 13:45 work";
    let gone = Some((EarlyLeave, "12:40", Some("12:42")));
    table(planned, "08:00 ready, 12:40 offline", &[("13:10", gone)]);
    let long_ago = Some((LateStart, "13:00", Some("13:02")));
    table(planned, "04:00 ready, 08:00 offline", &[("13:10", long_ago), ("13:50", long_ago)]);
    assert_eq!(found(planned, "08:00 offline", "13:10").unwrap().bound, None);
    let away = Some((UnscheduledBreak, "12:50", Some("12:52")));
    table(planned, "08:00 ready, 12:50 lunch", &[("13:10", away)]);
    let at_work = Some((WrongState, "13:00", Some("13:02")));
    table("13:00 lunch", "08:00 ready", &[("13:01", at_work)]);
}

#[test]
fn a_break_that_is_not_over_in_time_is_extended_since_its_end() {
    let long = Some((ExtendedBreak, "10:15", Some("10:17")));
    for past in ["07:55 ready, 10:00 break", "07:55 ready, 09:50 break", "07:55 ready, 10:14 lunch"]
    {
        table(DAY, past, &[("10:14:59", None), ("10:15", long), ("10:40", long), ("12:05", None)]);
    }
    // Back at work and away again is another absence.
    let again = Some((UnscheduledBreak, "10:30", Some("10:32")));
    table(DAY, "07:55 ready, 10:00 break, 10:14 ready, 10:30 break", &[("10:31", again)]);
    let at_its_end = Some((UnscheduledBreak, "10:15", Some("10:17")));
    table(DAY, "07:55 ready, 10:15 break", &[("10:16", at_its_end)]);
}

/// A break from 10:00 on that a call delays.
fn held_now<'a>() -> Said<'a> {
    Some((WrongState, "10:00", None))
}

#[test]
fn a_break_that_a_call_held_up_may_last_as_long_as_scheduled_from_then_on() {
    let long = |since, alarms| Some((ExtendedBreak, since, Some(alarms)));
    let held = "07:55 ready, 09:50 call, 10:07 wrap-up, 10:08 break";
    table(DAY, held, &[("10:16", None), ("10:22:59", None), ("10:23", long("10:23", "10:25"))]);
    // Also where the call outlasted the whole break, and where another followed at once.
    let outlasted = "07:55 ready, 09:50 call, 10:20 break";
    table(DAY, outlasted, &[("10:19", None), ("10:34", None), ("10:36", long("10:35", "10:37"))]);
    // The call ends just as the break does: who works on does what is scheduled.
    let until_its_end = "07:55 ready, 09:50 call, 10:15";
    table(DAY, &format!("{until_its_end} ready"), &[("10:14", held_now()), ("10:15", None)]);
    let at_its_end = format!("{until_its_end} break");
    table(DAY, &at_its_end, &[("10:29:59", None), ("10:30", long("10:30", "10:32"))]);
    let two = "07:55 ready, 09:50 call, 10:04 ready, 10:05 ringing, 10:05:10 call, 10:09 break";
    table(DAY, two, &[("10:23", None), ("10:24", long("10:24", "10:26"))]);
    let soon = "07:55 ready, 09:50 call, 10:20 ready, 10:21:59 break";
    table(DAY, soon, &[("10:34:59", None), ("10:35", long("10:35", "10:37"))]);
    // Who goes on working after the call takes the break without its leave.
    let alone = |since, alarms| Some((UnscheduledBreak, since, Some(alarms)));
    let later = "07:55 ready, 09:50 call, 10:20 ready, 10:22 break";
    table(DAY, later, &[("10:26", alone("10:22", "10:24"))]);
    let over = "07:55 ready, 09:50 call, 10:05 ready, 10:15 break";
    table(DAY, over, &[("10:16", alone("10:15", "10:17"))]);
    // A call that was over before the break began held nothing up.
    let before = "07:55 ready, 09:50 call, 09:59 ready, 10:05 break";
    table(DAY, before, &[("10:16", long("10:15", "10:17"))]);
}

#[test]
fn away_while_work_is_scheduled_is_a_break_that_nobody_scheduled() {
    let alone = |since, alarms| Some((UnscheduledBreak, since, Some(alarms)));
    let past = "07:55 ready, 09:00 training, 09:20 ready";
    let said = alone("09:00", "09:02");
    table(DAY, past, &[("09:00:01", said), ("09:19", said), ("09:21", None)]);
    // One reason after another is one absence; one that began before the shift counts from there.
    table(DAY, "07:55 ready, 09:00 break, 09:05 lunch", &[("09:10", said)]);
    table(DAY, "07:40 break", &[("07:59", None), ("08:05", alone("08:00", "08:02"))]);
    // As soon as the scheduled one begins it is as scheduled.
    table(DAY, "07:55 ready, 09:55 break", &[("09:58", alone("09:55", "09:57")), ("10:00", None)]);
}

#[test]
fn anything_else_is_a_wrong_state() {
    let wrong = |since, alarms| Some((WrongState, since, Some(alarms)));
    let through = "07:55 ready, 10:10 break";
    table(DAY, through, &[("10:00", wrong("10:00", "10:02")), ("10:11", None)]);
    let back = "07:55 ready, 10:00 break, 10:06 ready";
    table(DAY, back, &[("10:07", wrong("10:06", "10:08")), ("10:15", None)]);
    let not_ready = "08:00:30 logged-in, 08:01 unreachable, 08:30 ready";
    table(DAY, not_ready, &[("08:20", wrong("08:00:30", "08:02:30")), ("08:31", None)]);
    table(DAY, "07:00 logged-in", &[("07:59", None), ("08:05", wrong("08:00", "08:02"))]);
    let idle = "07:55 ready, 10:05 logged-in";
    table(DAY, idle, &[("10:06", wrong("10:00", "10:02"))]);
    // A call on one's own phone is no work, and nobody's business in a break.
    let own = "07:55 ready, 09:00 own-call, 10:15 ready";
    table(DAY, own, &[("09:10", wrong("09:00", "09:02")), ("10:05", None)]);
}

#[test]
fn an_absence_that_a_call_delays_alarms_only_when_it_has_not_begun_a_grace_after_it() {
    let held = held_now();
    let late = |alarms| Some((WrongState, "10:00", Some(alarms)));
    let past = "07:55 ready, 09:50 call, 10:05 wrap-up, 10:06 ready";
    let after = late("10:08");
    table(DAY, past, &[("10:00", held), ("10:05:30", held), ("10:07:59", after), ("10:09", after)]);
    let found_at = |past, now| found(DAY, past, now).unwrap();
    assert!(found_at(past, "10:05:30").is_held() && !found_at(past, "10:07").is_held());
    // The next call within the grace delays it further; one that comes later is no excuse.
    let soon = "07:55 ready, 09:50 call, 10:05 ready, 10:06:59 call, 10:12 ready";
    table(DAY, soon, &[("10:08", held), ("10:13", late("10:14"))]);
    let late_call = "07:55 ready, 09:50 call, 10:05 ready, 10:07 call, 10:12 ready";
    table(DAY, late_call, &[("10:08", late("10:07")), ("10:13", late("10:07"))]);
    let fresh = "07:55 ready, 10:01 call";
    table(DAY, fresh, &[("10:14", held)]);
    // One that ends just as the break begins delays nothing.
    let before = "07:55 ready, 09:50 call, 10:00 ready";
    table(DAY, before, &[("09:59", None), ("10:00", late("10:02"))]);
}

#[test]
fn a_contact_keeps_somebody_beyond_the_shifts_end() {
    let keeps = |past, now| overrun(&plan(DAY), &done(past, at(now)), at(now));
    let past = "07:55 ready, 15:50 call, 16:04 wrap-up, 16:05 ready";
    assert_eq!(keeps(past, "16:03"), [Delay { since: at("15:50"), until: None }]);
    assert_eq!(keeps(past, "16:06"), [Delay { since: at("15:50"), until: Some(at("16:05")) }]);
    assert!(keeps(past, "15:59").is_empty());
    for overtime in ["07:55 ready, 16:01 call", "07:55 ready, 16:00 call"] {
        assert!(keeps(overtime, "16:03").is_empty(), "overtime is their own");
    }
    assert!(keeps("07:55 ready, 15:50 call, 16:00 ready", "16:03").is_empty());
}

#[test]
fn who_is_off_deviates_from_nothing_and_neither_does_who_has_no_schedule() {
    for past in ["07:00 ready", "07:00 break", "07:00 offline", "07:00 call"] {
        table(DAY, past, &[("07:30", None), ("16:30", None)]);
        table("", past, &[("08:30", None)]);
        table("09:00 work, 10:00", past, &[("08:30", None), ("10:00", None)]);
        table("08:00 siesta, 10:00", past, &[("09:00", None)]);
    }
}

#[test]
fn of_whom_nothing_is_known_nothing_is_said() {
    table(DAY, "07:55 ready, 08:30 ?", &[("08:31", None), ("10:05", None)]);
    assert_eq!(deviation(&plan(DAY), &[], at("09:00")), None);
}

#[test]
fn a_silence_of_a_moment_does_not_begin_a_deviation_anew() {
    let since = |since, alarms| Some((UnscheduledBreak, since, Some(alarms)));
    let short = "07:55 ready, 09:00 break, 09:10 ?, 09:12 break";
    table(DAY, short, &[("09:20", since("09:00", "09:02"))]);
    let long = "07:55 ready, 09:00 break, 09:10 ?, 09:12:01 break";
    table(DAY, long, &[("09:20", since("09:12:01", "09:14:01"))]);
}

#[test]
fn each_half_of_a_split_shift_is_a_shift_of_its_own() {
    let split = "-08:00 off, 08:00 work, 12:00 off, 16:00 work, 20:00 off";
    let past = "07:55 ready, 12:05 offline";
    let late = Some((LateStart, "16:00", Some("16:02")));
    table(split, past, &[("12:03", None), ("14:00", None), ("16:01", late)]);
    let early = Some((EarlyLeave, "19:00", Some("19:02")));
    table(split, "07:55 ready, 12:05 offline, 15:58 ready, 19:00 offline", &[("19:10", early)]);
    // The last break of the first half is no break of the second.
    let halves = "-08:00 off, 08:00 work, 11:45 break, 12:00 off, 16:00 work, 20:00 off";
    let alone = Some((UnscheduledBreak, "16:00", Some("16:02")));
    table(
        halves,
        "07:55 ready, 11:45 break",
        &[("11:50", None), ("13:00", None), ("16:05", alone)],
    );
}

#[test]
fn midnight_is_no_boundary() {
    let night = "-08:00 off, 22:00 work, 25:00 lunch, 25:30 work, 30:00 off";
    let past = "21:55 ready, 23:55 break, 24:20 ready, 25:00 lunch, 25:40 ready, 29:00 offline";
    let alone = Some((UnscheduledBreak, "23:55", Some("23:57")));
    let long = Some((ExtendedBreak, "25:30", Some("25:32")));
    let early = Some((EarlyLeave, "29:00", Some("29:02")));
    table(night, past, &[("24:05", alone), ("24:30", None), ("25:35", long), ("29:30", early)]);
    let late = Some((LateStart, "22:00", Some("22:02")));
    table(night, "-04:00 offline", &[("24:30", late), ("29:59", late), ("30:00", None)]);
}

#[test]
fn a_limit_is_reached_at_it_and_not_after_it() {
    let lasted = |deviation: &Deviation, limit, now| {
        deviation.has_lasted(minutes(limit), minutes(2), at(now))
    };
    let late = found(DAY, "-04:00 offline", "08:20").unwrap();
    for (limit, now, has) in [(2, "08:01:59", false), (2, "08:02", true)].into_iter().chain([
        (15, "08:14:59", false),
        (15, "08:15", true),
        (0, "08:00", true),
    ]) {
        assert_eq!(lasted(&late, limit, now), has, "{limit} min at {now}");
    }
    // Held by a call it has not lasted at all, afterwards from the call's end on.
    let held = found(DAY, "07:55 ready, 09:50 call", "10:14").unwrap();
    assert!(!lasted(&held, 0, "10:14"));
    let free = found(DAY, "07:55 ready, 09:50 call, 10:05 ready", "10:14").unwrap();
    assert!(!lasted(&free, 2, "10:06:59") && lasted(&free, 2, "10:07"));
    // Of unknown age it is past its grace, but nobody can say that it is severe.
    let ageless = Deviation::unexplained(None);
    assert!(lasted(&ageless, 2, "08:00") && !lasted(&ageless, 15, "20:00"));
}
