//! Several of a kind: accounts, tenants and WFMs in which the same ids mean somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::clock::Clock;
use floorwatch::simulator::{Options, PersonTruth, Truth};

use super::centre::{Centre, err};
use super::picture::{Picture, around, instant, presence};
use super::terminal::Terminal;

const SOURCES: [&str; 4] = ["dialer", "cx", "wfm", "sip"];

/// What a source of the centre at `place` is called.
fn called(source: &str, place: usize) -> String {
    if place == 0 { source.to_owned() } else { format!("{source}{}", place + 1) }
}

/// One config and one roster of all `centres`, in the home of the first.
fn join(centres: &[Centre]) {
    let first = &centres[0];
    let mut config = fs::read_to_string(first.config()).unwrap();
    let mut header = vec!["person".to_owned(), "name".to_owned(), "team".to_owned()];
    header.extend((0..centres.len()).flat_map(|place| SOURCES.map(|s| called(s, place))));
    let mut roster = csv::Writer::from_path(first.home.path().join("roster.csv")).unwrap();
    roster.write_record(&header).unwrap();
    for (place, centre) in centres.iter().enumerate() {
        if place > 0 {
            let text = centre.running.config_toml();
            let mut sources = text[text.find("[[source]]").unwrap()..].to_owned();
            for source in SOURCES {
                let name = |name: &str| format!("name = \"{name}\"");
                sources = sources.replace(&name(source), &name(&called(source, place)));
            }
            config.push_str(&sources);
        }
        let text = centre.running.roster_csv();
        for line in csv::Reader::from_reader(text.as_bytes()).deserialize() {
            let line: BTreeMap<String, String> = line.unwrap();
            let mut cells =
                vec![of(place, &line["person"]), line["name"].clone(), line["team"].clone()];
            cells.resize(header.len(), String::new());
            for (at, source) in SOURCES.into_iter().enumerate() {
                cells[3 + SOURCES.len() * place + at].clone_from(&line[source]);
            }
            roster.write_record(&cells).unwrap();
        }
    }
    roster.flush().unwrap();
    let config = config
        .replace("schedule = ", "# schedule = ")
        .replace("poll = \"15s\"", "poll = \"5s\"")
        .replace("poll = \"3s\"", "poll = \"3s\"\nmax_requests_per_minute = 600");
    fs::write(first.config(), config).unwrap();
}

/// Who `person` of the centre at `place` is in the joined roster.
fn of(place: usize, person: &str) -> String {
    format!("c{place}-{person}")
}

fn is_right(source: &str, activity: &str, person: &PersonTruth) -> bool {
    match (source, &person.convoso, &person.cxengage) {
        ("dialer", Some(seat), _) if !seat.logged_in => activity == "offline",
        ("dialer", Some(_), _) => activity == person.activity,
        ("cx", _, Some(seat)) => activity == seat.activity,
        _ => true,
    }
}

#[test]
fn three_of_each_with_the_same_ids_are_never_mixed_up() {
    let centre = |seed| Centre::start(Options { agents: 20, seed, ..Options::default() });
    let centres = [7, 8, 9].map(centre);
    join(&centres);
    let picture = Picture::take(&centres[0]);
    assert_eq!(picture.status, Some(0), "{}", picture.complaints);
    assert_eq!(picture.json["sources"].as_array().unwrap().len(), 12);
    let agents = picture.agents();
    assert_eq!((agents.len(), picture.json["agents"].as_array().unwrap().len()), (60, 60));
    let (mut compared, mut seen) = (0, BTreeMap::<&str, usize>::new());
    for (place, centre) in centres.iter().enumerate() {
        for person in centre.truth().people {
            let agent = agents[of(place, &person.person).as_str()];
            assert_eq!(agent["name"], person.name.as_str());
            let own: BTreeSet<_> = SOURCES.iter().map(|source| called(source, place)).collect();
            for said in agent["presences"].as_array().unwrap() {
                assert!(own.contains(said["source"].as_str().unwrap()), "{agent:#}");
            }
            for id in agent["ids"].as_object().unwrap().values() {
                *seen.entry(id.as_str().unwrap()).or_default() += 1;
            }
            for source in ["dialer", "cx"] {
                let Some(said) = presence(agent, &called(source, place)) else { continue };
                if source == "cx" && person.mishap.is_some() {
                    continue;
                }
                let then = around(&centre.running, instant(&said["as_of"]));
                let activity = said["activity"].as_str().unwrap();
                let so =
                    |then: &Truth| is_right(source, activity, then.person(&person.person).unwrap());
                assert!(then.iter().any(so), "{said:#} {person:#?}");
                compared += 1;
            }
        }
        let name = called("wfm", place);
        let alerts = picture.json["alerts"].as_array().unwrap();
        let listed: BTreeSet<_> = alerts
            .iter()
            .filter(|alert| alert["source"] == name.as_str())
            .map(|alert| {
                (
                    alert["id"].as_str().unwrap().to_owned(),
                    alert["person"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let read_at = instant(&picture.source(&name)["sides"][0]["as_of"]);
        let active = |truth: &Truth| {
            let active = truth.alerts.iter().filter(|alert| alert.status == "active");
            active
                .map(|alert| (alert.id.clone(), of(place, &alert.person)))
                .collect::<BTreeSet<_>>()
        };
        let then = around(&centre.running, read_at);
        assert!(then.iter().any(|then| active(then) == listed), "{name}: {listed:?}");
    }
    assert!(compared > 40, "only {compared} presences were compared");
    assert!(seen.values().any(|times| *times > 2), "no id stands for several people");
}

/// A clock that begins at `at` when it is first read: who begins alike has the same alerts.
fn beginning(at: DateTime<Utc>) -> Clock {
    let first = OnceLock::new();
    Clock::telling(move || {
        let passed = first.get_or_init(Instant::now).elapsed().as_millis();
        at + TimeDelta::milliseconds(i64::try_from(passed).unwrap())
    })
}

fn twins() -> [Centre; 2] {
    let at = Utc::now();
    let centres = [(); 2].map(|()| {
        Centre::start(Options { agents: 40, clock: beginning(at), ..Options::default() })
    });
    join(&centres);
    centres
}

fn active(centre: &Centre) -> BTreeSet<String> {
    let alerts = centre.truth().alerts.into_iter();
    alerts.filter(|alert| alert.status == "active").map(|alert| alert.id).collect()
}

#[test]
fn an_alert_of_two_wfms_with_one_id_is_acknowledged_at_the_right_one_only() {
    let centres = twins();
    let shared = active(&centres[0]).intersection(&active(&centres[1])).count();
    assert!(shared > 0, "the two have no alert with the same id");
    // The WFMs' alerts only, none of the program's own.
    let patient = "\n[adherence]\ngrace = \"1h\"\nsevere = \"24h\"\n";
    centres[0].edit_config(|text| text + patient);
    let mut terminal = Terminal::sized(&centres[0], &[], 140, 50);
    terminal.keys("4");
    terminal.wait_until("the alerts of both", |screen| {
        let text = screen.contents();
        let listed = |end: &str| text.lines().any(|line| line.trim_end().ends_with(end));
        listed(" wfm") && listed(" wfm2")
    });
    terminal.keys("k");
    let footer = terminal.wait_until("a selected row", |screen| {
        let text = screen.contents();
        text.contains("Enter unfold") || text.contains("Enter details  Space mark")
    });
    // One alert of several that fold.
    if footer.contains("Enter unfold") {
        terminal.keys("\rj");
        terminal.wait_for("Enter details  Space mark");
    }
    terminal.keys("a");
    terminal.wait_for("Acknowledge this alert?");
    let screen = terminal.wait_until_answerable();
    let at = screen.split_once(", alert ").unwrap();
    let right = usize::from(at.0.ends_with("wfm2"));
    let id: String = at.1.chars().take_while(|c| !c.is_whitespace()).collect();
    terminal.keys("\r");
    terminal.wait_for("CONFIRMED");
    let done = |place: usize| {
        let truth = centres[place].truth();
        let alert = truth.alerts.iter().find(|alert| alert.id == id).unwrap();
        (
            truth.patches.get(&id).map_or(0, |actions| actions["acknowledge"]),
            alert.acknowledged_by.clone(),
        )
    };
    assert_eq!(done(right), (1, Some("client".to_owned())));
    assert_eq!(done(1 - right), (0, None));
    assert!(centres[1 - right].truth().patches.is_empty());
}

#[test]
fn an_id_of_two_accounts_is_logged_out_of_the_right_one_only() {
    let centres = twins();
    let person = centres[1].somebody("away");
    let id = person.convoso_user_id.unwrap();
    let there = |centre: &Centre| {
        centre.truth().people.iter().any(|p| p.convoso_user_id.as_ref() == Some(&id))
    };
    assert!(centres.iter().all(there), "only one account knows {id}");
    let output = centres[0]
        .run(&["logout", "--source", "dialer2", "--agent", &id, "--reason", "left", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(centres[1].truth().logouts, BTreeMap::from([(id, 1)]));
    assert!(centres[0].truth().logouts.is_empty());
}
