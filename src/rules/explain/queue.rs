//! What a queue's figures are made of.

use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};

use super::figure::{of_work, times};
use super::wording::{clock, hours, percentage};
use super::{Explanation, Input};
use crate::model::{CampaignDay, Feed, Floor, Queue};
use crate::rules::kpi::hundredths;
use crate::rules::{DropRates, DropWindow, Figures, Headroom, drop_rates, drop_windows, headroom};

/// Said wherever a drop rate is.
const NO_EVIDENCE: &str = "indicator, not compliance evidence";

/// What a queue's figures are made of: the drop rate by its three denominators, the headroom, the
/// campaign's 30-day windows out of `days` and the counters of today, the times of who sat in it.
#[must_use]
pub fn queue(
    floor: &Floor,
    queue: &Queue,
    days: &[CampaignDay],
    figures: Option<&Figures>,
    now: DateTime<Utc>,
) -> Vec<Explanation> {
    let mut all = vec![rate(floor, queue, now)];
    all.push(left(queue));
    all.push(windows(floor, queue, days, now));
    all.extend(sitting(queue, figures, now));
    all
}

/// The drop rate by each of its denominators.
fn rate(floor: &Floor, queue: &Queue, now: DateTime<Utc>) -> Explanation {
    let rule = format!(
        "Three denominators are in use for a drop rate, and the one shown in the list is {}: {NO_EVIDENCE}, \
         since the vendor's answered calls may include machines and a day is not the rule's 30.",
        DropRates::OF_ANSWERED_AND_DROPPED
    );
    let mut found = Explanation::of(format!("Drop rate of {}, today", queue.name), rule);
    found.inputs = counters(queue, now);
    found.inputs.extend(vendor_day(floor, queue, now));
    match queue.answered.zip(queue.dropped) {
        None => found.arithmetic.push("nobody has counted its calls: unknown".to_owned()),
        Some((answered, dropped)) => {
            found.arithmetic.extend(rates(answered, dropped, queue.calls_today));
        }
    }
    found
}

/// The vendor's counters, as they came.
fn counters(queue: &Queue, now: DateTime<Utc>) -> Vec<Input> {
    let age = queue.counted_at.map(|at| (now - at).max(TimeDelta::zero()));
    let counter = |name: &str, count: Option<u64>| Input {
        source: Some(queue.key.source.clone()),
        age,
        ..Input::own(name, count.map(|count| count.to_string()))
    };
    let mut inputs = vec![
        counter("answered", queue.answered),
        counter("dropped", queue.dropped),
        counter("total", queue.calls_today),
    ];
    if let Some(error) = &queue.error {
        inputs.push(Input { age: None, ..counter("last attempt", None) });
        if let Some(last) = inputs.last_mut() {
            last.value = Some(format!("failed: {error}"));
        }
    }
    inputs
}

/// When the day of the vendor's counters began.
fn vendor_day(floor: &Floor, queue: &Queue, now: DateTime<Utc>) -> Option<Input> {
    let feed = floor.feed(&queue.key.source)?;
    let zone = feed.day_zone?;
    let midnight = today(feed, now)?.and_time(NaiveTime::MIN);
    let start = zone.from_local_datetime(&midnight).earliest()?;
    let here = clock(floor, start.with_timezone(&Utc), now);
    let value = format!("since {} there, {here} on this floor", start.format("%m-%d %H:%M %Z"));
    let input = Input::own("vendor's day", value);
    Some(Input { source: Some(feed.name.clone()), ..input })
}

/// Each denominator with its numbers.
fn rates(answered: u64, dropped: u64, total: Option<u64>) -> Vec<String> {
    let rates = drop_rates(answered, dropped, total);
    let both = answered.saturating_add(dropped);
    let numbers = [
        Some(answered.to_string()),
        Some(format!("({answered} + {dropped} = {both})")),
        total.map(|total| total.to_string()),
    ];
    let named = rates.named().into_iter().zip(numbers);
    named
        .map(|((formula, pct), below)| match (below, pct) {
            (None, _) => format!("{formula}: the total is unknown"),
            (Some(below), None) => format!("{formula} = {dropped} / {below}: nothing to divide by"),
            (Some(below), Some(pct)) => {
                format!("{formula} = 100 x {dropped} / {below} = {} %", hundredths(pct))
            }
        })
        .collect()
}

/// What is left of 3 %.
fn left(queue: &Queue) -> Explanation {
    let rule = "Each further drop raises both the drops D and the calls N = answered + dropped, so \
        floor((0.03 N - D) / 0.97) drops are left, or ceil(D / 0.03 - N) answers are needed.";
    let mut found = Explanation::of("To 3 %", rule);
    let Some((answered, dropped)) = queue.answered.zip(queue.dropped) else {
        found.arithmetic.push("nobody has counted its calls: unknown".to_owned());
        return found;
    };
    let calls = answered.saturating_add(dropped);
    found.inputs = vec![Input::own("N", calls.to_string()), Input::own("D", dropped.to_string())];
    found.arithmetic.push(match headroom(answered, dropped) {
        Some(Headroom::DropsLeft(n)) => {
            format!("(0.03 x {calls} - {dropped}) / 0.97, rounded down: {n} drops left")
        }
        Some(Headroom::AnswersNeeded(n)) => {
            format!("{dropped} / 0.03 - {calls}, rounded up: {n} answers needed without a drop")
        }
        None => "the counters are too large to reckon with".to_owned(),
    });
    found
}

/// The campaign's successive 30-day windows.
fn windows(floor: &Floor, queue: &Queue, days: &[CampaignDay], now: DateTime<Utc>) -> Explanation {
    let campaign = queue.campaign.as_deref().or(queue.key.campaign_id.as_deref());
    let what = format!("30 days of {}: {NO_EVIDENCE}", campaign.unwrap_or("the campaign"));
    let rule = "The rule counts a campaign over each successive period of 30 days, all its queues \
        together; these are counted from the first day that this program has recorded.";
    let mut found = Explanation::of(what, rule);
    let Some(id) = &queue.key.campaign_id else {
        found.arithmetic.push("the campaign of this queue is not known yet".to_owned());
        return found;
    };
    let source = &queue.key.source;
    let mut theirs: Vec<_> =
        days.iter().filter(|d| d.source == *source && d.campaign_id == *id).cloned().collect();
    if let Some(today) = so_far(floor, queue, id, now) {
        theirs.retain(|day| day.day != today.day);
        theirs.push(today);
    }
    let windows = drop_windows(&theirs);
    if windows.is_empty() {
        found.arithmetic.push("no day of it has been recorded: unknown".to_owned());
    }
    found.arithmetic.extend(windows.iter().map(window));
    found
}

fn window(window: &DropWindow) -> String {
    let DropWindow { first, last, recorded, answered, dropped, calls, .. } = window;
    let rate = drop_rates(*answered, *dropped, *calls).of_answered_and_dropped;
    let rate = rate.map_or_else(|| "no rate".to_owned(), |pct| format!("{} %", hundredths(pct)));
    let both = answered.saturating_add(*dropped);
    format!(
        "{first} to {last}, {recorded} of 30 days recorded: {answered} answered, {dropped} dropped; \
         100 x {dropped} / {both} = {rate}"
    )
}

/// The campaign's calls of the vendor's present day, as far as its queues have been counted today.
fn so_far(floor: &Floor, queue: &Queue, id: &str, now: DateTime<Utc>) -> Option<CampaignDay> {
    let feed = floor.feed(&queue.key.source)?;
    let today = today(feed, now)?;
    let zone = feed.day_zone?;
    let counted =
        |q: &Queue| q.counted_at.is_some_and(|at| at.with_timezone(&zone).date_naive() == today);
    let of_campaign =
        |q: &Queue| q.key.source == feed.name && q.key.campaign_id.as_deref() == Some(id);
    let queues = floor.queues().into_iter().filter(|q| of_campaign(q) && counted(q));
    let counts: Vec<_> =
        queues.filter_map(|q| Some((q.answered?, q.dropped?, q.calls_today))).collect();
    let total = |sum: u64, count: u64| sum.saturating_add(count);
    (!counts.is_empty()).then(|| CampaignDay {
        source: feed.name.clone(),
        campaign_id: id.to_owned(),
        day: today,
        answered: counts.iter().map(|(answered, ..)| *answered).fold(0, total),
        dropped: counts.iter().map(|(_, dropped, _)| *dropped).fold(0, total),
        calls: counts.iter().try_fold(0, |sum, (.., calls)| calls.map(|calls| total(sum, calls))),
    })
}

fn today(feed: &Feed, now: DateTime<Utc>) -> Option<chrono::NaiveDate> {
    Some(now.with_timezone(&feed.day_zone?).date_naive())
}

/// The times of who sat in it, and what they make.
fn sitting(queue: &Queue, figures: Option<&Figures>, now: DateTime<Utc>) -> Vec<Explanation> {
    let rule =
        "The time that people sat in this queue, by what they did there, everybody's together.";
    let Some(figures) = figures else {
        let mut none = Explanation::of(format!("Who sat in {}: unknown", queue.name), rule);
        none.arithmetic.push("nobody was seen in it today".to_owned());
        return vec![none];
    };
    let what = format!("Who sat in {}: {} in all", queue.name, hours(figures.times.all()));
    let mut seated = Explanation { inputs: times(figures, now), ..Explanation::of(what, rule) };
    if let Some(share) = figures.occupancy {
        seated.arithmetic.push(format!("occupancy {}", percentage(share)));
    }
    std::iter::once(seated).chain(of_work(figures)).collect()
}
