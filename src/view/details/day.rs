//! A person's day: what each source knows of it, a row each, over what was scheduled.

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::heading;
use crate::model::{
    Activity, ActivityKind, Duty, Feed, Past, Person, PersonId, Reason, Scheduled, Side,
    SourceKind, Spell, Timetable, TimetableEntry,
};
use crate::rules::words;
use crate::theme::Tone;
use crate::view::panel::{LABEL, sentence};
use crate::view::scene::Scene;
use crate::view::state;
use crate::view::strip::{Axis, Filled};
use crate::view::text::{Line, fit};

/// No further back and no further ahead than this.
const REACH: TimeDelta = TimeDelta::hours(12);

/// What a cell shows: a letter and what it means.
type Sign = (&'static str, Tone);

/// One row of the picture.
struct Strip {
    label: String,
    cells: Vec<Option<Sign>>,
    /// Whether what is missing of it is something that nobody knows.
    has_gaps: bool,
}

/// The picture; nothing where nobody knows anything of the day and nothing is scheduled.
pub(super) fn lines(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let earliest = earliest(scene, person);
    let schedule = schedule(scene, person, earliest);
    let pasts: Vec<_> = sources(scene, person)
        .map(|(feed, past)| (feed, past, past.spells(earliest, scene.now)))
        .collect();
    let at_work = |spell: &&Spell| !matches!(spell.activity, Activity::Offline | Activity::Unknown);
    let begun = pasts.iter().flat_map(|(.., spells)| spells.iter().find(at_work)).map(|s| s.since);
    let scheduled = schedule.iter().filter_map(|entry| entry.since);
    let Some(from) = begun.chain(scheduled).min() else { return Vec::new() };
    let ends = schedule.iter().filter_map(|entry| entry.until);
    let to = ends.chain([scene.now + TimeDelta::seconds(1)]).max().unwrap_or(scene.now);
    let axis = Axis::over(from.min(scene.now), to, scene.zone, inner.saturating_sub(LABEL));
    let mut strips: Vec<_> = pasts
        .into_iter()
        .filter(|(.., spells)| !spells.is_empty())
        .map(|(feed, past, spells)| strip(&axis, feed, past, &spells))
        .collect();
    if !schedule.is_empty() {
        strips.push(planned(scene, &axis, schedule));
    }
    let mut lines = heading("Today");
    if let Some(title) = lines.last_mut() {
        mark_now(scene, &axis, title, inner);
    }
    lines.push(hours(scene, &axis));
    lines.extend(strips.iter().map(|strip| row(scene, &axis, strip)));
    lines.extend(legend(scene, &axis, &strips, inner));
    lines.extend(missing(scene, person, inner));
    lines
}

/// Which logs are known not to be all, and why.
fn missing(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let asked = scene.floor.feeds().iter().filter(|feed| person.ids.contains_key(&feed.name));
    let logs = asked.filter_map(|feed| Some((feed, feed.side(Side::History)?)));
    let texts = logs.filter_map(|(feed, log)| {
        let why = match (&log.incomplete, log.way_back.filter(|back| !back.is_complete())) {
            (Some(why), _) => format!("not all of it could be read: {why}"),
            (None, Some(back)) => format!("read back {} of {} so far", back.done, back.of),
            (None, None) => return None,
        };
        Some(format!("The log of {}: {why}.", feed.name))
    });
    texts
        .flat_map(|text| sentence(&text, Tone::Muted, inner.saturating_sub(LABEL)))
        .map(|line| indented(line, LABEL))
        .collect()
}

/// How far back the picture may reach: to the beginning of the floor's day, and further where the
/// person was at work across it.
fn earliest(scene: &Scene<'_>, person: &Person) -> DateTime<Utc> {
    let (day_start, reach) = (scene.floor.day_start(scene.now), scene.now - REACH);
    let moment = TimeDelta::seconds(1);
    let across = sources(scene, person).any(|(_, past)| {
        let before = past.spells(day_start - moment, day_start);
        before.iter().any(|s| !matches!(s.activity, Activity::Offline | Activity::Unknown))
    });
    let on_duty = scene.floor.timetable().is_some_and(|timetable| {
        timetable.stretches(&person.id, day_start - moment, day_start).next().is_some()
    });
    if across || on_duty { reach } else { day_start.max(reach) }
}

/// The sources that may know something of this person's past, telephony first.
fn sources<'a>(
    scene: &'a Scene<'_>,
    person: &Person,
) -> impl Iterator<Item = (&'a Feed, Past<'a>)> + use<'a> {
    let keys = person.keys();
    let known = |telephony: bool| {
        let feeds = scene.floor.feeds().iter();
        let feeds = feeds.filter(move |feed| feed.kind.is_telephony() == telephony);
        let keys = keys.clone();
        feeds.filter_map(move |feed| {
            let mut theirs = keys.iter().filter(|key| key.source == feed.name);
            Some((feed, theirs.find_map(|key| scene.floor.timeline(key))?))
        })
    };
    known(true).chain(known(false))
}

fn strip(axis: &Axis, feed: &Feed, past: Past<'_>, spells: &[Spell]) -> Strip {
    let filled = spells.iter().filter_map(|spell| {
        // Convoso's log has no word for a call: whoever is "Ready" there may be on one.
        let unsure = feed.kind == SourceKind::Convoso && !past.is_watched(spell.since);
        let with = sign(&spell.activity, unsure);
        Some(Filled { since: spell.since, until: spell.until?, with })
    });
    let cells = axis.fill(&filled.collect::<Vec<_>>());
    Strip { label: feed.name.to_string(), cells, has_gaps: true }
}

/// The letter of an activity; of an absence the letter of its reason, where it is a usual one.
fn sign(activity: &Activity, unsure: bool) -> Sign {
    let kind = match activity.kind() {
        ActivityKind::Available if unsure => ActivityKind::ReadyOrOnContact,
        kind => kind,
    };
    let letter = match activity {
        Activity::Away(reason) => reason_letter(reason),
        _ => state::letter(kind),
    };
    (letter, state::tone(kind))
}

fn reason_letter(reason: &Reason) -> &'static str {
    match reason {
        Reason::Break => "B",
        Reason::Lunch => "L",
        Reason::Meeting => "M",
        Reason::Training => "T",
        Reason::Other(_) | Reason::Unspecified => state::letter(ActivityKind::Away),
    }
}

/// What is scheduled: by the schedule file, else by the WFM's shift.
fn schedule(scene: &Scene<'_>, person: &Person, from: DateTime<Utc>) -> Vec<TimetableEntry> {
    let to = scene.now + REACH;
    let by_file: Vec<_> = scene
        .floor
        .timetable()
        .into_iter()
        .flat_map(|timetable| timetable.stretches(&person.id, from, to))
        .collect();
    if by_file.is_empty() { shift(scene, person, from, to).unwrap_or_default() } else { by_file }
}

/// The shift that the WFM names, in its zone: the one that goes on now, else today's.
fn shift(
    scene: &Scene<'_>,
    person: &Person,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Option<Vec<TimetableEntry>> {
    let (schedule, presence) = person.schedule()?;
    let shift = schedule.shift?;
    let zone = scene.floor.feed(&presence.source)?.day_zone.unwrap_or(scene.zone);
    let today = scene.now.with_timezone(&zone).date_naive();
    let on = |date| {
        let (start, end, scheduled) = (shift.start, shift.end, Scheduled::Available);
        let duty = Duty { person: person.id.clone(), date, start, end, scheduled };
        Timetable::new(zone, [duty])
    };
    let id: &PersonId = &person.id;
    let yesterday = on(today.checked_sub_days(Days::new(1))?);
    let goes_on =
        yesterday.scheduled(id, scene.now).is_some_and(|e| e.scheduled == Scheduled::Available);
    let timetable = if goes_on { yesterday } else { on(today) };
    Some(timetable.stretches(id, from, to).collect())
}

fn planned(scene: &Scene<'_>, axis: &Axis, entries: Vec<TimetableEntry>) -> Strip {
    let filled = entries.into_iter().filter_map(|entry| {
        let with = match &entry.scheduled {
            Scheduled::Available => (scene.symbols.scheduled(), Tone::Text),
            Scheduled::Away(reason) => (reason_letter(reason), Tone::Away),
            Scheduled::Off => return None,
            Scheduled::Unknown(_) => (state::letter(ActivityKind::Unknown), Tone::Unknown),
        };
        Some(Filled { since: entry.since?, until: entry.until?, with })
    });
    let cells = axis.fill(&filled.collect::<Vec<_>>());
    Strip { label: "schedule".to_owned(), cells, has_gaps: false }
}

/// Points at the present in the line over the hours.
fn mark_now(scene: &Scene<'_>, axis: &Axis, title: &mut Line, inner: usize) {
    let Some(cell) = axis.cell_of(scene.now) else { return };
    let (mark, time) = (scene.symbols.now(), scene.now.with_timezone(&scene.zone).format("%H:%M"));
    let at = LABEL + cell;
    let behind = format!("{mark} {time}");
    let (at, text) = if at + behind.chars().count() <= inner {
        (at, behind)
    } else {
        let before = format!("{time} {mark}");
        ((at + 1).saturating_sub(before.chars().count()), before)
    };
    title.push(" ".repeat(at.saturating_sub(title.width())), Tone::Text);
    title.push(text, Tone::Accent);
}

fn hours(scene: &Scene<'_>, axis: &Axis) -> Line {
    let mut line = Line::text(" ".repeat(LABEL));
    for (cell, hour) in axis.hours(scene.zone) {
        line.push(" ".repeat((LABEL + cell).saturating_sub(line.width())), Tone::Muted);
        line.push(hour, Tone::Muted);
    }
    line
}

fn row(scene: &Scene<'_>, axis: &Axis, strip: &Strip) -> Line {
    let label = fit(&strip.label, LABEL - 1, scene.symbols);
    let mut line = Line::of(label, Tone::Muted);
    line.push(" ".repeat(LABEL.saturating_sub(line.width())), Tone::Muted);
    let now = axis.cell_of(scene.now).unwrap_or(axis.cells);
    let gap = (scene.symbols.gap(), Tone::Muted);
    let mut run: Option<(String, Tone)> = None;
    for (cell, sign) in strip.cells.iter().enumerate() {
        let unknown = if strip.has_gaps && cell < now { gap } else { (" ", Tone::Muted) };
        let (letter, tone) = sign.unwrap_or(unknown);
        match &mut run {
            Some((text, of)) if *of == tone => text.push_str(letter),
            _ => {
                if let Some((text, tone)) = run.replace((letter.to_owned(), tone)) {
                    line.push(text, tone);
                }
            }
        }
    }
    if let Some((text, tone)) = run {
        line.push(text, tone);
    }
    line
}

/// What the letters mean that are there to be seen.
fn legend(scene: &Scene<'_>, axis: &Axis, strips: &[Strip], inner: usize) -> Vec<Line> {
    let now = axis.cell_of(scene.now).unwrap_or(axis.cells);
    let cells = || strips.iter().flat_map(|strip| &strip.cells).flatten();
    let shown = |letter: &str| cells().find(|(sign, _)| *sign == letter);
    let gaps = strips
        .iter()
        .any(|strip| strip.has_gaps && strip.cells.iter().take(now).any(Option::is_none));
    let reasons = [Reason::Break, Reason::Lunch, Reason::Meeting, Reason::Training];
    let states = state::KINDS.iter().map(|kind| (state::letter(*kind), words::kind(*kind)));
    let mut entries: Vec<_> = states
        .chain(reasons.iter().map(|reason| (reason_letter(reason), reason.word())))
        .chain([(scene.symbols.scheduled(), "scheduled to work")])
        .filter_map(|(letter, word)| shown(letter).map(|(_, tone)| (letter, word, *tone)))
        .collect();
    if gaps {
        entries.push((scene.symbols.gap(), "nobody knows", Tone::Muted));
    }
    let mut lines = Vec::new();
    let mut line = Line::default();
    for (letter, word, tone) in entries {
        let entry = Line::of(letter, tone).with(format!(" {word}"), Tone::Muted);
        if !line.is_empty() && LABEL + line.width() + 2 + entry.width() > inner {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push("  ", Tone::Muted);
        }
        line.append(entry);
    }
    lines.push(line);
    lines.into_iter().map(|line| indented(line, LABEL)).collect()
}

/// `line` from column `by` on.
fn indented(line: Line, by: usize) -> Line {
    let mut indented = Line::text(" ".repeat(by));
    indented.append(line);
    indented
}
