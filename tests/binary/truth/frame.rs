//! A drawn screen of the agents' page, taken apart: what it says of everybody, and with which marks.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

/// The letters of the activities in rows and badges, and the simulator's words for them.
const LETTERS: [(char, &str); 10] = [
    ('O', "offline"),
    ('X', "unreachable"),
    ('I', "logged_in"),
    ('A', "available"),
    ('a', "ready_or_on_contact"),
    ('R', "ringing"),
    ('C', "on_contact"),
    ('W', "wrap_up"),
    ('P', "away"),
    ('?', "unknown"),
];

/// The titles of the columns that are read here, in their order.
const TITLES: [&str; 7] = ["State", "Name", "Queue", "Adh", "Calls", "Why", "Team"];

/// One screen.
#[derive(Debug, Clone)]
pub struct Frame {
    /// When it was drawn.
    pub at: DateTime<Utc>,
    /// What stands there.
    pub text: String,
    /// Each source by its name.
    pub sources: BTreeMap<String, Source>,
    /// The sources whose last list is said to be in doubt.
    pub held: Vec<String>,
    /// Each count of a state in the first line, by the truth's word for it.
    pub badges: BTreeMap<String, Count>,
    /// The counts of those who need somebody, by `!!` and `!`.
    pub attention: BTreeMap<String, Count>,
    /// How many do what is scheduled, of how many.
    pub adherent: Option<(usize, usize)>,
    /// How many alerts want somebody.
    pub alerts: Option<Count>,
    /// Everybody listed.
    pub rows: Vec<Row>,
}

/// How a source is doing, by its own words in the first lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It is live, and what it says so old.
    Live(TimeDelta),
    /// Anything else that is said of it.
    Other(String),
}

/// `26`, `~3` or `26~3`: how many are sure, and how many stand there as doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub sure: usize,
    pub doubtful: usize,
    /// Whether there is a mark at all: `~0` is in doubt as well.
    pub is_marked: bool,
}

/// What casts doubt on a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Nothing fresh confirms it.
    Stale,
    /// Only a log without calls says so.
    ByLog,
}

/// One person's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    /// The state by its letter, in the truth's word.
    pub activity: String,
    /// The state in the screen's words, without its marks.
    pub word: String,
    /// For how long.
    pub time: Option<TimeDelta>,
    /// What is said to cast doubt on it.
    pub doubt: Option<Doubt>,
    /// `!!`, `!` or nothing.
    pub severity: String,
    /// Whether two sources are said to differ.
    pub conflict: bool,
    /// Whether they are said to do what is scheduled.
    pub adherence: String,
    /// Why they need somebody.
    pub why: String,
}

impl Frame {
    /// The agents' page, if that is what `screen` shows, whole.
    pub fn read(screen: &vt100::Screen, at: DateTime<Utc>) -> Option<Self> {
        let text = screen.contents();
        let lines: Vec<&str> = text.lines().collect();
        let tabs = lines.iter().position(|line| line.contains("1 Agents"))?;
        let titles = lines.get(tabs + 1)?;
        let start = |title: &str| {
            let byte = titles.find(title)?;
            u16::try_from(titles[..byte].chars().count()).ok()
        };
        let columns: Vec<u16> = TITLES.into_iter().filter_map(start).collect();
        let columns: [u16; 7] = columns.try_into().ok()?;
        let below = u16::try_from(tabs + 2).ok()?;
        let rows =
            (below..screen.size().0.get()).map_while(|line| Row::read(screen, line, &columns));
        let first = lines.first()?;
        let adherent = after(first, "adherent ").and_then(|said| {
            let (adherent, of) = said.split_once('/')?;
            Some((adherent.parse().ok()?, of.parse().ok()?))
        });
        Some(Self {
            at,
            sources: sources(&lines[1..tabs]),
            held: held(&lines[1..tabs]),
            badges: badges(first),
            attention: attention(first),
            adherent,
            alerts: after(lines[tabs], "4 Alerts ").and_then(count),
            rows: rows.collect(),
            text,
        })
    }

    /// Whether every source is live, and none has anything left to be read back.
    pub fn is_well(&self) -> bool {
        let header: Vec<_> = self.text.lines().take_while(|l| !l.contains("1 Agents")).collect();
        let unfinished = ["reading back", ", log ", "STALE", "DENIED", "FAILED"];
        let live = |source: &Source| matches!(source, Source::Live(_));
        self.sources.len() == 4
            && self.held.is_empty()
            && self.sources.values().all(live)
            && !header.iter().any(|line| unfinished.iter().any(|word| line.contains(word)))
    }

    /// Whether `source` is live, and whom it does not list is not in doubt.
    pub fn is_told_by(&self, source: &str) -> bool {
        let is_held = self.held.iter().any(|held| held == source);
        !is_held && matches!(self.sources.get(source), Some(Source::Live(_)))
    }

    /// The row of whoever is called `name`.
    pub fn row(&self, name: &str) -> Option<&Row> {
        let is_called = |row: &&Row| match row.name.strip_suffix('…') {
            Some(begun) => name.starts_with(begun),
            None => row.name == name,
        };
        self.rows.iter().find(is_called)
    }
}

impl Row {
    /// Whether it stands there as true.
    pub fn is_sure(&self) -> bool {
        self.doubt.is_none()
    }

    fn read(screen: &vt100::Screen, line: u16, columns: &[u16; 7]) -> Option<Self> {
        let [state, name, queue, adherence, calls, why, team] = *columns;
        let between = |from: u16, until: u16| {
            let text = screen.contents_between(line, from, line, until);
            text.trim().to_owned()
        };
        let said = between(state, name);
        let (said, time) = said.rsplit_once(' ')?;
        let letter = said.chars().nth(2)?;
        let (_, activity) = LETTERS.into_iter().find(|(known, _)| *known == letter)?;
        let words: String = said.chars().skip(4).collect();
        let (mut word, mut doubt) = (words.trim(), time.starts_with('~').then_some(Doubt::Stale));
        let conflict = word.contains('≠');
        word = word.trim_end_matches('≠').trim_end();
        let marks = ["gone?", "by log", "log", "stale", "~"];
        for mark in marks {
            if let Some(before) = word.strip_suffix(mark).filter(|before| before.ends_with(' ')) {
                let by_log = mark.ends_with("log");
                (word, doubt) =
                    (before.trim_end(), Some(if by_log { Doubt::ByLog } else { Doubt::Stale }));
            }
        }
        Some(Self {
            name: between(name, queue),
            activity: activity.to_owned(),
            word: word.to_owned(),
            time: duration(time.trim_start_matches('~')),
            doubt,
            severity: between(1, state).trim_start_matches('>').trim().to_owned(),
            conflict,
            adherence: between(adherence, calls).split(' ').next().unwrap_or_default().to_owned(),
            why: between(why, team),
        })
    }
}

/// What stands behind `label` up to the next blank.
fn after<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    line.split_once(label)?.1.split_whitespace().next()
}

/// See [`Count`]; `500+` are at least so many.
pub fn count(text: &str) -> Option<Count> {
    let (sure, doubtful) = text.split_once('~').unwrap_or((text, ""));
    let number = |text: &str| match text.trim_end_matches('+') {
        "" => Some(0),
        digits => digits.parse().ok(),
    };
    let is_marked = text.contains('~');
    let count = Count { sure: number(sure)?, doubtful: number(doubtful)?, is_marked };
    (!text.is_empty()).then_some(count)
}

/// `●A 7  ◆C ~28`: whatever stands between a count and the next one belongs to it.
fn badges(line: &str) -> BTreeMap<String, Count> {
    let words: Vec<_> = line.split_whitespace().collect();
    let mut badges = BTreeMap::new();
    for (place, word) in words.iter().enumerate() {
        let mut signs = word.chars();
        let (Some(shape), Some(letter), None) = (signs.next(), signs.next(), signs.next()) else {
            continue;
        };
        let known = LETTERS.into_iter().find(|(known, _)| *known == letter);
        if let (false, Some((_, activity))) = (shape.is_alphanumeric(), known)
            && let Some(count) = words.get(place + 1).and_then(|number| count(number))
        {
            badges.insert(activity.to_owned(), count);
        }
    }
    badges
}

/// `!!9  !7`
fn attention(line: &str) -> BTreeMap<String, Count> {
    let of = |word: &str| {
        let marks: String = word.chars().filter(|sign| *sign == '!').collect();
        let rest = word.replace('!', "");
        (!marks.is_empty()).then(|| Some((marks, count(&rest)?))).flatten()
    };
    line.split_whitespace().filter_map(of).collect()
}

/// `dialer live 0s old, next 2s │ cx live 24s old, next 11s`, and `wfm STALE NO DATA SINCE ...`
pub fn sources(lines: &[&str]) -> BTreeMap<String, Source> {
    let mut sources = BTreeMap::new();
    for said in lines.iter().flat_map(|line| line.split('│')) {
        let words: Vec<_> = said.split_whitespace().collect();
        let [name, status, rest @ ..] = words.as_slice() else { continue };
        if !["dialer", "cx", "wfm", "sip"].contains(name) {
            continue;
        }
        let source = match *status {
            "live" => Source::Live(rest.first().and_then(|age| seconds(age)).unwrap_or_default()),
            "STALE" | "FAILED" | "DENIED" | "waiting" => Source::Other((*status).to_owned()),
            _ => continue, // what is read beside it, or a list that is in doubt
        };
        sources.insert((*name).to_owned(), source);
    }
    sources
}

/// ` dialer lost 26 of 30 agents at once: the missing held as stale until 13:16:40`
fn held(lines: &[&str]) -> Vec<String> {
    let doubts = lines.iter().filter(|line| line.contains("held as stale"));
    doubts.filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect()
}

/// `24s`, `3min`
fn seconds(age: &str) -> Option<TimeDelta> {
    let digits: String = age.chars().take_while(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().ok()?;
    let is_in_seconds = age[digits.len()..].trim_end_matches(',') == "s";
    Some(if is_in_seconds { TimeDelta::seconds(number) } else { TimeDelta::minutes(number) })
}

/// `4:05`, `1:04:05`
fn duration(text: &str) -> Option<TimeDelta> {
    let numbers: Option<Vec<i64>> = text.split(':').map(|part| part.parse().ok()).collect();
    let total = numbers?.into_iter().fold(0, |total, number| total * 60 + number);
    text.contains(':').then(|| TimeDelta::seconds(total))
}
