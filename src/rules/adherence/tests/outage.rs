//! What becomes of the program's own alerts while the system that knows best is silent, and afterwards.

use super::floors::{doing, judged, says, utc};
use super::late::fails;
use super::*;
use crate::model::{AlertStatus, Observation, ScheduleState, SourceName};
use crate::rules::{Judged, Limits, Vouched, findings_beside, own_alerts};

/// Judges Jane; how many of our own alerts change.
fn judge(floor: &mut Floor, now: DateTime<Utc>) -> usize {
    let changes = {
        let person = &floor.people()[0];
        let headline = floor.headline(person, now);
        let adherence = judged(floor, now);
        let limits = Limits::default();
        let found = findings_beside(floor, person, &headline, adherence.as_ref(), &limits, now);
        let jane = Judged::of(floor, (person, &headline), adherence.as_ref(), &found, now);
        own_alerts(floor, [jane], limits.adherence.grace, &mut Vouched::default(), now)
    };
    let count = changes.len();
    changes.into_iter().for_each(|known| floor.raise(known));
    count
}

fn own(floor: &Floor) -> Vec<(String, AlertStatus)> {
    let own = floor.alerts().of_source(&SourceName::own());
    own.map(|known| (known.key.id.to_string(), known.alert.status.clone())).collect()
}

/// Jane, on a break that nobody scheduled since 09:00, seen until 09:05 by a dialer that says since when
/// where `says_since`.
fn on_a_break(says_since: bool) -> Floor {
    let mut floor = utc(vec![]);
    for source in ["pbx", "wfm"] {
        says(&mut floor, source, at("08:00"), Observation::of("2", activity("offline"), "RAW"));
    }
    says(&mut floor, "dialer", at("08:59"), doing("ready", at("07:55")));
    for polls in 0..=60 {
        sees_break(&mut floor, says_since, at("09:00") + TimeDelta::seconds(5) * polls);
    }
    floor
}

fn sees_break(floor: &mut Floor, says_since: bool, now: DateTime<Utc>) {
    let since = says_since.then(|| at("09:00"));
    says(floor, "dialer", now, Observation { since, ..doing("break", at("09:00")) });
}

#[test]
fn a_deviation_that_goes_on_across_an_outage_is_the_same_alert() {
    for says_since in [true, false] {
        let mut floor = on_a_break(says_since);
        assert_eq!(judge(&mut floor, at("09:05")), 1);
        let raised = own(&floor);
        fails(&mut floor, "dialer", at("09:05:03"));
        for now in ["09:05:04", "09:12", "09:40"] {
            assert_eq!(judge(&mut floor, at(now)), 0, "{now}, says since: {says_since}");
        }
        sees_break(&mut floor, says_since, at("09:41"));
        assert_eq!(judge(&mut floor, at("09:41")), 0, "says since: {says_since}");
        assert_eq!(own(&floor), raised);
        // It ends by a word of the source's own.
        says(&mut floor, "dialer", at("09:50"), doing("ready", at("09:49")));
        assert_eq!(judge(&mut floor, at("09:50")), 1);
        assert_eq!(own(&floor)[0].1, AlertStatus::Resolved);
    }
}

#[test]
fn nothing_is_raised_by_the_word_of_a_system_that_a_silent_one_had_outdone() {
    let mut floor = utc(vec![]);
    says(&mut floor, "wfm", at("08:00"), Observation::of("2", activity("offline"), "RAW"));
    // Her telephone has her away for long, wrongly, and the dialer on a call.
    for polls in 0..=60 {
        let now = at("09:00") + TimeDelta::seconds(5) * polls;
        says(&mut floor, "pbx", now, doing("break", at("08:30")));
        if polls <= 6 {
            says(&mut floor, "dialer", now, doing("call", at("08:59")));
        } else {
            fails(&mut floor, "dialer", now);
        }
        assert_eq!(judge(&mut floor, now), 0, "{now}");
    }
    let now = at("09:05:05");
    says(&mut floor, "dialer", now, doing("break", at("09:05:03")));
    assert_eq!(judge(&mut floor, now), 0, "it began a moment ago");
}

#[test]
fn where_a_wfm_says_that_all_is_as_scheduled_a_silence_finds_no_deviation() {
    let mut floor = on_a_break(true);
    let schedule =
        ScheduleState { scheduled: Some(Scheduled::Available), adherent: Some(true), shift: None };
    let seen = Observation { schedule: Some(schedule), ..doing("break", at("09:00")) };
    for second in (0..=4).map(|poll| at("09:05") + TimeDelta::seconds(3) * poll) {
        says(&mut floor, "wfm", second, seen.clone());
        sees_break(&mut floor, true, second);
    }
    assert_eq!(judged(&floor, at("09:05:12")).unwrap().deviation, None);
    fails(&mut floor, "dialer", at("09:05:13"));
    says(&mut floor, "wfm", at("09:05:15"), seen);
    assert_eq!(judged(&floor, at("09:05:15")).unwrap().deviation, None);
}

#[test]
fn what_ended_in_the_second_in_which_the_dialer_was_last_read_does_not_go_on_in_silence() {
    let mut floor = on_a_break(true);
    // The vendor counts whole seconds: what it says began lies just after the instant of the answer.
    let (read, begun) = (at("09:05:10"), at("09:05:10") + TimeDelta::milliseconds(400));
    says(&mut floor, "dialer", read, doing("ready", begun));
    fails(&mut floor, "dialer", at("09:05:12"));
    let found = judged(&floor, at("09:05:13")).unwrap();
    assert_eq!((found.deviation, found.adherent), (None, None));
}

#[test]
fn a_deviation_that_ended_and_began_anew_across_an_outage_is_another_alert() {
    let mut floor = on_a_break(true);
    judge(&mut floor, at("09:05"));
    fails(&mut floor, "dialer", at("09:05:03"));
    says(&mut floor, "dialer", at("09:41"), doing("ready", at("09:20")));
    says(&mut floor, "dialer", at("09:55"), doing("break", at("09:50")));
    assert_eq!(judge(&mut floor, at("09:55")), 2, "one is over, another goes on");
    assert_eq!(own(&floor).len(), 2);
}

#[test]
fn nothing_is_raised_by_a_wfm_that_answers_before_the_dialer_that_knows_the_person() {
    let mut floor = utc(vec![]);
    for (source, agent) in [("pbx", "2"), ("dialer", "1")] {
        says(
            &mut floor,
            source,
            at("08:59"),
            Observation { agent: agent.into(), ..doing("ready", at("07:55")) },
        );
    }
    fails(&mut floor, "dialer", at("09:00"));
    let out =
        ScheduleState { scheduled: Some(Scheduled::Available), adherent: Some(false), shift: None };
    let away = Observation { schedule: Some(out), ..doing("break", at("09:00")) };
    says(&mut floor, "wfm", at("09:30"), away);
    assert_eq!(judge(&mut floor, at("09:30")), 0);
    assert_eq!(judged(&floor, at("09:30")).unwrap().deviation, None, "none begins");
}
