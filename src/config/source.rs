//! `[[source]]`: what every kind of source has in common.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use reqwest::Url;
use toml::de::DeValue;

use super::problem::Expected;
use super::section::{At, Section};
use super::vendors;
use crate::http::Secret;
use crate::model::{AgentId, Reason, SourceName};
use crate::source::{Settings, VendorSettings};

/// The kinds that the file may name; the last is one whose keys are known, but that is not read.
const KINDS: [&str; 4] = ["convoso", "cxengage", "wfm", UNREAD_KIND];
const UNREAD_KIND: &str = "sipio";

/// What the roster's columns are called besides the sources.
pub(super) const ROSTER_COLUMNS: [&str; 5] = ["person", "name", "team", "email", "timezone"];

/// All sources of a file.
pub(super) struct Sources {
    pub(super) settings: Vec<Settings>,
    /// The names of all, of those that are not read too: the roster may have a column for each.
    pub(super) names: Vec<SourceName>,
}

pub(super) fn sources(root: &Section<'_>, floor_zone: Tz) -> Sources {
    let sections = root.tables("source");
    let mut sources = Sources { settings: Vec::new(), names: Vec::new() };
    let mut first_lines: HashMap<SourceName, usize> = HashMap::new();
    let any_read = sections.iter().any(|section| {
        section.value("kind").and_then(|kind| kind.value.as_str()) != Some(UNREAD_KIND)
    });
    if !any_read && !root.sheet.broken {
        let kinds = &KINDS[..3];
        let expected = Expected::new(format!("at least one, of kind {}", kinds.join(", ")));
        root.problem(1, "no [[source]] that this version reads", expected);
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
        sources.settings.extend(settings(&section, kind, name, floor_zone));
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
        match text.chars().count() <= 40 && text.chars().all(simple) {
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
    floor_zone: Tz,
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
        "wfm" => vendors::wfm(section, floor_zone).map(VendorSettings::Wfm),
        _ => {
            vendors::sipio(section);
            let notice = format!("source `{name}` (kind `{kind}`) is not read by this version");
            section.sheet.notices.borrow_mut().push(notice);
            None
        }
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

/// The address of a vendor's API.
pub(super) fn url(section: &Section<'_>, example: &str) -> Option<Url> {
    if !section.has("url") {
        section.missing("url", Expected::new(format!("`url = {example:?}`")));
    }
    let At { value: text, line } = section.text("url")?;
    // What is wrong with a URL may be a credential inside it, so it is not shown.
    let wrong = |found: &str, expected: Expected| {
        section.problem(line, format!("a `url` {found}"), expected);
        None
    };
    let allowed = || Expected::new(format!("a plain address, such as {example:?}"));
    let Ok(mut url) = Url::parse(text) else {
        return wrong("that is no address", allowed().hint("begin with https://"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("with a user name or password in it", allowed());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("with a `?` or `#` in it", allowed());
    }
    match (url.scheme(), is_loopback(&url)) {
        ("https", _) | ("http", true) => {}
        ("http", false) => {
            let expected = Expected::new("https; http for loopback addresses only");
            return wrong(&format!("to `{}` over http", url.host_str().unwrap_or("")), expected);
        }
        (scheme, _) => return wrong(&format!("with scheme `{scheme}`"), allowed()),
    }
    let trimmed = url.path().trim_end_matches('/').to_owned();
    url.set_path(&trimmed);
    Some(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or("").trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A credential: where it comes from, or itself where nobody else can read the config.
pub(super) fn secret(
    section: &Section<'_>,
    key: &'static str,
    variable: &str,
) -> Option<At<Secret>> {
    let allowed = || {
        Expected::new(format!(
            "`{key} = {{ env = \"{variable}\" }}`, `{key} = {{ file = \"…\" }}`, or a text where the config is private (0600)"
        ))
    };
    let Some(At { value, line }) = section.value(key) else {
        section.missing(key, allowed());
        return None;
    };
    let wrong = |found: String, expected: Expected| {
        section.problem(line, found, expected);
        None
    };
    let found = match value {
        DeValue::String(text) if text.trim().is_empty() => {
            return wrong(format!("an empty `{key}`"), allowed());
        }
        DeValue::String(_) if !section.sheet.private => {
            let hint = format!("chmod 600 {}", section.sheet.file.display());
            let found = format!("`{key}` in plain text in a file that others can read");
            return wrong(found, allowed().hint(hint));
        }
        DeValue::String(text) => Some(Secret::Plain(text.trim().into())),
        DeValue::Table(_) => named_secret(section, key, &allowed),
        other => return wrong(format!("{} as `{key}`", super::section::kind_of(other)), allowed()),
    };
    found.map(|value| At { value, line })
}

/// `{ env = "…" }` or `{ file = "…" }`, exactly one of them.
fn named_secret(
    section: &Section<'_>,
    key: &'static str,
    allowed: &dyn Fn() -> Expected,
) -> Option<Secret> {
    let table = section.table(key, format!("`{key}` of {}", section.name))?;
    let env = table.text("env");
    let file = table.text("file");
    let secret = match (env, file, table.has("env"), table.has("file")) {
        (.., true, true) => {
            let found = format!("both `env` and `file` for `{key}`");
            table.problem(table.line, found, Expected::new("one of them"));
            None
        }
        (Some(name), ..) => Some(Secret::Env(name.value.to_owned())),
        (_, Some(file), ..) => Some(Secret::File(section.sheet.base.join(file.value))),
        (_, _, false, false) => {
            table.problem(table.line, format!("neither `env` nor `file` for `{key}`"), allowed());
            None
        }
        _ => None, // of a wrong type, which is reported already
    };
    table.finish();
    secret
}
