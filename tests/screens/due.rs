//! Who is due about now, on the screen.

use chrono::NaiveTime;
use floorwatch::action::Action;
use floorwatch::app::{App, Message, Station};
use floorwatch::model::{Duty, FailureKind, Floor, Scheduled, Timetable};
use floorwatch::theme::Symbols;

use super::floor::{app_on, at, fails, lists, silent_floor};
use super::{drawn, press, text};

/// Five people whose shift begins at 11:05 by the schedule file; the dialer lists two of the four whom it
/// would have, and nobody has said anything of the fifth.
fn due() -> Floor {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let zone = chrono_tz::America::New_York;
    let duty = |person: &str| Duty {
        person: person.into(),
        date: at(0).with_timezone(&zone).date_naive(),
        start: time(11, 5),
        end: time(19, 0),
        scheduled: Scheduled::Available,
    };
    let duties = ["max", "omar", "wes", "zoe", "tom"].map(duty);
    let mut floor = silent_floor().with_timetable(Some(Timetable::new(zone, duties)));
    lists(&mut floor, -4, &["104", "106"]);
    lists(&mut floor, -1, &["104", "106"]);
    floor
}

fn shown(app: &App, now: i64, size: (u16, u16)) -> String {
    text(&drawn(app, Symbols::Unicode, "mono", now, size))
}

#[test]
fn who_is_due_is_counted_in_the_header_and_named_on_the_page_of_adherence() {
    let mut app = app_on(due(), Station::Desk);
    let counts = "due 11:05: 2 here, 2 missing, 1 unknown";
    let agents = shown(&app, 0, (80, 24));
    assert!(agents.contains(counts), "{agents}");
    // Who is not listed is no mystery: dim, and not as what nobody can say.
    assert!(agents.contains("O offline"), "{agents}");
    press(&mut app, &[Action::Adherence]);
    for size in [(80, 24), (60, 16)] {
        let adherence = shown(&app, 0, size);
        assert!(adherence.contains(&format!("{counts}: Wes Hill")), "{adherence}");
        assert_eq!(adherence.matches("due 11:05").count(), 1, "{adherence}");
    }
    let named = shown(&app, 0, (120, 40));
    assert!(
        named.contains("1 unknown: Wes Hill, Zoë Papadopoulou; unknown: Tom Becker"),
        "{named}"
    );
}

#[test]
fn nobody_is_due_more_than_five_minutes_before_and_once_the_grace_is_over() {
    let is_said = |now: i64| {
        let mut floor = due();
        lists(&mut floor, now, &["104", "106"]);
        let mut app = app_on(floor, Station::Desk);
        app.update(Message::Tick, at(now));
        shown(&app, now, (120, 40)).contains("due 11:05")
    };
    let said: Vec<_> = [-1, 0, 300, 419, 420].into_iter().map(is_said).collect();
    assert_eq!(said, [false, true, true, true, false]);
}

#[test]
fn of_whom_a_silent_source_would_know_it_is_unknown_whether_they_have_come() {
    let mut floor = due();
    fails(&mut floor, "dialer", 0, FailureKind::Transient, "no answer within 10 s");
    let screen = shown(&app_on(floor, Station::Desk), 0, (120, 40));
    assert!(screen.contains("due 11:05: 5 unknown"), "{screen}");
}

#[test]
fn that_the_schedule_file_decides_for_a_silent_wfm_is_said_over_the_page_of_adherence() {
    let mut floor = due();
    fails(&mut floor, "wfm", 0, FailureKind::Transient, "no answer within 10 s");
    for now in [301, 304] {
        lists(&mut floor, now, &["104", "106"]);
    }
    let mut app = app_on(floor, Station::Desk);
    press(&mut app, &[Action::Adherence]);
    app.update(Message::Tick, at(304));
    let screen = shown(&app, 304, (120, 40));
    let said = "Adherent now by the schedule file: 2 of 4 (50 %), 1 cannot be said; wfm: no data";
    assert!(screen.contains(said), "{screen}");
}
