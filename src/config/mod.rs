//! The config file, straight into the types that the modules use.
//!
//! Every mistake is reported at once, with its line, what was found, what is allowed and a hint: a
//! supervisor who fixes a config between two calls wants one round, not seven.

mod access;
mod journal;
mod limits;
mod operator;
mod place;
mod problem;
mod roster;
mod schedule;
mod section;
mod source;
mod vendors;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;
use toml::de::DeTable;

pub use journal::JournalPlace;
pub use operator::Operator;
pub use problem::{ConfigError, Problem, Problems};
pub use source::ROSTER_COLUMNS;

use crate::app::Names;
use crate::command::{Account, Outlet, Sender};
use crate::http::is_private;
use crate::model::{Feed, Floor, FloorIdentity, Roster, SideFeed, SourceName, Timetable};
use crate::rules::{AdherenceLimits, Limits, Thresholds};
use crate::source::{Settings, VendorSettings};
use crate::theme::Theme;
use crate::vendor::clean;
use problem::{Expected, Findings, line_of};
use schedule::People;
use section::{Section, Sheet};

/// Everything the config says, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The floor's name, zone and day.
    pub floor: FloorIdentity,
    /// Who is who; empty without a roster file.
    pub roster: Roster,
    /// Who is to be where; none without a schedule file.
    pub timetable: Option<Timetable>,
    /// The sources, in the file's order; never empty.
    pub sources: Vec<Settings>,
    /// How long a state may last.
    pub thresholds: Thresholds,
    /// How far from the schedule somebody may be.
    pub adherence: AdherenceLimits,
    /// Where the floor's history is kept, and for how long.
    pub journal: JournalPlace,
    /// How it behaves on a wall.
    pub kiosk: Kiosk,
    /// A theme's name, or the path of a theme file.
    pub theme: Option<String>,
    /// What is worth saying without being a mistake, one sentence each.
    pub notices: Vec<String>,
    /// Where all this stands.
    pub path: PathBuf,
}

/// How it behaves on a wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kiosk {
    /// How long each screen stays.
    pub rotate: Duration,
    /// How much of a name passers-by may see.
    pub names: Names,
}

impl Default for Kiosk {
    fn default() -> Self {
        Self { rotate: Duration::from_secs(15), names: Names::Full }
    }
}

/// How the config words how much of a name is shown.
const NAMES: [(&str, Names); 4] = [
    ("full", Names::Full),
    ("first", Names::First),
    ("initials", Names::Initials),
    ("hidden", Names::Hidden),
];

impl Config {
    /// Reads the config that `named` (from the command line) or the environment points to, else the
    /// user's own.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or it has mistakes: then all of them.
    pub fn load(named: Option<&Path>) -> Result<Self, ConfigError> {
        let path =
            place::find(named, &|name| std::env::var_os(name)).map_err(ConfigError::NotFound)?;
        let unreadable =
            |error: std::io::Error| ConfigError::Unreadable(path.clone(), error.to_string());
        let mut file = File::open(&path).map_err(unreadable)?;
        let private = is_private(&file).map_err(unreadable)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(unreadable)?;
        Self::read(&path, &text, private).map_err(ConfigError::Mistakes)
    }

    /// Reads a config from `text`, as if it stood in `base`, in a file that others cannot read
    /// (`private`) or can.
    ///
    /// # Errors
    /// When it has mistakes: all of them.
    pub fn parse(text: &str, base: &Path, private: bool) -> Result<Self, Problems> {
        Self::read(&base.join("config.toml"), text, private)
    }

    /// The floor before the first reading. `seen` are queues that an earlier run saw.
    #[must_use]
    pub fn floor(&self, seen: Vec<(SourceName, String)>) -> Floor {
        let mut queues = seen;
        let mut feeds = Vec::with_capacity(self.sources.len());
        for settings in &self.sources {
            let poll = TimeDelta::from_std(settings.poll).unwrap_or(TimeDelta::MAX);
            let mut feed = Feed::new(settings.name.clone(), settings.kind(), poll);
            match &settings.vendor {
                VendorSettings::Convoso(convoso) => {
                    feed.day_zone = Some(convoso.timezone);
                    let named = convoso.queues.iter().cloned();
                    queues.extend(named.map(|queue| (settings.name.clone(), queue)));
                }
                VendorSettings::Wfm(wfm) => {
                    feed.may_conflict = wfm.conflicts;
                    feed.day_zone = Some(wfm.timezone);
                }
                VendorSettings::CxEngage(_) | VendorSettings::SipIo(_) => {}
            }
            let span = |poll| TimeDelta::from_std(poll).unwrap_or(TimeDelta::MAX);
            let sides = settings.sides().into_iter();
            feed.sides = sides.map(|(side, poll)| SideFeed::new(side, span(poll))).collect();
            feeds.push(feed);
        }
        Floor::new(self.floor.clone(), self.roster.clone(), feeds, queues)
            .with_timetable(self.timetable.clone())
    }

    /// The limits of the rules.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits { thresholds: self.thresholds.clone(), adherence: self.adherence }
    }

    /// What reaches every source that takes orders.
    #[must_use]
    pub fn sender(&self) -> Sender {
        Sender::new(self.sources.iter().filter_map(|settings| {
            let account = match &settings.vendor {
                VendorSettings::Convoso(convoso) => Account::Convoso(convoso.account.clone()),
                VendorSettings::Wfm(wfm) => Account::Wfm(wfm.account.clone()),
                VendorSettings::CxEngage(_) | VendorSettings::SipIo(_) => return None,
            };
            let ca_file = settings.ca_file.clone();
            Some((settings.name.clone(), Outlet { account, ca_file }))
        }))
    }

    fn read(path: &Path, text: &str, private: bool) -> Result<Self, Problems> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (document, errors) = DeTable::parse_recoverable(text);
        let sheet = Sheet {
            file: path,
            text,
            base: path.parent().unwrap_or(Path::new("")),
            private,
            broken: !errors.is_empty(),
            findings: Findings::default(),
            notices: Default::default(),
        };
        let config = sheet_config(&sheet, document.get_ref());
        report_syntax(&sheet, &errors);
        let notices = sheet.notices.into_inner();
        sheet.findings.unless_any(config).map(|config| Self { notices, ..config })
    }
}

/// The config that `document` describes; its mistakes go to the sheet.
fn sheet_config(sheet: &Sheet<'_>, document: &DeTable<'_>) -> Option<Config> {
    let root = Section::new(sheet, "the file".to_owned(), 1, document);
    let floor = root.table("floor", "[floor]".to_owned());
    let identity = floor.as_ref().map_or_else(|| default_floor(sheet), |floor| identity(floor));
    let sources = source::sources(&root, &identity);
    let names: Vec<SourceName> = sources.names;
    let roster = floor.as_ref().and_then(|floor| {
        let file = floor.text("roster")?;
        roster::read(sheet, &sheet.base.join(file.value), file.line, &names)
    });
    let timetable = floor.as_ref().and_then(|floor| {
        let file = floor.text("schedule")?;
        let people = match &roster {
            Some(roster) => People::Roster(roster),
            None if floor.has("roster") || names.is_empty() => People::Unread,
            None => People::Sources(&names),
        };
        schedule::read(sheet, &sheet.base.join(file.value), file.line, &people, identity.timezone)
    });
    if let Some(floor) = floor {
        floor.finish();
    }
    let roster = roster.unwrap_or_default();
    let mut settings = sources.settings;
    for source in &mut settings {
        match &mut source.vendor {
            VendorSettings::CxEngage(cxengage) => cxengage.expected = roster.ids_at(&source.name),
            VendorSettings::Convoso(convoso) => convoso.emails = roster.emails_at(&source.name),
            VendorSettings::SipIo(_) | VendorSettings::Wfm(_) => {}
        }
    }
    let config = Config {
        floor: identity,
        roster,
        timetable,
        sources: settings,
        thresholds: limits::thresholds(&root),
        adherence: limits::adherence(&root),
        journal: journal::place(&root),
        kiosk: kiosk(&root),
        theme: theme(&root),
        notices: Vec::new(),
        path: sheet.file.to_owned(),
    };
    root.finish();
    Some(config)
}

/// Adds the errors of the syntax. Where a heading is broken, the keys below it have landed in the
/// wrong table, so nothing else that was found can be trusted.
fn report_syntax(sheet: &Sheet<'_>, errors: &[toml::de::Error]) {
    let broken: Vec<(usize, &toml::de::Error)> = errors
        .iter()
        .map(|error| (line_of(sheet.text, error.span().map_or(0, |span| span.start)), error))
        .collect();
    let line_text = |line: usize| sheet.text.lines().nth(line - 1).unwrap_or("").trim();
    let heading = broken.iter().any(|(line, _)| line_text(line.to_owned()).starts_with('['));
    sheet.findings.retain(|problem| {
        !(problem.file == sheet.file
            && (heading || broken.iter().any(|(line, _)| *line == problem.line)))
    });
    let mut last = 0;
    for (line, error) in broken {
        // One slip makes the parser stumble several times on its line.
        if line == last {
            continue;
        }
        last = line;
        let expected = Expected::new("TOML").hint("a text must be in quotes, a list in brackets");
        sheet.findings.add(
            sheet.file,
            line,
            format!("broken syntax: {}", error.message()),
            expected,
        );
    }
}

fn default_floor(sheet: &Sheet<'_>) -> FloorIdentity {
    FloorIdentity {
        name: "floor".to_owned(),
        timezone: system_zone(sheet),
        day_starts: NaiveTime::MIN,
    }
}

fn identity(floor: &Section<'_>) -> FloorIdentity {
    let default = |field: Option<Tz>| field.unwrap_or_else(|| system_zone(floor.sheet));
    let name = floor.parsed("name", |text| {
        let fits = text.chars().count() <= 60 && !text.chars().any(char::is_control);
        // What reorders or hides text would do so to the whole line on which the name stands.
        Some(clean(text))
            .filter(|name| fits && !name.is_empty())
            .ok_or_else(|| Expected::new("at most 60 characters, no control characters"))
    });
    FloorIdentity {
        name: name.map_or_else(|| "floor".to_owned(), |name| name.value),
        timezone: default(floor.parsed("timezone", zone).map(|zone| zone.value)),
        day_starts: floor.parsed("day_starts", time_of_day).map_or(NaiveTime::MIN, |t| t.value),
    }
}

fn system_zone(sheet: &Sheet<'_>) -> Tz {
    let zone = iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok());
    zone.unwrap_or_else(|| {
        sheet.notices.borrow_mut().push(
            "the system does not say its time zone; the floor's is taken to be UTC".to_owned(),
        );
        Tz::UTC
    })
}

fn kiosk(root: &Section<'_>) -> Kiosk {
    let default = Kiosk::default();
    let Some(section) = root.table("kiosk", "[kiosk]".to_owned()) else { return default };
    let rotate = section.duration("rotate", Duration::from_secs(2)..=Duration::from_secs(3600));
    let names = section.parsed("names", |text| {
        let known = NAMES.iter().find(|(word, _)| *word == text).map(|(_, names)| *names);
        known.ok_or_else(|| Expected::one_of(NAMES.map(|(word, _)| word), text))
    });
    section.finish();
    Kiosk {
        rotate: rotate.map_or(default.rotate, |rotate| rotate.value),
        names: names.map_or(default.names, |names| names.value),
    }
}

/// A theme's name as it is; a file's path relative to the config.
fn theme(root: &Section<'_>) -> Option<String> {
    let section = root.table("ui", "[ui]".to_owned())?;
    let is_file = |theme: &str| theme.contains('/') || theme.ends_with(".toml");
    let theme = section.parsed("theme", |theme| {
        let theme = match is_file(theme) {
            true => root.sheet.base.join(theme).display().to_string(),
            false => theme.to_owned(),
        };
        Theme::load(&theme).map(|_| theme).map_err(|error| {
            Expected::new(format!("{}, or a theme file", Theme::NAMES.join(", ")))
                .hint(error.to_string())
        })
    });
    section.finish();
    theme.map(|theme| theme.value)
}

/// An IANA time zone.
fn zone(text: &str) -> Result<Tz, Expected> {
    text.parse().map_err(|_| {
        // `EST` and its like are fixed offsets, an hour wrong all summer: only places know theirs.
        let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let places: Vec<&str> = names.filter(|name| name.contains('/') || *name == "UTC").collect();
        let near = zone_of_abbreviation(text).or_else(|| problem::nearest(text, &places));
        let hint = near.map(|name| format!("did you mean `{name}`?"));
        Expected { allowed: "an IANA time zone, such as America/New_York".to_owned(), hint }
    })
}

/// The place whose clocks somebody means who writes an American abbreviation, however it goes on
/// (`EST5`, `PST/PDT`).
fn zone_of_abbreviation(text: &str) -> Option<&'static str> {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic()).map_or(text, |end| &text[..end]);
    match letters.to_ascii_uppercase().as_str() {
        "EST" | "EDT" | "ET" => Some("America/New_York"),
        "CST" | "CDT" | "CT" => Some("America/Chicago"),
        "MST" | "MDT" | "MT" => Some("America/Denver"),
        "PST" | "PDT" | "PT" => Some("America/Los_Angeles"),
        _ => None,
    }
}

/// `HH:MM`, or `HH:MM:SS`.
fn time_of_day(text: &str) -> Result<NaiveTime, Expected> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .map_err(|_| Expected::new("a time of day, 00:00 to 23:59"))
}

#[cfg(test)]
mod tests;
