//! `floorwatch roster` and what `check` suggests for one, against who is really who.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use floorwatch::simulator::{Fault, PersonTruth, Target};

use super::centre::{Centre, PATIENCE, err, out};

const HEADER: &str = "person,name,team,email,timezone,dialer,cx,wfm,sip";

type Line = BTreeMap<String, String>;

fn lines(text: &str) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

fn without_roster(centre: &Centre) {
    centre
        .edit_config(|text| text.replace("roster = ", "# roster = ").replace("schedule = ", "# "));
}

/// The real person whom a source's id names.
fn of<'a>(people: &'a [PersonTruth], source: &str, id: &str) -> &'a PersonTruth {
    let is = |person: &&PersonTruth| {
        let own = match source {
            "dialer" => &person.convoso_user_id,
            "cx" => &person.cxengage_agent_id,
            "sip" => &person.sip_user_id,
            _ => &person.wfm_employee_id,
        };
        own.as_deref() == Some(id)
    };
    people.iter().find(is).unwrap_or_else(|| panic!("nobody is {source}:{id}"))
}

#[test]
fn a_roster_begun_from_nothing_puts_each_human_on_one_line_and_loads() {
    let centre = Centre::usual();
    without_roster(&centre);
    let file = centre.home.path().join("begun.csv");
    let output = centre.run(&["roster", "--wait", PATIENCE, "--output", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(out(&output), "");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().next(), Some(HEADER));
    let people = centre.truth().people;
    let mut joined = 0;
    for line in lines(&text) {
        let ids: Vec<_> = ["dialer", "cx", "wfm", "sip"]
            .map(|source| (source, &line[source]))
            .into_iter()
            .collect();
        let ids = ids.into_iter().filter(|(_, id)| !id.is_empty());
        let humans: Vec<_> = ids.map(|(source, id)| of(&people, source, id)).collect();
        assert!(!humans.is_empty(), "{line:?}");
        assert!(humans.iter().all(|human| human.person == humans[0].person), "{line:?}");
        // sip.io tells no names: who sits there alone is called by the id.
        let nameless = ["dialer", "cx", "wfm"].iter().all(|source| line[*source].is_empty());
        let name = if nameless { &line["sip"] } else { &humans[0].name };
        assert_eq!(&line["name"], name);
        joined += usize::from(humans.len() > 1);
    }
    assert!(joined > 3, "{text}");
    assert_eq!(err(&output).matches("by name only").count(), joined, "{}", err(&output));

    centre.edit_config(|text| text.replace("# roster = \"roster.csv\"", "roster = \"begun.csv\""));
    let again = centre.run(&["roster", "--wait", PATIENCE]);
    assert_eq!(again.status.code(), Some(0), "{}", err(&again));
    let (before, after) = (lines(&text), lines(&out(&again)));
    assert_eq!(after[..before.len()], before, "whoever is in the roster stays as they are");

    let refused = centre.run(&["roster", "--wait", PATIENCE, "--output", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_source_that_cannot_be_read_is_named_and_the_rest_is_printed() {
    let centre = Centre::usual();
    without_roster(&centre);
    centre.fault(Target::Wfm, Fault::Forbidden);
    let output = centre.run(&["roster", "--wait", PATIENCE]);
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("source `wfm` is denied"), "{}", err(&output));
    let lines = lines(&out(&output));
    assert!(lines.len() > 3 && lines.iter().all(|line| line["wfm"].is_empty()));
    assert!(lines.iter().any(|line| !line["cx"].is_empty()));
}

#[test]
fn check_completes_the_lines_of_whom_the_roster_lacks_and_joins_nobody() {
    let centre = Centre::usual();
    let path = centre.home.path().join("roster.csv");
    let whole = lines(&fs::read_to_string(&path).unwrap());
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(["wfm", "name", "person", "dialer"]).unwrap();
    for line in &whole {
        writer
            .write_record([&line["wfm"], &line["name"], &line["person"], &line["dialer"]])
            .unwrap();
    }
    writer.flush().unwrap();
    let output = centre.run(&["check"]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", err(&output));
    assert!(text.contains("guess: same name as `"), "{text}");
    let (_, guessed) = text.split_once("guesses by name: nothing has been joined").unwrap();
    let guessed = guessed.split_once('\n').unwrap().1;
    assert_eq!(guessed.lines().next(), Some("wfm,name,person,dialer,cx,sip"), "{text}");
    let people = centre.truth().people;
    let guessed = lines(guessed);
    assert!(!guessed.is_empty());
    for line in guessed {
        let own = whole.iter().find(|own| own["person"] == line["person"]).unwrap();
        assert_eq!((&line["dialer"], &line["wfm"]), (&own["dialer"], &own["wfm"]));
        let added = ["cx", "sip"].into_iter().filter(|source| !line[*source].is_empty());
        let added: Vec<_> = added.collect();
        assert!(!added.is_empty(), "{line:?}");
        for source in added {
            assert_eq!(of(&people, source, &line[source]).person, line["person"]);
        }
    }
    assert!(text.contains("POST import/agent-states") && text.contains("501"), "{text}");
    assert!(text.contains("  alerts: live"), "{text}");
}
