//! One person's time of the day so far.

use chrono::{DateTime, TimeDelta, Utc};

use super::queues::Place;
use crate::model::{
    ActivityKind, AdherencePct, AssignedQueues, Evidence, Feed, FeedStatus, Floor, Person,
    Presence, Side, SourceKind,
};
use crate::rules::attendance::Plan;
use crate::rules::figures::is_exempt;
use crate::rules::sums::Sums;
use crate::rules::telling::{Telling, Window};
use crate::rules::times::Doing;

/// How far beyond the day's beginning a schedule is looked up: the longest day there is, and more.
const AHEAD: TimeDelta = TimeDelta::hours(36);

/// One person's time of the day so far: what has ended is summed up, the last stretch goes on.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    /// Without gaps, oldest first.
    stretches: Vec<Stretch>,
    /// Of all stretches but the last one, and of what only sums tell of the time before them.
    ended: Sums,
    /// Of all stretches but the last one, by place.
    by_place: Vec<(Place, Sums)>,
    /// Where the stretches begin; none before the first reckoning.
    told_from: Option<DateTime<Utc>>,
    plan: Plan,
    /// Whether the schedule does not bind the person.
    is_exempt: bool,
    /// Before this instant no reading that only confirms what is known can change anything.
    edge: Option<DateTime<Utc>>,
    /// Whether one can after it.
    is_unsettled: bool,
}

/// A stretch of time, which ends where the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    since: DateTime<Utc>,
    doing: Doing,
    place: Option<Place>,
}

impl Account {
    /// Reckons anew from `from` on, as the floor tells it at the end of `window`, which is now; `seat`
    /// numbers where people sit. From when that has to be repeated as soon as time has gone on, if it has to:
    /// what begins just now, or is not told any further, has no length yet.
    pub(super) fn reckon(
        &mut self,
        floor: &Floor,
        person: &Person,
        window: Window,
        from: DateTime<Utc>,
        mut seat: impl FnMut(&AssignedQueues) -> Place,
    ) -> Option<DateTime<Utc>> {
        let now = window.until;
        let telling = Telling::of(floor, person, window);
        let told_from = telling.since;
        let plan = Plan::of(&floor.scheduled(person, window.since, window.since + AHEAD));
        let from = self.edge.map_or(from, |edge| edge.min(from)).clamp(told_from, now);
        let goes_on = self.told_from == Some(told_from) && self.plan.agrees(&plan, from);
        let from = if goes_on { from } else { told_from };
        if goes_on {
            self.cut(from); // by the plan it was summed up by
        } else {
            self.stretches.clear();
            self.by_place.clear();
            self.ended = telling.summed(&plan);
            self.told_from = Some(told_from);
        }
        self.plan = plan;
        for spell in floor.fused(person, from, now, now) {
            let place = spell.place.as_ref().map(&mut seat);
            let doing = Doing::from(&spell);
            self.push(Stretch { since: spell.since, doing, place });
        }
        if self.stretches.is_empty() {
            self.push(Stretch { since: told_from, doing: Doing::UNKNOWN, place: None });
        }
        self.is_exempt = is_exempt(floor, person, window);
        self.settle(floor, person, now);
        if from >= now { Some(now) } else { again_from(floor, person, now) }
    }

    /// Forgets what lies after `from`: the stretch that held until then is the last one again.
    fn cut(&mut self, from: DateTime<Utc>) {
        while let Some(last) = self.stretches.last().copied() {
            if last.since < from {
                break;
            }
            self.stretches.pop();
            if let Some(reopened) = self.stretches.last().copied() {
                let Stretch { since, doing, place } = reopened;
                self.ended.take_back(doing, &self.plan, since, last.since);
                let seated = self.by_place.iter_mut().find(|(at, _)| Some(*at) == place);
                if let Some((_, sums)) = seated {
                    sums.take_back(doing, &self.plan, since, last.since);
                }
            }
        }
    }

    fn push(&mut self, next: Stretch) {
        if let Some(last) = self.stretches.last().copied() {
            if (last.doing, last.place) == (next.doing, next.place) {
                return; // it goes on
            }
            let Stretch { since, doing, place } = last;
            self.ended.spend(doing, &self.plan, since, next.since);
            if let Some(place) = place {
                if self.by_place.iter().all(|(at, _)| *at != place) {
                    self.by_place.push((place, Sums::default()));
                }
                let seated = self.by_place.iter_mut().find(|(at, _)| *at == place);
                if let Some((_, sums)) = seated {
                    sums.spend(doing, &self.plan, since, next.since);
                }
            }
        }
        self.stretches.push(next);
    }

    /// Notes from when on a reading can tell otherwise though nobody's state changes: where two
    /// telephony systems differ, how far each has been heard decides between them; whom a source does
    /// not mention, or only its log, may be mentioned again; a log that is read on may fill a gap.
    fn settle(&mut self, floor: &Floor, person: &Person, now: DateTime<Utc>) {
        let (mut edge, mut late, mut systems, mut is_unsettled) = (now, now, 0, false);
        let keys = person.keys();
        let known = || keys.iter().filter_map(|key| Some((key, floor.feed(&key.source)?)));
        // A WFM tells nothing of whom a telephony system knows.
        let by_telephony = known().any(|(_, feed)| feed.kind.is_telephony());
        for (key, feed) in known().filter(|(_, feed)| feed.kind.is_telephony() == by_telephony) {
            let presence = person.presence(&key.source).filter(|p| p.agent == key.agent);
            let past = floor.timeline(key);
            if presence.is_none() && past.is_none() {
                continue;
            }
            let is_live = feed.status(now) == FeedStatus::Live;
            let log_is_live =
                feed.side(Side::History).is_some_and(|log| log.status(now) == FeedStatus::Live);
            if !is_live {
                // Whom its last readings did not mention was told of until before it fell silent.
                let lagging = presence.map(|p| p.as_of).filter(|as_of| feed.as_of > Some(*as_of));
                edge = lagging.map_or(edge, |as_of| edge.min(as_of));
            }
            if !is_live && !log_is_live {
                continue; // that it is heard again is news in itself
            }
            let is_plain = presence.is_some_and(|presence| is_plain(presence, feed, now));
            let seen = presence.map(|presence| presence.as_of).filter(|_| is_live);
            let is_read = log_is_live || feed.kind.is_log();
            let read = past.and_then(|past| past.read_until()).filter(|_| is_read);
            let lag = match feed.kind {
                SourceKind::SipIo => feed.kind.documented_lag(),
                _ => TimeDelta::zero(),
            };
            let needs_log = feed.kind.is_log() || !is_plain;
            let heard = [seen, read.filter(|_| needs_log)].into_iter().flatten().min();
            late = heard.map_or(late, |heard| late.min(heard - lag));
            edge = read.map_or(edge, |read| edge.min(read));
            systems += 1;
            is_unsettled |= !is_plain || read.is_some_and(|read| self.has_gap_after(read));
        }
        let mut kinds = person
            .presences
            .iter()
            .filter(|p| p.kind.is_telephony())
            .map(|presence| presence.activity.kind());
        let differ = kinds.next().is_some_and(|first| kinds.any(|kind| kind != first));
        let has_changed = self.stretches.last().is_some_and(|last| last.since >= late);
        self.is_unsettled = is_unsettled || systems > 1 && (differ || has_changed);
        self.edge = Some(edge.min(late));
    }

    /// Whether there is any time after `at` of which nobody knows anything.
    fn has_gap_after(&self, at: DateTime<Utc>) -> bool {
        let mut until = None; // of the last one: it goes on
        for stretch in self.stretches.iter().rev() {
            if until.is_some_and(|until| until <= at) {
                break;
            }
            if stretch.doing.kind() == ActivityKind::Unknown {
                return true;
            }
            until = Some(stretch.since);
        }
        false
    }

    /// From when on the reading of `feed` that just came may tell `person`'s past otherwise, though
    /// nobody's state changed; none where it cannot. A schedule that only goes on is taken over.
    pub(super) fn hear(
        &mut self,
        floor: &Floor,
        person: &Person,
        feed: &Feed,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let Some(presence) = person.presence(&feed.name) else {
            let may_be_logged = self.is_unsettled && person.ids.contains_key(&feed.name);
            return may_be_logged.then_some(now);
        };
        let is_news = self.is_unsettled
            || !is_plain(presence, feed, now)
            || feed.kind == SourceKind::SipIo && is_bypassed(presence) != self.is_exempt;
        if is_news || presence.schedule.is_none() {
            return is_news.then_some(now);
        }
        let since = floor.day_start(now);
        let plan = Plan::of(&floor.scheduled(person, since, since + AHEAD));
        if !self.plan.agrees(&plan, now) {
            return Some(now);
        }
        self.plan = plan;
        None
    }

    /// Whether `feed` may have told something of `person`.
    pub(super) fn is_told_by(&self, person: &Person, feed: &Feed) -> bool {
        person.ids.contains_key(&feed.name) || person.presence(&feed.name).is_some()
    }

    /// The day until `now`.
    pub(super) fn sums(&self, now: DateTime<Utc>) -> Sums {
        let mut sums = self.ended;
        if let Some(last) = self.stretches.last() {
            sums.spend(last.doing, &self.plan, last.since, now);
        }
        sums
    }

    /// The same as it counts among others.
    pub(super) fn bound(&self, sums: Sums) -> Sums {
        sums.of_bound(!self.is_exempt)
    }

    /// The day until `now` as far as it was spent at any of `places`; none where none was.
    pub(super) fn sums_at(&self, places: &[Place], now: DateTime<Utc>) -> Option<Sums> {
        let is_there = |place: &Place| places.contains(place);
        let mut sums = Sums::default();
        let ended = self.by_place.iter().filter(|(at, _)| is_there(at));
        ended.for_each(|(_, more)| sums += more);
        let open = self.stretches.last().filter(|last| last.place.as_ref().is_some_and(is_there));
        if let Some(open) = open {
            sums.spend(open.doing, &self.plan, open.since, now);
        }
        (sums.times.all() > TimeDelta::zero()).then(|| self.bound(sums.of_seat(&self.sums(now))))
    }

    /// Whether we have a schedule of the day until `now`.
    pub(super) fn is_planned(&self, now: DateTime<Utc>) -> bool {
        self.plan.is_known(now)
    }
}

/// Whether the source's last reading vouches for it.
fn is_plain(presence: &Presence, feed: &Feed, now: DateTime<Utc>) -> bool {
    feed.status(now) == FeedStatus::Live
        && feed.as_of == Some(presence.as_of)
        && presence.evidence != Evidence::Stale
}

/// From when on the past is told otherwise as soon as time has gone on, though nothing is read: where
/// a source tells of the very instant `now`.
fn again_from(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut presences = person.presences.iter();
    let told = |presence: &Presence| presence.since.max(Some(presence.as_of)) >= Some(now);
    let keys = person.keys();
    let mut pasts = keys.iter().filter_map(|key| floor.timeline(key));
    let mut feeds = keys.iter().filter_map(|key| floor.feed(&key.source));
    let moment = (now - TimeDelta::nanoseconds(1), now);
    let mut places = keys.iter().map(|key| floor.places(key, moment, None));
    let is_told = presences.any(told)
        || pasts.any(|past| past.known_until() >= Some(now))
        || feeds.any(|feed| feed.as_of >= Some(now))
        || places.any(|places| !places.is_empty());
    is_told.then_some(now)
}

fn is_bypassed(presence: &Presence) -> bool {
    presence.kpi.as_ref().is_some_and(|vendor| vendor.adherence == AdherencePct::Bypass)
}
