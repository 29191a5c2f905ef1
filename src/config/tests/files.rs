//! The roster and the schedule beside a config.

use super::*;

/// A config beside a roster and a schedule.
fn with_files(roster: Option<&str>, schedule: Option<&str>) -> Result<Config, Problems> {
    let dir = tempfile::tempdir().unwrap();
    let mut floor = "[floor]\ntimezone = \"America/New_York\"\n".to_owned();
    for (key, content) in [("roster", roster), ("schedule", schedule)] {
        if let Some(content) = content {
            std::fs::write(dir.path().join(format!("{key}.csv")), content).unwrap();
            floor.push_str(&format!("{key} = \"{key}.csv\"\n"));
        }
    }
    Config::parse(&format!("{floor}{CONVOSO}{CXENGAGE}{WFM}"), dir.path(), true)
}

fn file_mistakes(roster: Option<&str>, schedule: Option<&str>) -> Vec<String> {
    let problems = with_files(roster, schedule).unwrap_err();
    let line = |problem: &Problem| {
        let name = problem.file.file_name().unwrap().to_str().unwrap().to_owned();
        Problem { file: name.into(), ..problem.clone() }.to_string()
    };
    problems.all().iter().map(line).collect()
}

#[test]
fn the_roster_joins_ids_and_tells_the_sources_what_they_need_of_it() {
    let roster = "\u{feff}person,name,team,email,timezone,convoso,cxengage,wfm\r\njane,\"Smith, Jane\",Sales,j@x.org,America/Chicago,12345,c-1,E7\r\nbob,,,,,,c-2,\r\n\r\n";
    let config = with_files(Some(roster), None).unwrap_or_else(|problems| panic!("{problems}"));
    let [jane, bob] = config.roster.people() else { panic!("not two") };
    assert_eq!((jane.name.as_str(), jane.team.as_deref()), ("Smith, Jane", Some("Sales")));
    assert_eq!(jane.timezone, Some(Tz::America__Chicago));
    assert_eq!(jane.ids[&SourceName::from("convoso")], AgentId::from("12345"));
    assert_eq!((bob.name.as_str(), bob.ids.len()), ("bob", 1));
    let cxengage = config.sources.iter().find(|s| s.kind() == SourceKind::CxEngage).unwrap();
    let VendorSettings::CxEngage(settings) = &cxengage.vendor else { panic!("not cxengage") };
    assert_eq!(settings.expected, [AgentId::from("c-1"), AgentId::from("c-2")]);
    let convoso = config.sources.iter().find(|s| s.kind() == SourceKind::Convoso).unwrap();
    let VendorSettings::Convoso(settings) = &convoso.vendor else { panic!("not convoso") };
    assert_eq!(settings.emails, [(AgentId::from("12345"), "j@x.org".to_owned())]);
}

#[test]
fn mistakes_of_the_roster_are_reported_with_its_lines() {
    let roster = "person,name,timezone,convoso,cxengag\njane,Jane,Mars/Phobos,1,\njane,Jane,,2,\n,Nobody,,,\nbob,Bob,,1,\nann,Ann,,3,,9\n";
    assert_eq!(
        file_mistakes(Some(roster), None),
        [
            "roster.csv:1: found unknown column `cxengag`; allowed: person, name, team, email, timezone, convoso, cxengage, wfm; hint: did you mean `cxengage`?",
            "roster.csv:2: found \"Mars/Phobos\" as `timezone`; allowed: an IANA time zone, such as America/New_York",
            "roster.csv:3: found `jane` a second time; allowed: each person once; hint: first on line 2",
            "roster.csv:4: found no `person`; allowed: one in every row",
            "roster.csv:5: found `convoso` id `1` a second time; allowed: each id once in a column; hint: first on line 2",
            "roster.csv:6: found 6 cells; allowed: 5",
        ]
    );
    let no_person = file_mistakes(Some("name,team\nJane,Sales\n"), None);
    assert!(no_person.iter().any(|line| line.contains("no column `person`")), "{no_person:?}");
}

#[test]
fn a_file_without_a_heading_is_one_mistake() {
    for (schedule, found) in [
        (
            "person;date;start;end;activity\njane;2026-03-01;08:00;16:00;work\n",
            "a first line whose cells are separated by `;`",
        ),
        ("person\tdate\tstart\tend\tactivity\n", "a first line whose cells are separated by tabs"),
        ("", "an empty file"),
        (
            "jane,2026-03-01,08:00,16:00,work\nbob,2026-03-01,08:00,16:00,work\n",
            "a first line that names no column",
        ),
    ] {
        let says = format!(
            "schedule.csv:1: found {found}; allowed: person,date,start,end,activity; \
             hint: the first line names the columns, separated by commas"
        );
        assert_eq!(file_mistakes(Some("person,name\njane,Jane\n"), Some(schedule)), [says]);
    }
    let roster = file_mistakes(Some("person;name\n"), None);
    assert_eq!(roster.len(), 1, "{roster:?}");
    assert!(roster[0].contains("separated by `;`"), "{roster:?}");
}

#[test]
fn without_a_roster_a_schedule_names_people_by_source_and_id() {
    let schedule = |person: &str| {
        format!("person,date,start,end,activity\n{person},2026-03-01,08:00,16:00,work\n")
    };
    assert!(with_files(None, Some(&schedule("convoso:12345"))).is_ok());
    let allowed = "allowed: SOURCE:ID, where SOURCE is one of convoso, cxengage, wfm";
    let roster = "hint: without a roster nobody else is known: name one in [floor]";
    for (person, hint) in [
        ("jane", roster),
        ("convoso:", "hint: its id there is missing"),
        ("convosa:7", "hint: did you mean source `convoso`?"),
        ("elsewhere:7", roster),
    ] {
        let says = format!("schedule.csv:2: found person `{person}`; {allowed}; {hint}");
        assert_eq!(file_mistakes(None, Some(&schedule(person))), [says]);
    }
    let several = schedule("jane") + "bob,2026-03-01,08:00,16:00,work\n";
    assert_eq!(file_mistakes(None, Some(&several)).len(), 1, "the same is wrong with all of them");
    let no_roster = "roster.csv:1";
    let unread = file_mistakes(Some(""), Some(&schedule("jane")));
    assert!(unread.len() == 1 && unread[0].starts_with(no_roster), "{unread:?}");
}

#[test]
fn a_schedule_of_other_people_than_the_rosters_is_one_mistake() {
    let schedule = |people: std::ops::Range<usize>| {
        let lines = people.map(|n| format!("p{n:03},2026-03-01,08:00,16:00,work\n"));
        format!("person,date,start,end,activity\n{}", lines.collect::<String>())
    };
    let mistakes = file_mistakes(Some("person,name\njane,Jane\n"), Some(&schedule(1..51)));
    assert_eq!(
        mistakes,
        [
            "schedule.csv:2: found 50 unknown people: `p001` on line 2, `p002` on line 3, `p003` on line 4 \
          and 47 more; allowed: people of the roster; hint: the roster lacks them, or the schedule has \
          other ids in its column `person`"
        ]
    );
    let few = file_mistakes(Some("person,name\njane,Jane\n"), Some(&schedule(1..4)));
    assert_eq!(few.len(), 3, "each of a few is a slip to be mended");
}

#[test]
fn what_a_spreadsheet_must_not_run_is_read_as_what_it_was_and_nothing_reorders_a_line() {
    let roster = "person,name,team,convoso\n\
        jane,'=Jane,'\u{ff1d}Blue,'-5\nanna,O'Neil,\u{202e}deR,'7\nbob,B\u{1bca0}o\u{7}b,'t Hooft,''+1\n";
    let config = with_files(Some(roster), None).unwrap_or_else(|problems| panic!("{problems}"));
    let found: Vec<_> = config
        .roster
        .people()
        .iter()
        .map(|p| (p.name.as_str(), p.team.as_deref().unwrap(), p.ids[&"convoso".into()].as_str()))
        .collect();
    assert_eq!(
        found,
        [("=Jane", "\u{ff1d}Blue", "-5"), ("O'Neil", "deR", "'7"), ("Bob", "'t Hooft", "'+1")]
    );
    let schedule = "person,date,start,end,activity\njan\u{202c}e,2026-03-01,08:00,16:00,work\n";
    with_files(Some(roster), Some(schedule)).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn mistakes_of_the_schedule_are_reported_with_its_lines() {
    let roster = "person,name\njane,Jane\nbob,Bob\n";
    let schedule = "person,date,start,end,activity\n\
        jane,2026-03-01,08:00,16:00,work\n\
        jane,2026-03-01,12:00,12:30,lunch\n\
        jane,2026-03-01,15:00,23:00,work\n\
        jnae,2026-03-01,08:00,16:00,work\n\
        bob,01.03.2026,08:00,16:00,work\n\
        bob,2026-03-01,8 am,16:00,work\n\
        bob,2026-03-01,08:00,16:00,wrok\n\
        bob,2026-03-01,08:00,,work\n\
        bob,2026-03-02,22:00,06:00,work\n\
        bob,2026-03-03,05:00,09:00,work\n";
    assert_eq!(
        file_mistakes(Some(roster), Some(schedule)),
        [
            "schedule.csv:4: found an entry of `jane` that overlaps another of its kind; allowed: entries one after the other, absences inside work; hint: see line 2",
            "schedule.csv:5: found unknown person `jnae`; allowed: a person of the roster; hint: did you mean `jane`?",
            "schedule.csv:6: found \"01.03.2026\" as `date`; allowed: a date, such as 2026-03-01",
            "schedule.csv:7: found \"8 am\" as `start`; allowed: a time of day, 00:00 to 23:59",
            "schedule.csv:8: found \"wrok\" as `activity`; allowed: work, break, lunch, meeting, training; hint: did you mean `work`?",
            "schedule.csv:9: found no `end`; allowed: one in every row",
            "schedule.csv:11: found an entry of `bob` that overlaps another of its kind; allowed: entries one after the other, absences inside work; hint: see line 10",
        ]
    );
}

#[test]
fn shifts_that_meet_are_split_or_pass_midnight_are_no_mistake_and_mean_what_they_say() {
    let schedule = "person,date,start,end,activity\n\
        convoso:1,2026-03-07,18:00,22:00,work\n\
        convoso:1,2026-03-07,22:00,06:00,work\n\
        convoso:1,2026-03-07,23:45,00:15,break\n\
        convoso:1,2026-03-08,00:15,00:45,lunch\n\
        convoso:1,2026-03-08,14:00,16:00,work\n\
        convoso:1,2026-03-08,15:00,15:00:30,meeting\n\
        convoso:2,2026-03-09,08:00,08:00,work\n";
    let config = with_files(None, Some(schedule)).unwrap_or_else(|problems| panic!("{problems}"));
    let timetable = config.timetable.as_ref().unwrap();
    let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let entries = |person: &str| -> Vec<_> {
        let person = person.into();
        let all =
            timetable.stretches(&person, at("2026-03-01T00:00:00Z"), at("2026-04-01T00:00:00Z"));
        let clock = |at: Option<chrono::DateTime<_>>| at.unwrap().format("%d %H:%M:%S").to_string();
        all.map(|e| (e.scheduled.word(), clock(e.since), clock(e.until))).collect()
    };
    let of = |word, since: &str, until: &str| (word, since.to_owned(), until.to_owned());
    assert_eq!(
        entries("convoso:1"),
        [
            of("available", "07 23:00:00", "08 04:45:00"),
            of("away", "08 04:45:00", "08 05:15:00"),
            of("away", "08 05:15:00", "08 05:45:00"),
            // Of this night an hour is skipped.
            of("available", "08 05:45:00", "08 10:00:00"),
            of("available", "08 18:00:00", "08 19:00:00"),
            of("away", "08 19:00:00", "08 19:00:30"),
            of("available", "08 19:00:30", "08 20:00:00"),
        ]
    );
    assert_eq!(entries("convoso:2"), [of("available", "09 12:00:00", "10 12:00:00")]);
}

#[test]
fn files_that_are_not_there_are_a_mistake_of_the_line_that_names_them() {
    let text = format!("[floor]\nroster = \"none.csv\"\nschedule = \"none.csv\"\n{CONVOSO}");
    let lines = mistakes(&text);
    assert!(lines[0].starts_with("config.toml:2: found file `none.csv`, which cannot be read"));
    assert!(lines[1].starts_with("config.toml:3: found file `none.csv`, which cannot be read"));
}

#[test]
fn names_of_the_roster_cannot_steer_the_terminal() {
    let roster = "person,name\njane,\"Ja\u{1b}[2Jne\u{202e}\u{7}\"\n";
    let config = with_files(Some(roster), None).unwrap();
    assert_eq!(config.roster.people()[0].name, "Jane");
}
