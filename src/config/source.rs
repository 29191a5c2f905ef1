//! `[[source]]`: what every kind of source has in common.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

use super::problem::Expected;
use super::section::{At, Section};
use super::vendors;
use crate::model::{AgentId, FloorIdentity, Reason, SourceKind, SourceName};
use crate::source::{Settings, VendorSettings};
use crate::vendor::clean;

/// The kinds that the file may name.
const KINDS: [&str; 4] = SourceKind::WORDS;

/// What the roster's columns are called besides the sources.
pub const ROSTER_COLUMNS: [&str; 5] = ["person", "name", "team", "email", "timezone"];

/// All sources of a file.
pub(super) struct Sources {
    pub(super) settings: Vec<Settings>,
    /// The names of all: the roster may have a column for each.
    pub(super) names: Vec<SourceName>,
}

pub(super) fn sources(root: &Section<'_>, floor: &FloorIdentity) -> Sources {
    let sections = root.tables("source");
    let mut sources = Sources { settings: Vec::new(), names: Vec::new() };
    let mut first_lines: HashMap<SourceName, usize> = HashMap::new();
    if sections.is_empty() && !root.sheet.broken {
        let expected = Expected::new(format!("at least one, of kind {}", KINDS.join(", ")));
        root.problem(1, "no [[source]]", expected);
    }
    for mut section in sections {
        let kind = kind(&section);
        let name = name(&section, kind);
        if let Some(At { value: name, line }) = &name {
            section.name = format!("[[source]] `{name}`");
            if let Some(first) = first_lines.get(name) {
                let expected = Expected::new("a name of its own for each source")
                    .hint(format!("the first is on line {first}; set `name`"));
                section.problem(*line, format!("a second source `{name}`"), expected);
            } else {
                first_lines.insert(name.clone(), *line);
                sources.names.push(name.clone());
            }
        }
        let Some(kind) = kind else { continue };
        let name = name.map_or_else(|| SourceName::from(kind), |name| name.value);
        sources.settings.extend(settings(&section, kind, name, floor));
        section.finish();
    }
    sources
}

fn kind(section: &Section<'_>) -> Option<&'static str> {
    if !section.has("kind") {
        section.missing("kind", Expected::new(KINDS.join(", ")));
    }
    let kind = section.parsed("kind", |text| {
        let known = KINDS.into_iter().find(|kind| *kind == text);
        known.ok_or_else(|| Expected::one_of(KINDS, text))
    });
    kind.map(|kind| kind.value)
}

/// The source's name, and where it comes from; its kind by default.
fn name(section: &Section<'_>, kind: Option<&str>) -> Option<At<SourceName>> {
    if !section.has("name") {
        return kind.map(|kind| At { value: SourceName::from(kind), line: section.line });
    }
    section.parsed("name", |text| {
        let simple = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
        if ROSTER_COLUMNS.contains(&text) {
            let hint = "that is a column of the roster, where each source has one too";
            return Err(Expected::new("another name").hint(hint));
        }
        if text == SourceName::own().as_str() {
            let hint = "the program's own alerts bear that one";
            return Err(Expected::new("another name").hint(hint));
        }
        // Some letters show nothing.
        let is_shown = clean(text) == text;
        match is_shown && text.chars().count() <= 40 && text.chars().all(simple) {
            true => Ok(SourceName::from(text)),
            false => {
                Err(Expected::new("at most 40 letters, digits, spaces, dashes, underscores, dots"))
            }
        }
    })
}

fn settings(
    section: &Section<'_>,
    kind: &str,
    name: SourceName,
    floor: &FloorIdentity,
) -> Option<Settings> {
    let ca_file = ca_file(section);
    let reason_map = section
        .words("reason_map", |word| {
            Reason::from_word(word).ok_or_else(|| {
                let words = ["break", "lunch", "meeting", "training", "unspecified"];
                Expected::one_of(words, word)
            })
        })
        .into_iter()
        .map(|(theirs, ours)| (theirs.to_lowercase(), ours))
        .collect();
    let exclude: HashSet<AgentId> = section.texts("exclude").into_iter().map(Into::into).collect();
    let (shortest, usual) = if kind == "convoso" { (1, 3) } else { (5, 15) };
    let bounds = Duration::from_secs(shortest)..=Duration::from_secs(600);
    let poll = section.duration("poll", bounds);
    let poll = poll.map_or(Duration::from_secs(usual), |poll| poll.value);
    let vendor = match kind {
        "convoso" => vendors::convoso(section, poll).map(VendorSettings::Convoso),
        "cxengage" => vendors::cxengage(section).map(VendorSettings::CxEngage),
        "wfm" => vendors::wfm(section, floor.timezone).map(VendorSettings::Wfm),
        _ => vendors::sipio(section, floor).map(VendorSettings::SipIo),
    };
    Some(Settings { name, poll, ca_file, reason_map, exclude, vendor: vendor? })
}

fn ca_file(section: &Section<'_>) -> Option<PathBuf> {
    let At { value, line } = section.text("ca_file")?;
    let path = section.sheet.base.join(value);
    if let Err(error) = std::fs::File::open(&path) {
        let found = format!("`ca_file = {value:?}`, which cannot be read ({error})");
        section.problem(line, found, Expected::new("a PEM file, relative to the config"));
    }
    Some(path)
}
