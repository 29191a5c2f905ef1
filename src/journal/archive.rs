//! Reading the floor's history back.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::content::{Contents, Seat, State, Track};
use super::coverage::Coverage;
use super::instant::{instant, millis};
use super::{adherence, alerts, plans, sums};
use crate::model::{AgentId, AgentKey, Archive, Layer, ScheduleState, SourceName, Span, Spell};

/// An agent and its number.
struct Agent {
    id: i64,
    key: AgentKey,
}

/// A row of the table of spells, with its end as far as there is one.
struct Stretch {
    since: i64,
    until: Option<i64>,
    content: i64,
}

/// So many runs may have been started while one spell went on; of more, the last ones count.
const RUNS_AT_ONE_SPELL: i64 = 8;

/// No day is longer, whatever clocks do.
const LONGEST_DAY: TimeDelta = TimeDelta::hours(26);

/// The time that is asked for, and what is known of the runs.
struct Search<'a> {
    connection: &'a Connection,
    from: i64,
    until: i64,
    coverage: Coverage,
}

/// What was kept of the time between `from` and `until`, all of it as at one instant.
pub(super) fn read(
    connection: &mut Connection,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> rusqlite::Result<Archive> {
    let transaction = connection.transaction()?;
    let coverage = Coverage::read(&transaction)?;
    let (from, until) = (millis(from), millis(until));
    let search = Search { connection: &transaction, from, until, coverage };
    let mut archive = Archive {
        read_until: read_until(&transaction)?,
        plans: plans::within(&transaction, from, until)?,
        alerts: alerts::within(&transaction, from, until)?,
        ..Archive::default()
    };
    let agents = agents(&transaction, &mut archive)?;
    search.spells(&agents, &mut archive)?;
    search.sums(&agents, &mut archive)?;
    Ok(archive)
}

fn read_until(
    connection: &Connection,
) -> rusqlite::Result<Vec<(SourceName, Layer, DateTime<Utc>)>> {
    let sql = "SELECT source, layer, max(until) FROM reads GROUP BY source, layer
               ORDER BY source, layer";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let word: String = row.get(1)?;
        let layers = [Layer::Recorded, Layer::Watched];
        let layer = layers.into_iter().find(|layer| layer.word() == word);
        let source = SourceName::from(row.get::<_, String>(0)?);
        let at = instant(row.get(2)?);
        Ok(layer.map(|layer| (source, layer, at)))
    })?;
    rows.filter_map(Result::transpose).collect()
}

fn agents(connection: &Connection, archive: &mut Archive) -> rusqlite::Result<Vec<Agent>> {
    let sql = "SELECT id, source, agent, name, alias FROM agents ORDER BY source, agent";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut agents: Vec<Agent> = Vec::new();
    while let Some(row) = rows.next()? {
        let named: String = row.get(1)?;
        // One name for all agents of a source.
        let last = agents.last().map(|agent| &agent.key.source);
        let source = last.filter(|last| last.as_str() == named).cloned();
        let source = source.unwrap_or_else(|| SourceName::from(named));
        let key = AgentKey::new(source, AgentId::from(row.get::<_, String>(2)?));
        if let Some(name) = row.get(3)? {
            archive.names.push((key.clone(), name));
        }
        if let Some(alias) = row.get::<_, Option<String>>(4)? {
            archive.aliases.push((key.clone(), AgentId::from(alias)));
        }
        agents.push(Agent { id: row.get(0)?, key });
    }
    Ok(agents)
}

impl Search<'_> {
    fn spells(&self, agents: &[Agent], archive: &mut Archive) -> rusqlite::Result<()> {
        let mut states = Contents::<State>::new();
        let mut seats = Contents::<Seat>::new();
        let mut schedules = Contents::<ScheduleState>::new();
        for agent in agents {
            for (track, layer) in
                [(Track::Recorded, Layer::Recorded), (Track::Watched, Layer::Watched)]
            {
                for stretch in self.stretches(agent, track)? {
                    if let Some(told) = states.get(self.connection, stretch.content)? {
                        archive.spells.push((agent.key.clone(), layer, spell(&stretch, told)));
                    }
                }
            }
            for stretch in self.stretches(agent, Track::Place)? {
                if let Some(seat) = seats.get(self.connection, stretch.content)? {
                    let span = span(&stretch, seat.queues(&agent.key.source));
                    archive.places.push((agent.key.clone(), span));
                }
            }
            for stretch in self.stretches(agent, Track::Schedule)? {
                if let Some(state) = schedules.get(self.connection, stretch.content)? {
                    let span = span(&stretch, state.clone());
                    archive.schedules.push((agent.key.clone(), span));
                }
            }
        }
        archive.spells.sort_by_key(|(_, _, spell)| spell.since);
        archive.places.sort_by_key(|(_, span)| span.since);
        archive.schedules.sort_by_key(|(_, span)| span.since);
        Ok(())
    }

    /// The rows of one agent that reach into the time asked for, by beginning: those that begin in
    /// it, and what of those just before still went on.
    ///
    /// Each run has a row of its own for what went on as it began, and the same beginning is read with
    /// a second's jitter: what one run kept of a spell does not end what another one kept of it.
    fn stretches(&self, agent: &Agent, track: Track) -> rusqlite::Result<Vec<Stretch>> {
        let sql = "SELECT since, until, content, run FROM spells
                   WHERE agent = ?1 AND track = ?2 AND since < ?4 AND since >= coalesce(
                       (SELECT min(since) FROM
                           (SELECT since FROM spells WHERE agent = ?1 AND track = ?2 AND since < ?3
                            ORDER BY since DESC LIMIT ?5)), ?3)
                   ORDER BY since";
        let mut statement = self.connection.prepare_cached(sql)?;
        let bounds = params![agent.id, track as i64, self.from, self.until, RUNS_AT_ONE_SPELL];
        let mut rows = statement.query(bounds)?;
        let mut found: Vec<(Stretch, i64)> = Vec::new();
        while let Some(row) = rows.next()? {
            let stretch = Stretch { since: row.get(0)?, until: row.get(1)?, content: row.get(2)? };
            found.push((stretch, row.get(3)?));
        }
        for index in 0..found.len() {
            let (stretch, run) = &found[index];
            if stretch.until.is_none() && track.is_watched() {
                let ends_it =
                    |(next, by): &&(Stretch, i64)| next.content != stretch.content || by == run;
                let next = match found[index + 1..].iter().find(ends_it) {
                    Some((next, _)) => Some(next.since),
                    None => next_after(self.connection, agent.id, track, self.until - 1)?,
                };
                let covered = self.coverage.of(*run, agent.key.source.as_str());
                let end = covered.unwrap_or(stretch.since).max(stretch.since);
                found[index].0.until = Some(next.map_or(end, |next| next.min(end)));
            }
        }
        let ends: Vec<_> = (0..found.len())
            .map(|index| found[index].0.until.or(found.get(index + 1).map(|(next, _)| next.since)))
            .collect();
        let reaches_in = |stretch: &Stretch, end: Option<i64>| {
            stretch.since >= self.from || end.is_none_or(|end| end > self.from)
        };
        let all = found.into_iter().zip(ends);
        Ok(all.filter(|((s, _), end)| reaches_in(s, *end)).map(|((s, _), _)| s).collect())
    }

    /// The newest sums of each window that reaches into the time asked for, and those of the day on
    /// which it ends, though they were read before: they say whom the schedule does not bind that day.
    fn sums(&self, agents: &[Agent], archive: &mut Archive) -> rusqlite::Result<()> {
        let sql = "SELECT kpi FROM sums WHERE agent = ?1 AND since < ?3 AND as_of >= ?2
                   ORDER BY since";
        let mut statement = self.connection.prepare_cached(sql)?;
        let from = self.from.min(self.until - LONGEST_DAY.num_milliseconds());
        for agent in agents {
            let mut rows = statement.query([agent.id, from, self.until])?;
            while let Some(row) = rows.next()? {
                if let Some(kpi) = sums::read(&row.get::<_, String>(0)?) {
                    archive.sums.push((agent.key.clone(), kpi));
                }
            }
            let (agent, window) = ((agent.id, &agent.key), (from, self.until));
            adherence::within(self.connection, agent, window, &mut archive.adherence)?;
        }
        Ok(())
    }
}

/// When the next row after the one that begins at `since` begins.
pub(super) fn next_after(
    connection: &Connection,
    agent: i64,
    track: Track,
    since: i64,
) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT min(since) FROM spells WHERE agent = ?1 AND track = ?2 AND since > ?3";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row(params![agent, track as i64, since], |row| row.get(0))
}

fn span<T>(stretch: &Stretch, value: T) -> Span<T> {
    Span { since: instant(stretch.since), until: stretch.until.map(instant), value }
}

fn spell(stretch: &Stretch, state: &State) -> Spell {
    Spell {
        since: instant(stretch.since),
        until: stretch.until.map(instant),
        activity: state.activity.clone(),
        evidence: state.evidence,
        raw: state.raw.clone(),
        doubt: state.doubt,
    }
}
