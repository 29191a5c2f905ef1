//! `floorwatch roster`: a starting roster, from whom the sources list.

use std::collections::{BTreeMap, HashSet};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::lacks::cut_off;
use super::roster_file::{csv, usual_columns};
use super::session::{Session, all_have_listed};
use super::{Exit, Failure, print, tell};
use crate::args;
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{AgentKey, FeedStatus, Floor, Person, PersonId, RosterPerson};
use crate::rules::{NameKey, Namesakes, namesakes};
use crate::source::VendorSettings;

/// Reads every source and prints a roster: the people of the one there is, unchanged, then whom the
/// sources list besides.
///
/// # Errors
/// When the file is there already or cannot be written, or standard output cannot.
pub async fn roster(
    config: &Config,
    options: &args::Roster,
    clock: Clock,
) -> Result<Exit, Failure> {
    if let Some(file) = options.output.as_deref().filter(|file| file.exists()) {
        return Err(exists(file));
    }
    let mut session = Session::open(&reading_everything(config), clock);
    session.watch(options.wait.0, all_have_listed).await;
    let (floor, now) = (&session.floor, session.now());
    let (people, guesses) = begin(config, floor);
    let text = csv(&usual_columns(config), &people)?;
    match &options.output {
        Some(file) => write(file, &text)?,
        None => print(&text)?,
    }
    guesses.iter().for_each(|guess| tell(guess));
    let mut exit = Exit::Well;
    for feed in floor.feeds() {
        let status = feed.status(now);
        let why = feed.failure.as_ref().map_or("no current reading", |failure| &failure.text);
        let sick = (status != FeedStatus::Live)
            .then(|| format!("source `{}` is {}: {why}", feed.name, status.word()));
        for lack in sick.into_iter().chain(cut_off(floor, feed, &session.remembered)) {
            exit = Exit::NotAllLive;
            tell(&format!("{lack}; the roster may lack people"));
        }
    }
    Ok(exit)
}

/// Reading a log back does not end early because everybody whom the roster names has been seen: whom
/// it does not name is what is looked for.
fn reading_everything(config: &Config) -> Config {
    let mut config = config.clone();
    for settings in &mut config.sources {
        if let VendorSettings::CxEngage(cxengage) = &mut settings.vendor {
            cxengage.expected.clear();
        }
    }
    config
}

fn exists(file: &Path) -> Failure {
    Failure::Usage(format!(
        "`--output {}` is there already and is not overwritten (hint: another name)",
        file.display()
    ))
}

/// Writes a new file that only its owner can read: it holds names.
fn write(file: &Path, text: &[u8]) -> Result<(), Failure> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    match opened.and_then(|mut file| file.write_all(text)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists(file)),
        Err(error) => Err(Failure::NotDone(format!(
            "`--output {}` cannot be written: {error}",
            file.display()
        ))),
        Ok(()) => Ok(()),
    }
}

/// The lines of a roster, and what in it is a guess, in sentences.
fn begin(config: &Config, floor: &Floor) -> (Vec<RosterPerson>, Vec<String>) {
    let mut people = config.roster.people().to_vec();
    let mut taken: HashSet<String> = people.iter().map(|p| p.id.as_str().to_owned()).collect();
    let mut guesses = Vec::new();
    let mut together: BTreeMap<&PersonId, Vec<&Person>> = BTreeMap::new();
    let mut done: HashSet<&PersonId> = HashSet::new();
    for Namesakes { known, strangers } in namesakes(floor.people()) {
        if let Some(known) = known {
            let ids = strangers.iter().map(|stranger| keys(stranger)).collect::<Vec<_>>();
            guesses.push(format!(
                "guess: {} may be `{}` of the roster, by name only (hint: `floorwatch check` \
                 prints the line)",
                ids.join(", "),
                known.id
            ));
        }
        if let Some((first, others)) = strangers.split_first().filter(|(_, o)| !o.is_empty()) {
            together.insert(&first.id, others.to_vec());
        }
    }
    for stranger in floor.people().iter().filter(|person| !person.in_roster) {
        if !done.insert(&stranger.id) {
            continue;
        }
        let mut line = line(stranger, &mut taken);
        for namesake in together.remove(&stranger.id).unwrap_or_default() {
            done.insert(&namesake.id);
            line.ids.extend(namesake.ids.clone());
        }
        if line.ids.len() > stranger.ids.len() {
            let ids = line.ids.iter().map(|(s, a)| AgentKey::new(s.clone(), a.clone()).to_string());
            let ids = ids.collect::<Vec<_>>().join(", ");
            guesses.push(format!("guess: `{}` is one human by name only: verify {ids}", line.id));
        }
        people.push(line);
    }
    (people, guesses)
}

fn keys(person: &Person) -> String {
    let keys = person.ids.iter().map(|(s, a)| AgentKey::new(s.clone(), a.clone()).to_string());
    keys.collect::<Vec<_>>().join(", ")
}

/// A line for somebody whom the roster does not name, under an id that nobody has.
fn line(stranger: &Person, taken: &mut HashSet<String>) -> RosterPerson {
    let slug = NameKey::of(&stranger.name).map(|key| key.slug());
    let slug = slug.unwrap_or_else(|| format!("agent-{}", slug_of_id(stranger)));
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    let id = std::iter::once(slug.clone()).chain(numbered).find(|id| !taken.contains(id));
    let id = id.unwrap_or(slug);
    taken.insert(id.clone());
    RosterPerson {
        id: PersonId::from(id),
        name: stranger.name.clone(),
        team: stranger.team.clone(),
        email: None,
        timezone: None,
        ids: stranger.ids.clone(),
    }
}

fn slug_of_id(person: &Person) -> String {
    let id = person.ids.values().next().map_or("", |id| id.as_str());
    id.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(dir: &Path, roster: &str) -> Config {
        std::fs::write(dir.join("roster.csv"), roster).unwrap();
        let text = r#"
            [floor]
            roster = "roster.csv"
            [[source]]
            name = "dialer"
            kind = "convoso"
            url = "https://api.example.com/v1"
            auth_token = "x"
            timezone = "America/Los_Angeles"
            [[source]]
            name = "cx"
            kind = "cxengage"
            url = "https://api.example.com/v1"
            tenant_id = "11111111-2222-3333-4444-555555555555"
            username = "u"
            password = "p"
        "#;
        Config::parse(text, dir, true).unwrap()
    }

    fn floor(config: &Config, listed: &[(&str, &str, &str)]) -> Floor {
        use crate::model::{Activity, Body, Coverage, Observation, Reading};
        let now = chrono::DateTime::UNIX_EPOCH;
        let mut floor = config.floor(Vec::new());
        for source in ["dialer", "cx"] {
            let of_source = listed.iter().filter(|(name, ..)| *name == source);
            let observations = of_source
                .map(|(_, id, name)| Observation {
                    name: (!name.is_empty()).then(|| (*name).to_owned()),
                    ..Observation::of(*id, Activity::Available, "READY")
                })
                .collect();
            let coverage = Coverage::Part;
            let body =
                Body::Agents { observations, coverage, summary: None, histories: Vec::new() };
            let source = source.into();
            floor.apply(Reading { source, taken_at: now, as_of: now, skipped: 0, body }, now);
        }
        floor
    }

    const ROSTER: &str = "person,cx,name,team,email\njane,,Jane Smith,\"North, 2\",j@example.com\n";

    #[test]
    fn a_roster_begins_with_the_one_there_is_and_can_be_used_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let before = config(dir.path(), ROSTER);
        let listed = [
            ("dialer", "1", "Bo \"Bob\" Lee"),
            ("dialer", "2", "Al One"),
            ("dialer", "3", "Al One"),
            ("dialer", "4", ""),
            ("cx", "c1", "LEE, BO \"BOB\""),
            ("cx", "c2", "Jane Smith"),
            ("cx", "c3", "Al One"),
        ];
        let (people, guesses) = begin(&before, &floor(&before, &listed));
        let ids: Vec<_> = people.iter().map(|person| person.id.as_str()).collect();
        let expected =
            ["jane", "bo-bob-lee", "al-one", "al-one-2", "agent-4", "jane-smith", "al-one-3"];
        assert_eq!(ids, expected);
        assert_eq!(guesses.len(), 2, "{guesses:#?}");
        assert!(guesses[0].contains("cx:c2 may be `jane`"), "{guesses:#?}");
        assert!(guesses[1].contains("`bo-bob-lee`") && guesses[1].contains("cx:c1, dialer:1"));
        let text = csv(&usual_columns(&before), &people).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("person,name,team,email,timezone,dialer,cx\n"), "{text}");
        let after = config(dir.path(), &text);
        assert_eq!(after.roster.people(), people);
        let floor = floor(&after, &listed);
        assert!(floor.people().iter().all(|person| person.in_roster), "nobody is unmatched");
    }

    #[test]
    fn a_roster_that_a_spreadsheet_would_run_is_written_guarded_and_read_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let before = config(dir.path(), ROSTER);
        let names =
            ["=cmd|'/C calc'!A0", "+1-555", "-5", "@SUM(A1)", "\u{ff20}x", "'t Hooft", "'=x"];
        let listed: Vec<_> = names.iter().map(|name| ("dialer", *name, *name)).collect();
        let (people, _) = begin(&before, &floor(&before, &listed));
        let text = csv(&usual_columns(&before), &people).unwrap();
        let text = String::from_utf8(text).unwrap();
        let mut cells = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let cells: Vec<_> = cells.records().map(Result::unwrap).collect();
        let risky = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\u{ff20}']);
        assert!(!cells.iter().flatten().any(risky), "{text}");
        let after = config(dir.path(), &text);
        assert_eq!(after.roster.people(), people);
    }

    #[test]
    fn check_completes_a_line_in_the_rosters_own_columns_and_says_that_it_guesses() {
        use crate::headless::guess::Guesses;
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path(), ROSTER);
        let floor = floor(&config, &[("cx", "c2", "SMITH, Jane"), ("dialer", "9", "Bo Lee")]);
        let guesses = Guesses::of(&config, &floor);
        let mut text = String::new();
        guesses.describe(&mut text, &config).unwrap();
        assert!(text.contains("guesses by name: nothing has been joined"), "{text}");
        let line =
            "person,cx,name,team,email,dialer\njane,c2,Jane Smith,\"North, 2\",j@example.com,\n";
        assert!(text.ends_with(line), "{text}");
        let namesakes: Vec<_> = floor.people().iter().map(|p| guesses.namesake(p)).collect();
        assert_eq!(namesakes.iter().flatten().count(), 1);
    }

    #[test]
    fn a_file_that_is_there_is_not_overwritten() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("new.csv");
        write(&file, b"person\n").unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(write(&file, b"other\n").unwrap_err().exit(), Exit::Usage);
        assert_eq!(std::fs::read(&file).unwrap(), b"person\n");
    }
}
