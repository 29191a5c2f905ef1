//! What the dashboard has kept of a floor, for the commands that only read it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::journal::{Journal, JournalError, path_for};
use crate::model::{
    AgentKey, Archive, CampaignDay, Feed, KnownQueue, Layer, Side, SideFeed, SourceName, Spell,
};

/// What the journal of a floor has of a stretch of time.
pub(super) struct Kept {
    /// The floor's past.
    pub(super) archive: Archive,
    /// Every queue ever seen.
    pub(super) queues: Vec<KnownQueue>,
    /// The campaigns' calls, of every day there is.
    pub(super) days: Vec<CampaignDay>,
}

/// What the floor's journal has of the time between `from` and `until`; none where there is no journal.
/// It is left as it is.
pub(super) async fn kept(
    config: &Config,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Kept>, JournalError> {
    let path = path_for(config.journal.directory.as_deref(), &config.floor.name)?;
    let of = path.clone();
    let read = tokio::task::spawn_blocking(move || {
        let Some(reader) = Journal::open_to_read(&path)? else { return Ok(None) };
        Ok(Some(Kept {
            archive: reader.archive(from, until)?,
            queues: reader.known_queues()?,
            days: reader.campaign_days()?,
        }))
    });
    // The task panicked; the panic hook has said so.
    read.await.unwrap_or(Err(JournalError::Closed(of)))
}

/// Has what goes on in `archive` go on until `now`, source by source, where a dashboard is recording at
/// this moment: its last reading is no older than a source that is current may be. So what is read from
/// a journal is what that dashboard shows. Up to when a source has really been read stays: beside one
/// that is fresher it is late.
pub(super) fn go_on(archive: &mut Archive, feeds: &[Feed], now: DateTime<Utc>) {
    for feed in feeds {
        let lag = feed.kind.documented_lag();
        let log = feed.side(Side::History).map_or_else(|| feed.patience(), SideFeed::patience);
        let watched = last_read(archive, feed, Layer::Watched);
        let watched = watched.filter(|at| now - *at <= feed.patience() + lag);
        let logged = last_read(archive, feed, Layer::Recorded);
        let logged = logged.filter(|at| now - *at <= log + lag);
        if let Some(at) = watched {
            hold(archive, feed, at, now);
        }
        // The log beside a monitor that is current is late, and says nothing of this moment.
        if logged.is_some() && (watched.is_none() || feed.kind.is_log()) {
            hold_open(archive, feed, now);
        }
    }
}

fn last_read(archive: &Archive, feed: &Feed, layer: Layer) -> Option<DateTime<Utc>> {
    let reads = archive.read_until.iter().filter(|(source, of, _)| is(feed, source, *of, layer));
    reads.map(|(_, _, at)| *at).max()
}

fn is(feed: &Feed, source: &SourceName, of: Layer, layer: Layer) -> bool {
    *source == feed.name && of == layer
}

/// Has what `feed` showed until `at`, its last reading, go on until `now`.
fn hold(archive: &mut Archive, feed: &Feed, at: DateTime<Utc>, now: DateTime<Utc>) {
    let is_watched = |(_, layer, _): &&mut (AgentKey, Layer, Spell)| *layer == Layer::Watched;
    let spells = archive.spells.iter_mut().filter(is_watched);
    hold_last(spells.map(|(key, _, spell)| (&*key, spell.since, &mut spell.until)), feed, at, now);
    let places = archive.places.iter_mut();
    hold_last(places.map(|(key, span)| (&*key, span.since, &mut span.until)), feed, at, now);
    let schedules = archive.schedules.iter_mut();
    hold_last(schedules.map(|(key, span)| (&*key, span.since, &mut span.until)), feed, at, now);
}

/// Has what goes on by `feed`'s log go on until `now`.
fn hold_open(archive: &mut Archive, feed: &Feed, now: DateTime<Utc>) {
    let mut last: HashMap<&AgentKey, &mut Spell> = HashMap::new();
    for (key, layer, spell) in &mut archive.spells {
        let is_later = |known: &&mut Spell| known.since <= spell.since;
        if key.source == feed.name
            && *layer == Layer::Recorded
            && last.get(key).is_none_or(is_later)
        {
            last.insert(key, spell);
        }
    }
    for spell in last.into_values().filter(|spell| spell.until.is_none() && spell.since < now) {
        spell.until = Some(now);
    }
}

/// What was confirmed by the last reading, at `at`; what ends as the next begins is over. Several runs
/// may have kept one stretch, each with a beginning of its own: the last of these need not be the one
/// that goes on.
fn hold_last<'a>(
    stretches: impl Iterator<Item = (&'a AgentKey, DateTime<Utc>, &'a mut Option<DateTime<Utc>>)>,
    feed: &Feed,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) {
    let theirs: Vec<_> = stretches.filter(|(key, ..)| key.source == feed.name).collect();
    let begun = |(key, since, _): &(&'a AgentKey, DateTime<Utc>, _)| (*since >= at).then_some(*key);
    let begins_anew: HashSet<&AgentKey> = theirs.iter().filter_map(begun).collect();
    for (key, since, until) in theirs {
        if *until == Some(at) && (since >= at || !begins_anew.contains(key)) {
            *until = Some(now.max(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::model::{Activity, Evidence, SourceKind};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn spell(
        agent: &str,
        layer: Layer,
        since: i64,
        until: Option<i64>,
    ) -> (AgentKey, Layer, Spell) {
        let spell = Spell {
            activity: Activity::Available,
            evidence: Evidence::Observed,
            raw: "READY".into(),
            since: at(since),
            until: until.map(at),
            doubt: None,
        };
        (AgentKey::new("dialer".into(), agent.into()), layer, spell)
    }

    fn dialer() -> Feed {
        Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(4))
    }

    fn ends(archive: &Archive) -> Vec<Option<i64>> {
        let ends = archive.spells.iter().map(|(_, _, spell)| spell.until);
        ends.map(|end| end.map(|end| end.timestamp())).collect()
    }

    fn archive() -> Archive {
        let read = |layer, seconds| ("dialer".into(), layer, at(seconds));
        Archive {
            read_until: vec![read(Layer::Watched, 100), read(Layer::Recorded, 80)],
            spells: vec![
                spell("a", Layer::Watched, 0, Some(100)),
                spell("b", Layer::Watched, 0, Some(100)),
                spell("b", Layer::Watched, 100, Some(100)),
                spell("c", Layer::Watched, 0, Some(90)),
                spell("d", Layer::Recorded, 0, Some(100)),
            ],
            ..Archive::default()
        }
    }

    #[test]
    fn what_a_dashboard_sees_go_on_goes_on_and_what_was_over_is_over() {
        let mut recording = archive();
        go_on(&mut recording, &[dialer()], at(112));
        assert_eq!(ends(&recording), [112, 100, 112, 90, 100].map(Some));
        assert_eq!(recording.read_until, archive().read_until, "it was not read any later");
    }

    #[test]
    fn what_two_runs_kept_of_one_state_goes_on_whichever_says_that_it_began_later() {
        let mut twice = archive();
        twice.spells.push(spell("g", Layer::Watched, 0, Some(100)));
        twice.spells.push(spell("g", Layer::Watched, 1, Some(40)));
        go_on(&mut twice, &[dialer()], at(112));
        assert_eq!(ends(&twice)[5..], [112, 40].map(Some));
    }

    #[test]
    fn after_the_patience_of_a_source_nobody_records_it_any_more() {
        let mut ended = archive();
        go_on(&mut ended, &[dialer()], at(113));
        assert_eq!(ended, archive());
    }

    #[test]
    fn another_sources_readings_confirm_nothing() {
        let mut other = archive();
        let rta = Feed::new("rta".into(), SourceKind::CxEngage, TimeDelta::seconds(15));
        go_on(&mut other, &[rta], at(101));
        assert_eq!(other, archive());
    }

    #[test]
    fn where_the_monitor_is_silent_its_log_goes_on_while_it_is_read() {
        let mut feed = dialer();
        feed.sides = vec![SideFeed::new(Side::History, TimeDelta::seconds(60))];
        let mut logged = archive();
        logged.spells.push(spell("e", Layer::Recorded, 60, None));
        logged.spells.push(spell("f", Layer::Recorded, 50, None));
        logged.spells.push(spell("f", Layer::Recorded, 60, Some(70)));
        let before = logged.clone();
        go_on(&mut logged, &[feed], at(200));
        assert_eq!(logged.read_until, before.read_until);
        let mut expected = ends(&before);
        expected[5] = Some(200);
        assert_eq!(ends(&logged), expected, "the last of each that has not ended");
    }
}
