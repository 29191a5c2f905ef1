//! What the runs of a floor kept, as the journal gives it back.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::model::{
    AgentKey, Archive, AssignedQueues, Change, Entry, Layer, ScheduleState, SourceName, Span,
    Spell, VendorKpi,
};

/// What one run kept: what begins at the same instant replaces.
#[derive(Default)]
pub(super) struct Kept {
    spells: BTreeMap<(AgentKey, Layer, DateTime<Utc>), Spell>,
    places: BTreeMap<(AgentKey, DateTime<Utc>), Span<AssignedQueues>>,
    schedules: BTreeMap<(AgentKey, DateTime<Utc>), Span<ScheduleState>>,
    sums: BTreeMap<(AgentKey, DateTime<Utc>), VendorKpi>,
    read_until: BTreeMap<(SourceName, Layer), DateTime<Utc>>,
}

impl Kept {
    pub(super) fn keep(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Keep(entry) = change {
                self.enter(entry);
            }
        }
    }

    fn enter(&mut self, entry: &Entry) {
        match entry.clone() {
            Entry::Spell { agent, layer, spell } => {
                self.spells.insert((agent, layer, spell.since), spell);
            }
            Entry::NoSpell { agent, layer, since } => {
                self.spells.remove(&(agent, layer, since));
            }
            Entry::Place { agent, span } => {
                self.places.insert((agent, span.since), span);
            }
            Entry::Schedule { agent, span } => {
                self.schedules.insert((agent, span.since), span);
            }
            Entry::Sums { agent, kpi } => {
                self.sums.insert((agent, kpi.since), *kpi);
            }
            Entry::ReadUntil { source, layer, at } => {
                self.read_until.insert((source, layer), at);
            }
            _ => {}
        }
    }

    /// What goes on ends where this run last read its source.
    fn end(&self, source: &SourceName) -> Option<DateTime<Utc>> {
        self.read_until.get(&(source.clone(), Layer::Watched)).copied()
    }

    /// Adds it to what comes back.
    pub(super) fn give_back(&self, archive: &mut Archive) {
        for ((source, layer), at) in &self.read_until {
            archive.read_until.push((source.clone(), *layer, *at));
        }
        for ((agent, layer, _), spell) in &self.spells {
            let end = self.end(&agent.source).filter(|_| *layer == Layer::Watched);
            let spell = Spell { until: spell.until.or(end), ..spell.clone() };
            archive.spells.push((agent.clone(), *layer, spell));
        }
        for ((agent, _), span) in &self.places {
            let until = span.until.or(self.end(&agent.source));
            archive.places.push((agent.clone(), Span { until, ..span.clone() }));
        }
        for ((agent, _), span) in &self.schedules {
            let until = span.until.or(self.end(&agent.source));
            archive.schedules.push((agent.clone(), Span { until, ..span.clone() }));
        }
        let sums = self.sums.iter().map(|((agent, _), kpi)| (agent.clone(), kpi.clone()));
        archive.sums.extend(sums);
    }
}
