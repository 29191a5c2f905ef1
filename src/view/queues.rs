//! The queues: who sits in them now, counted by us, and their calls, counted by the vendor.

use chrono::{NaiveTime, TimeDelta, TimeZone};

use super::agents::pointer;
use super::header::counted;
use super::scene::Scene;
use super::table::{Column, Row, Spec, Table, cell, choose};
use super::text::Line;
use super::{List, figures, time, window};
use crate::model::{ActivityKind, Feed, FeedStatus, Queue, SourceKind, Tally};
use crate::rules::kpi::hundredths;
use crate::rules::{Headroom, drop_rate_pct, headroom};
use crate::theme::Tone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    Mark,
    Queue,
    Campaign,
    Source,
    Agents,
    Doing(ActivityKind),
    Calls,
    Answered,
    Dropped,
    Rate,
    Headroom,
    Leads,
    Occupancy,
    Age,
}

const fn spec(id: Id, title: &'static str, min: usize, ideal: usize, rank: u8) -> Spec<Id> {
    let flush_right = !matches!(id, Id::Mark | Id::Queue | Id::Campaign | Id::Source);
    Spec { id, title, min, ideal, flush_right, rank }
}

/// In the order shown; the rank says who stays longest.
const COLUMNS: [Spec<Id>; 18] = [
    spec(Id::Mark, "", 1, 1, 0),
    spec(Id::Queue, "Queue", 11, 26, 1),
    spec(Id::Campaign, "Campaign", 10, 24, 13),
    spec(Id::Source, "Source", 8, 12, 17),
    spec(Id::Agents, "Agents", 6, 6, 3),
    spec(Id::Doing(ActivityKind::Available), "Avail", 5, 5, 4),
    spec(Id::Doing(ActivityKind::OnContact), "Call", 4, 4, 5),
    spec(Id::Doing(ActivityKind::Ringing), "Ring", 4, 4, 15),
    spec(Id::Doing(ActivityKind::WrapUp), "Wrap", 4, 4, 7),
    spec(Id::Doing(ActivityKind::Away), "Away", 4, 4, 6),
    spec(Id::Occupancy, "Occ", 5, 5, 14),
    spec(Id::Calls, "Calls", 5, 7, 10),
    spec(Id::Answered, "Answd", 5, 7, 12),
    spec(Id::Dropped, "Drop", 4, 6, 8),
    spec(Id::Rate, "Rate", 6, 7, 2),
    spec(Id::Headroom, "To 3 %", 9, 18, 9),
    spec(Id::Leads, "Leads", 6, 8, 16),
    spec(Id::Age, "Age", 5, 7, 11),
];

/// Counters that are older than this are no longer current.
const CURRENT_FOR: TimeDelta = TimeDelta::seconds(60);

/// The page in `room` rows.
pub(super) fn list(scene: &Scene<'_>, room: usize) -> List {
    let queues = scene.floor.queues();
    if queues.is_empty() {
        return List { empty: vec![Line::text(why_empty(scene))], ..List::default() };
    }
    let selected = selected(scene, &queues);
    let below = below(scene, &queues, selected.and_then(|index| queues.get(index)));
    let chosen = choose(&COLUMNS, scene.width);
    let visible = window::around(selected, queues.len(), room.saturating_sub(1 + below.len()));
    let rows = queues[visible.clone()]
        .iter()
        .zip(visible)
        .map(|(queue, index)| {
            let is_selected = selected == Some(index);
            let cells = chosen
                .iter()
                .map(|(id, column)| value(scene, *id, column, queue, is_selected))
                .collect();
            Row { cells, selected: is_selected }
        })
        .collect();
    let columns = chosen.into_iter().map(|(_, column)| column).collect();
    List { table: Table { columns, rows }, below, ..List::default() }
}

fn selected(scene: &Scene<'_>, queues: &[Queue]) -> Option<usize> {
    if scene.is_kiosk() {
        return None;
    }
    let key = scene.app.selected_queue();
    Some(queues.iter().position(|queue| Some(&queue.key) == key).unwrap_or(0))
}

fn why_empty(scene: &Scene<'_>) -> &'static str {
    if scene.floor.feeds().iter().any(|feed| feed.kind == SourceKind::Convoso) {
        "No queue has been seen yet: they show up with the agents who sit in them."
    } else {
        "No source with queues is configured."
    }
}

fn value(scene: &Scene<'_>, id: Id, column: &Column, queue: &Queue, selected: bool) -> Line {
    let text = |text: &str, tone: Tone| cell(text, tone, column, scene.symbols);
    let dash = || text(scene.symbols.dash(), Tone::Muted);
    let live = feed(scene, queue).is_some_and(|feed| feed.status(scene.now) == FeedStatus::Live);
    let calls_tone = if is_current(scene, queue) { Tone::Text } else { Tone::Stale };
    // Who sits there is known from the last list. Where that is old, or lacks some whose state may be
    // any by now, no number is sure.
    let feed = feed(scene, queue);
    let is_sure = live && queue.stale.all() == 0 && feed.is_none_or(|feed| feed.hold.is_none());
    let is_read = feed.is_some_and(|feed| feed.read_at.is_some());
    let seated = |of: &dyn Fn(&Tally) -> u32| {
        let all = of(&queue.agents);
        let doubtful = if live { of(&queue.stale) } else { all };
        let (count, tone) = counted(all - doubtful, doubtful, Tone::Text);
        match is_sure || doubtful > 0 && count.len() <= column.width {
            _ if !is_read => dash(),
            true => text(&count, tone),
            false => text(&format!("~{all}"), Tone::Stale),
        }
    };
    let doubt = if is_current(scene, queue) { "" } else { "~" };
    let count = |n: Option<u64>| n.map_or_else(dash, |n| text(&format!("{doubt}{n}"), calls_tone));
    match id {
        Id::Mark => pointer(selected),
        Id::Queue => text(&queue.name, Tone::Text),
        Id::Campaign => {
            let campaign = queue.campaign.as_deref().or(queue.key.campaign_id.as_deref());
            campaign.map_or_else(dash, |campaign| text(campaign, Tone::Text))
        }
        Id::Source => text(queue.key.source.as_str(), Tone::Text),
        Id::Agents => seated(&Tally::present),
        Id::Doing(kind) => seated(&|tally| tally.of(kind)),
        Id::Calls => count(queue.calls_today),
        Id::Answered => count(queue.answered),
        Id::Dropped => count(queue.dropped),
        Id::Leads => count(queue.dialable_leads),
        Id::Occupancy => {
            let figures = scene.app.shown_ledger().queue(&queue.key, scene.now);
            let share = figures.and_then(|figures| figures.occupancy);
            let (share, tone) = figures::share(scene, share, !is_sure);
            text(&share, tone)
        }
        Id::Rate | Id::Headroom => match queue.answered.zip(queue.dropped) {
            None => dash(),
            Some((answered, dropped)) => drops(scene, id, column, queue, answered, dropped),
        },
        Id::Age => age(scene, column, queue),
    }
}

fn drops(
    scene: &Scene<'_>,
    id: Id,
    column: &Column,
    queue: &Queue,
    answered: u64,
    dropped: u64,
) -> Line {
    let Some((rate, left)) = drop_rate_pct(answered, dropped).zip(headroom(answered, dropped))
    else {
        return cell(scene.symbols.dash(), Tone::Muted, column, scene.symbols);
    };
    let tone = match left {
        _ if !is_current(scene, queue) => Tone::Stale,
        Headroom::AnswersNeeded(_) => Tone::Critical,
        Headroom::DropsLeft(0) => Tone::Warn,
        Headroom::DropsLeft(_) => Tone::Text,
    };
    let long = column.width >= 14;
    let doubt = if is_current(scene, queue) { "" } else { "~" };
    let text = match (id, left) {
        (Id::Rate, _) => format!("{doubt}{}%", hundredths(rate)),
        (_, Headroom::DropsLeft(1)) if long => format!("{doubt}1 drop left"),
        (_, Headroom::DropsLeft(n)) if long => format!("{doubt}{n} drops left"),
        (_, Headroom::AnswersNeeded(1)) if long => format!("{doubt}1 answer needed"),
        (_, Headroom::AnswersNeeded(n)) if long => format!("{doubt}{n} answers needed"),
        (_, Headroom::DropsLeft(n)) => format!("left {doubt}{n}"),
        (_, Headroom::AnswersNeeded(n)) => format!("need {doubt}{n}"),
    };
    cell(&text, tone, column, scene.symbols)
}

fn age(scene: &Scene<'_>, column: &Column, queue: &Queue) -> Line {
    let Some(at) = queue.counted_at else {
        return cell(scene.symbols.dash(), Tone::Muted, column, scene.symbols);
    };
    let age = time::age_of(scene, at);
    let (text, tone) = match (is_current(scene, queue), queue.failures) {
        (true, 0) => (age, Tone::Text),
        (true, _) => (format!("!{age}"), Tone::Warn),
        (false, _) => (format!("~{age}"), Tone::Warn),
    };
    cell(&text, tone, column, scene.symbols)
}

/// Whether the calls' counters can be taken for the present ones.
fn is_current(scene: &Scene<'_>, queue: &Queue) -> bool {
    queue.counted_at.is_some_and(|at| (scene.now - at).abs() <= CURRENT_FOR)
        && feed(scene, queue).is_some_and(|feed| feed.status(scene.now) == FeedStatus::Live)
}

fn feed<'a>(scene: &Scene<'a>, queue: &Queue) -> Option<&'a Feed> {
    scene.floor.feed(&queue.key.source)
}

fn below(scene: &Scene<'_>, queues: &[Queue], selected: Option<&Queue>) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some((queue, error)) = selected.and_then(|q| q.error.as_ref().map(|error| (q, error))) {
        let (name, failures) = (&queue.name, queue.failures);
        let times = if failures == 1 { "once".to_owned() } else { format!("{failures} times") };
        let others = queues.iter().filter(|queue| queue.error.is_some()).count() - 1;
        let others = if others > 0 { format!(" and {others} more") } else { String::new() };
        let next = queue.next_at.map(|at| format!(", next {}", time::until(at - scene.real_now)));
        let next = next.unwrap_or_default();
        let text = format!("{name}{others}: calls not read, {times}{next}: {error}");
        lines.push(Line::of(text, Tone::Error));
    }
    lines.extend(scene.floor.feeds().iter().filter_map(|feed| vendor_day(scene, feed)));
    let formula = "Rate: dropped / (answered + dropped) of the day, an indicator, not compliance \
        evidence. To 3 %: drops left, or answers needed to get back.";
    let room = scene.width.max(1);
    lines.extend(super::text::wrap(formula, room).into_iter().map(|l| Line::of(l, Tone::Muted)));
    lines.into_iter().map(|line| line.fit(scene.width, scene.symbols)).collect()
}

/// From when on a source counts its calls: its day is not the floor's.
fn vendor_day(scene: &Scene<'_>, feed: &Feed) -> Option<Line> {
    let zone = feed.day_zone.filter(|_| feed.kind == SourceKind::Convoso)?;
    let today = scene.now.with_timezone(&zone).date_naive();
    let start = zone.from_local_datetime(&today.and_time(NaiveTime::MIN)).earliest()?;
    let (there, here) =
        (start.format("%H:%M %Z"), start.with_timezone(&scene.zone).format("%H:%M"));
    let text = format!("{} counts calls since {there}, {here} on this floor.", feed.name);
    Some(Line::of(text, Tone::Muted))
}
