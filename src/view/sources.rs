//! How each source is doing, how old what it says is, and when it is read again. A source in
//! trouble has a line of its own, so that its numbers cannot be taken for live ones.

use chrono::{DateTime, TimeDelta, Utc};

use super::scene::Scene;
use super::text::Line;
use super::time;
use crate::action::Action;
use crate::keymap::Mode;
use crate::model::{Failure, Feed, FeedStatus, Side};
use crate::theme::Tone;

/// Longer than this nobody waits who can press a key.
const A_WHILE: TimeDelta = TimeDelta::seconds(20);

/// Whatever was to be asked this long ago is being asked, and has not answered.
const LATE: TimeDelta = TimeDelta::seconds(1);

/// The lines of all sources: those in trouble first.
pub(super) fn lines(scene: &Scene<'_>) -> Vec<Line> {
    // A frozen picture stands still, its sources do not: what they are now is said.
    let feeds = scene.app.live_floor().feeds();
    let is_well = |feed: &&Feed| {
        matches!(feed.status(scene.real_now), FeedStatus::Live | FeedStatus::Waiting)
    };
    let mut lines: Vec<_> =
        feeds.iter().filter(|feed| !is_well(feed)).map(|feed| trouble(scene, feed)).collect();
    // Where a source is in trouble as a whole, what is read beside it needs no line of its own.
    lines.extend(feeds.iter().filter(is_well).flat_map(|feed| side_troubles(scene, feed)));
    let mut current = Line::default();
    for feed in feeds.iter().filter(is_well) {
        let item = item(scene, feed);
        let gap = 3;
        if !current.is_empty() && current.width() + gap + item.width() > scene.width {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(format!(" {} ", scene.symbols.separator()), Tone::Muted);
        }
        current.append(item);
    }
    if !current.is_empty() {
        lines.push(current);
    }
    shorten(lines, if scene.height < 16 { 2 } else { 6 })
}

/// At most `most` lines; what is left out is said.
fn shorten(mut lines: Vec<Line>, most: usize) -> Vec<Line> {
    if lines.len() > most {
        let hidden = lines.len() - most + 1;
        lines.truncate(most - 1);
        lines.push(Line::of(format!("{hidden} more lines of sources"), Tone::Warn));
    }
    lines
}

fn item(scene: &Scene<'_>, feed: &Feed) -> Line {
    // As wide as it gets while the source is well, so that nothing jumps when a digit is added.
    let wide = if feed.poll < TimeDelta::seconds(10) { 2 } else { 3 };
    let mut line = Line::text(format!("{} ", feed.name));
    match feed.age(scene.real_now) {
        Some(age) => {
            let old = if scene.width >= 100 { " old" } else { "" };
            line.push("live", Tone::Live);
            line.push(format!(" {:>wide$}{old}", time::age(age)), Tone::Text);
        }
        None => line.push("waiting", Tone::Waiting),
    }
    if let Some(next) = next(scene, feed.next_at) {
        // In the age's tone: a change of tone between two ticking numbers costs more than they do.
        line.push(format!(", next {next:>wide$}"), Tone::Text);
    }
    if feed.skipped > 0 {
        line.push(format!(", {} skipped", feed.skipped), Tone::Warn);
    }
    if feed.repaired > 0 {
        line.push(format!(", {} repaired", feed.repaired), Tone::Warn);
    }
    if let Some(way_back) = feed.way_back.filter(|way_back| !way_back.is_complete()) {
        line.push(format!(", reading back {}/{}", way_back.done, way_back.of), Tone::Accent);
    }
    if !feed.unread.is_empty() {
        line.push(", log cut", Tone::Muted);
    }
    if let Some(log) = feed.side(Side::History) {
        if let Some(way_back) = log.way_back.filter(|way_back| !way_back.is_complete()) {
            line.push(format!(", log {}/{}", way_back.done, way_back.of), Tone::Muted);
        }
        if log.incomplete.is_some() {
            line.push(", log cut", Tone::Muted);
        }
    }
    for side in &feed.sides {
        let what = match side.side {
            Side::History => "log",
            Side::Alerts => "alerts",
        };
        for (count, word) in [(side.skipped, "skipped"), (side.repaired, "repaired")] {
            if count > 0 {
                line.push(format!(", {what} {count} {word}"), Tone::Warn);
            }
        }
    }
    line
}

/// What is read beside a source and is in trouble while the source is not.
fn side_troubles<'a>(scene: &'a Scene<'_>, feed: &'a Feed) -> impl Iterator<Item = Line> + 'a {
    feed.sides.iter().filter_map(|side| {
        let status = side.status(scene.real_now);
        if matches!(status, FeedStatus::Live | FeedStatus::Waiting) {
            return None;
        }
        let tone = if status == FeedStatus::Denied { Tone::Denied } else { Tone::Failed };
        let mut line = Line::text(format!("{} {} ", feed.name, side.side.word()));
        line.push(side.word(scene.real_now).to_uppercase(), tone);
        match side.as_of {
            Some(as_of) => {
                line.push(format!(" {} old", time::age(scene.real_now - as_of)), tone);
            }
            None => line.push(" never read", tone),
        }
        asked_again(scene, side.next_at, &mut line);
        line.push(format!(": {}", reason(side.failure.as_ref())), Tone::Text);
        Some(line)
    })
}

fn trouble(scene: &Scene<'_>, feed: &Feed) -> Line {
    let status = feed.status(scene.real_now);
    let tone = if status == FeedStatus::Denied { Tone::Denied } else { Tone::Failed };
    let mut line = Line::text(format!("{} ", feed.name));
    line.push(feed.word(scene.real_now).to_uppercase(), tone);
    match feed.as_of {
        Some(as_of) => {
            line.push(format!(" NO DATA SINCE {}", time::clock(scene, as_of)), tone);
        }
        None => line.push(" no data yet", tone),
    }
    asked_again(scene, feed.next_at, &mut line);
    line.push(format!(": {}", reason(feed.failure.as_ref())), Tone::Text);
    line
}

/// When it is asked again; where that is a while, the key that does so at once, which a wall has not.
fn asked_again(scene: &Scene<'_>, next_at: Option<DateTime<Utc>>, line: &mut Line) {
    let Some(next) = next(scene, next_at) else { return };
    let is_under_way = next_at.is_some_and(|at| at <= scene.real_now - LATE);
    let when = if is_under_way { ", asking".to_owned() } else { format!(", next {next}") };
    line.push(when, Tone::Muted);
    let is_long = next_at.is_some_and(|at| at - scene.real_now > A_WHILE);
    let key = scene.key(Mode::Floor, Action::ReadNow).filter(|_| is_long && !scene.is_kiosk());
    if let Some(key) = key {
        line.push(format!(" ({key}: now)"), Tone::Muted);
    }
}

fn reason(failure: Option<&Failure>) -> &str {
    failure.map_or("it has fallen silent", |failure| failure.text.as_str())
}

/// How long until it is read again.
fn next(scene: &Scene<'_>, next_at: Option<DateTime<Utc>>) -> Option<String> {
    Some(time::until(next_at? - scene.real_now))
}
