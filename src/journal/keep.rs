//! Writing the floor's history.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::book::Page;
use super::content::{Seat, State, Track, json};
use super::instant::millis;
use super::{adherence, alerts, calls, clock_set, plans};
use crate::model::{AgentKey, Entry, Layer, SourceName, VendorKpi};

/// Writes all of `entries` or none.
pub(super) fn keep(page: &mut Page, entries: &[Entry]) -> rusqlite::Result<()> {
    // Immediate: two programs that both read first would get in each other's way.
    let behavior = TransactionBehavior::Immediate;
    let transaction = page.connection.transaction_with_behavior(behavior)?;
    let run = match page.run {
        Some(run) => run,
        None => {
            let sql = "INSERT INTO runs (started_at, operator, host, pid) VALUES (?1, ?2, ?3, ?4)";
            let (operator, host) = (&page.runner.operator, &page.runner.host);
            let pid = std::process::id();
            transaction.execute(sql, params![page.started_at, operator, host, pid])?;
            transaction.last_insert_rowid()
        }
    };
    let mut scribe =
        Scribe { connection: &transaction, run, agents: HashMap::new(), contents: HashMap::new() };
    for entry in entries {
        scribe.write(entry)?;
    }
    transaction.commit()?;
    page.run = Some(run);
    Ok(())
}

/// A row of the table of spells, but for whose it is.
struct Row {
    track: Track,
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
}

/// Writes one batch. Numbers are looked up once a batch and not kept longer: another program may
/// forget an agent in between.
struct Scribe<'a> {
    connection: &'a Connection,
    run: i64,
    agents: HashMap<AgentKey, i64>,
    contents: HashMap<String, i64>,
}

impl Scribe<'_> {
    fn write(&mut self, entry: &Entry) -> rusqlite::Result<()> {
        match entry {
            Entry::ReadUntil { source, layer, at } => self.read_until(source, *layer, *at),
            Entry::Name { agent, name } => {
                let agent = self.agent(agent)?;
                let sql = "UPDATE agents SET name = ?2 WHERE id = ?1 AND name IS NOT ?2";
                self.connection.prepare_cached(sql)?.execute(params![agent, name]).map(drop)
            }
            Entry::Alias { agent, alias } => {
                let agent = self.agent(agent)?;
                let sql = "UPDATE agents SET alias = ?2 WHERE id = ?1 AND alias IS NOT ?2";
                let values = params![agent, alias.as_str()];
                self.connection.prepare_cached(sql)?.execute(values).map(drop)
            }
            Entry::Spell { agent, layer, spell } => {
                let row = Row { track: track(*layer), since: spell.since, until: spell.until };
                self.spell(agent, &row, json(&State::of(spell))?)
            }
            Entry::NoSpell { agent, layer, since } => {
                let agent = self.agent(agent)?;
                let sql = "DELETE FROM spells WHERE agent = ?1 AND track = ?2 AND since = ?3";
                let values = params![agent, track(*layer) as i64, millis(*since)];
                self.connection.prepare_cached(sql)?.execute(values).map(drop)
            }
            Entry::Place { agent, span } => {
                let row = Row { track: Track::Place, since: span.since, until: span.until };
                match Seat::of(&span.value) {
                    Some(seat) => self.spell(agent, &row, json(&seat)?),
                    None => Ok(()),
                }
            }
            Entry::Schedule { agent, span } => {
                let row = Row { track: Track::Schedule, since: span.since, until: span.until };
                self.spell(agent, &row, json(&span.value)?)
            }
            Entry::Plan { person, from, until, entries } => {
                plans::keep(self.connection, person, *from, *until, entries)
            }
            Entry::Sums { agent, kpi } => self.sums(agent, kpi),
            Entry::Adherence { agent, said } => {
                let agent = self.agent(agent)?;
                adherence::keep(self.connection, agent, said)
            }
            Entry::Calls(count) => calls::keep(self.connection, count),
            Entry::Alert(known) => alerts::keep(self.connection, known),
            Entry::ClockSet(set) => clock_set::keep(self.connection, self.run, set),
        }
    }

    fn read_until(
        &self,
        source: &SourceName,
        layer: Layer,
        at: DateTime<Utc>,
    ) -> rusqlite::Result<()> {
        let sql = "INSERT INTO reads (run, source, layer, since, until) VALUES (?1, ?2, ?3, ?4, ?4)
                   ON CONFLICT (run, source, layer) DO UPDATE SET
                       until = excluded.until WHERE excluded.until > until";
        let values = params![self.run, source.as_str(), layer.word(), millis(at)];
        self.connection.prepare_cached(sql)?.execute(values).map(drop)
    }

    /// What has been kept in the same words already is not written again: a log is read anew at
    /// every start.
    fn spell(&mut self, agent: &AgentKey, row: &Row, content: String) -> rusqlite::Result<()> {
        let (agent, content) = (self.agent(agent)?, self.content(content)?);
        let sql = "INSERT INTO spells (agent, track, since, until, content, run)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (agent, track, since) DO UPDATE SET
                       until = excluded.until, content = excluded.content, run = excluded.run
                   WHERE until IS NOT excluded.until OR content <> excluded.content
                       OR (until IS NULL AND track <> 0 AND run <> excluded.run)";
        let (since, until) = (millis(row.since), row.until.map(millis));
        let values = params![agent, row.track as i64, since, until, content, self.run];
        self.connection.prepare_cached(sql)?.execute(values).map(drop)
    }

    fn sums(&mut self, agent: &AgentKey, kpi: &VendorKpi) -> rusqlite::Result<()> {
        let agent = self.agent(agent)?;
        let sql = "INSERT INTO sums (agent, since, as_of, kpi) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (agent, since) DO UPDATE SET
                       as_of = excluded.as_of, kpi = excluded.kpi";
        let text = super::sums::json(kpi)?;
        let values = params![agent, millis(kpi.since), millis(kpi.as_of), text];
        self.connection.prepare_cached(sql)?.execute(values).map(drop)
    }

    fn agent(&mut self, key: &AgentKey) -> rusqlite::Result<i64> {
        if let Some(id) = self.agents.get(key) {
            return Ok(*id);
        }
        let (source, agent) = (key.source.as_str(), key.agent.as_str());
        let found = self
            .connection
            .prepare_cached("SELECT id FROM agents WHERE source = ?1 AND agent = ?2")?
            .query_row([source, agent], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                let sql = "INSERT INTO agents (source, agent) VALUES (?1, ?2)";
                self.connection.prepare_cached(sql)?.insert([source, agent])?
            }
        };
        self.agents.insert(key.clone(), id);
        Ok(id)
    }

    fn content(&mut self, text: String) -> rusqlite::Result<i64> {
        if let Some(id) = self.contents.get(&text) {
            return Ok(*id);
        }
        let found = self
            .connection
            .prepare_cached("SELECT id FROM contents WHERE json = ?1")?
            .query_row([&text], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                let sql = "INSERT INTO contents (json) VALUES (?1)";
                self.connection.prepare_cached(sql)?.insert([&text])?
            }
        };
        self.contents.insert(text, id);
        Ok(id)
    }
}

fn track(layer: Layer) -> Track {
    match layer {
        Layer::Recorded => Track::Recorded,
        Layer::Watched => Track::Watched,
    }
}
