//! The top of the screen: whose floor it is, how many do what, and which pages there are.

use std::fmt::Display;

use super::scene::Scene;
use super::state;
use super::text::{Line, fit};
use super::{banner, due, figures, sources, time};
use crate::action::Action;
use crate::app::{Page, Station};
use crate::keymap::Mode;
use crate::model::{FeedStatus, Side, Totals};
use crate::rules::{self, Attention, Severity};
use crate::theme::Tone;

/// From this width on the day's figures stand behind the counts.
const ROOM_FOR_FIGURES: usize = 120;

/// Everything above the pages' tabs.
pub(super) fn lines(scene: &Scene<'_>) -> Vec<Line> {
    let mut lines = vec![title(scene)];
    lines.extend(sources::lines(scene));
    due::add_to(&mut lines, scene);
    lines.extend(banner::lines(scene));
    // A low screen keeps room for at least three rows of a list.
    lines.truncate(scene.height.saturating_sub(6).max(1));
    lines
}

/// As spacious as it fits: a count cut off at the end would be missed.
fn title(scene: &Scene<'_>) -> Line {
    let totals = scene.app.totals(scene.real_now);
    let of = |terse, between, before| {
        let mut line = heading(scene, &totals, terse);
        line.append(stale(&totals, terse));
        line.append(by_kind(scene, &totals, between, before));
        line
    };
    if scene.width >= ROOM_FOR_FIGURES {
        let spacious = of(false, "  ", " ");
        let room = scene.width.saturating_sub(spacious.width());
        let day = [day(scene, "occupancy", "adherent"), day(scene, "occ", "adh")];
        if let Some(day) = day.into_iter().find(|day| day.width() <= room) {
            let mut line = spacious;
            line.append(day);
            return line;
        }
    }
    [of(false, "  ", " "), of(false, " ", ""), of(true, " ", "")]
        .into_iter()
        .find(|line| line.width() <= scene.width)
        .unwrap_or_else(|| {
            // Each count says of its own how many are stale.
            let mut line = heading(scene, &totals, true);
            line.append(by_kind(scene, &totals, " ", ""));
            line
        })
}

/// The day so far, in these words: occupancy of everybody together, and the head count of the
/// adherent.
fn day(scene: &Scene<'_>, occupancy: &str, adherence: &str) -> Line {
    let mut line = Line::default();
    let figures = scene.app.shown_ledger().floor(scene.now);
    if let Some(share) = figures.and_then(|figures| figures.occupancy) {
        let (share, tone) = figures::share(scene, Some(share), !figures::are_current(scene));
        line.push(format!("  {occupancy} "), Tone::Muted);
        line.push(share, tone);
    }
    let count = scene.app.head_count();
    let can_be_said =
        rules::silent_wfm(scene.floor, scene.now).is_none() || count.goes_by_file(scene.floor);
    if count.said() > 0 && can_be_said {
        line.push(format!("  {adherence} "), Tone::Muted);
        line.push(format!("{}/{}", count.adherent, count.said()), Tone::Text);
    }
    line
}

/// Whose floor, when, how much of it needs attention and how much is doubtful; in `terse` words
/// where there is little room.
fn heading(scene: &Scene<'_>, totals: &Totals, terse: bool) -> Line {
    let room = scene.width / if terse { 10 } else { 4 };
    let name = fit(&scene.floor.identity().name, room, scene.symbols);
    let mut line = Line::of(name, Tone::Title);
    match scene.app.frozen_at() {
        Some(at) => {
            line.push(" ", Tone::Text);
            line.push(format!(" FROZEN {} ", time::clock(scene, at)), Tone::Banner);
        }
        None => line
            .push(format!(" {}", scene.now.with_timezone(&scene.zone).format("%H:%M")), Tone::Text),
    }
    let gap = if terse { " " } else { "  " };
    match scene.app.setup().station {
        Station::Desk => {}
        Station::ReadOnly => line.push(format!("{gap}READ-ONLY"), Tone::Warn),
        Station::Kiosk => line.push(format!("{gap}KIOSK"), Tone::Muted),
    }
    let all = totals.people.all();
    let people = match (terse, all) {
        (true, _) => "",
        (_, 1) => " person",
        _ => " people",
    };
    line.push(format!("{gap}{all}{people}"), Tone::Text);
    let Attention { critical, warn } = scene.app.attention();
    for (count, severity) in [(critical, Severity::Critical), (warn, Severity::Warn)] {
        if count.all > 0 {
            let mark = state::severity_mark(Some(severity)).trim();
            let tone = state::severity_tone(severity);
            let (count, tone) = counted(count.all - count.doubtful, count.doubtful, tone);
            line.push(gap, Tone::Text);
            line.push(format!("{mark}{count}"), tone);
        }
    }
    let lost = scene.app.lost();
    if lost > 0 {
        line.push(format!("{gap}lost {lost}"), Tone::Warn);
    }
    line
}

/// How many nothing fresh confirms, all together.
fn stale(totals: &Totals, terse: bool) -> Line {
    match (totals.stale.all(), terse) {
        (0, _) => Line::default(),
        (stale, true) => Line::of(format!(" ~{stale}"), Tone::Warn),
        (stale, false) => Line::of(format!("  ~{stale} stale"), Tone::Warn),
    }
}

/// How many are confirmed and, behind a `~`, how many are not; in `tone` where any is.
pub(super) fn counted<Count: Display + Default + PartialEq + Copy>(
    confirmed: Count,
    doubtful: Count,
    tone: Tone,
) -> (String, Tone) {
    let none = Count::default();
    match (confirmed == none, doubtful == none) {
        (_, true) => (confirmed.to_string(), tone),
        (true, false) => (format!("~{doubtful}"), Tone::Stale),
        (false, false) => (format!("{confirmed}~{doubtful}"), tone),
    }
}

/// How many do what; `between` stands before each, `before` before its number. A number is of those whom
/// the system that knows best confirms; behind a `~`, of those whom it does not.
fn by_kind(scene: &Scene<'_>, totals: &Totals, between: &str, before: &str) -> Line {
    let mut line = Line::default();
    for kind in state::KINDS.into_iter().filter(|kind| totals.people.of(*kind) > 0) {
        let doubtful = totals.doubtful(kind);
        let confirmed = totals.people.of(kind) - doubtful;
        let own = state::tone(kind);
        let (count, tone) = counted(confirmed, doubtful, own);
        let (shape, letter) = (scene.symbols.shape(own), state::letter(kind));
        line.push(between, Tone::Text);
        line.push(format!("{shape}{letter}{before}{count}"), tone);
    }
    line
}

/// The pages with their keys, and at the right what the list shows.
pub(super) fn tabs(scene: &Scene<'_>) -> Line {
    let mut line = Line::default();
    // The program's log is nothing for a wall, and is never shown there.
    let pages = Page::ALL.into_iter().filter(|page| !(scene.is_kiosk() && *page == Page::Log));
    for page in pages {
        let (action, name) = match page {
            Page::Agents => (Action::Agents, "Agents"),
            Page::Queues => (Action::Queues, "Queues"),
            Page::Adherence => (Action::Adherence, "Adherence"),
            Page::Alerts => (Action::Alerts, "Alerts"),
            Page::Log => (Action::Log, "Log"),
        };
        let key = scene.key(Mode::Floor, action).filter(|_| !scene.is_kiosk());
        let tone = if scene.app.page() == page { Tone::Tab } else { Tone::Muted };
        let count = if page == Page::Alerts { alert_count(scene) } else { None };
        let label = key.map_or_else(|| name.to_owned(), |key| format!("{key} {name}"));
        line.push(format!(" {label}"), tone);
        if let Some((count, of_alerts)) = count {
            let tone = if scene.app.page() == page { Tone::Tab } else { of_alerts };
            line.push(format!(" {count}"), tone);
        }
        line.push(" ", tone);
    }
    let room = scene.width.saturating_sub(line.width() + 1);
    let narrowing = narrowing(scene).fit(room, scene.symbols);
    let gap = scene.width.saturating_sub(line.width() + narrowing.width());
    line.push(" ".repeat(gap), Tone::Text);
    line.append(narrowing);
    line
}

/// How many alerts want somebody: marked where nobody knows whether that is still so, and where there
/// may be more.
fn alert_count(scene: &Scene<'_>) -> Option<(String, Tone)> {
    let (active, cut) = scene.app.active_alerts().filter(|(active, cut)| *active > 0 || *cut)?;
    let mut feeds = scene.floor.feeds().iter();
    let current = feeds.all(|feed| {
        let side = feed.side(Side::Alerts);
        side.is_none_or(|side| side.status(scene.now) == FeedStatus::Live)
            && scene.floor.alerts().held(&feed.name).is_none()
    });
    let more = if cut { "+" } else { "" };
    Some(if current {
        (format!("{active}{more}"), Tone::Warn)
    } else {
        (format!("~{active}{more}"), Tone::Stale)
    })
}

/// How the list is narrowed and sorted.
fn narrowing(scene: &Scene<'_>) -> Line {
    let app = scene.app;
    let mut line = Line::default();
    if app.page() != Page::Agents {
        return line;
    }
    let filter = app.filter();
    let attention = filter.attention.then(|| "attention".to_owned());
    let lost = filter.lost.then(|| "lost".to_owned());
    let activity = filter.activity.map(|kind| crate::rules::words::kind(kind).to_owned());
    let named = [&filter.team, &filter.campaign, &filter.queue, &filter.skill];
    let mut only: Vec<_> = attention
        .into_iter()
        .chain(lost)
        .chain(activity)
        .chain(named.into_iter().flatten().cloned())
        .collect();
    if !app.search().is_empty() {
        only.push(format!("\"{}\"", app.search()));
    }
    if !only.is_empty() {
        let (listed, all) = (app.rows().len(), scene.floor.people().len());
        line.push(format!("only {}: {listed} of {all}", only.join(", ")), Tone::Warn);
    }
    let (sort, reverse) = app.sort();
    let gap = if line.is_empty() { "" } else { "  " };
    let reverse = if reverse { ", reversed" } else { "" };
    // The lost stand longest first, whatever the others are sorted by: their column says so.
    if !filter.lost {
        line.push(format!("{gap}by {}{reverse}", sort.word()), Tone::Muted);
    }
    line
}
