//! What a person works on: where, which call by the vendor's ids, how much at once, what was passed on.

use super::heading;
use crate::model::{AgentKey, Call, Contact, Person, Presence, Transfer};
use crate::rules::words;
use crate::theme::Tone;
use crate::view::panel::labelled;
use crate::view::scene::Scene;
use crate::view::text::Line;
use crate::view::time;

/// At most so many transfers are shown; the newest.
const TRANSFERS: usize = 5;

/// The lines; none where nobody says anything.
pub(super) fn lines(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let mut entries = work(person);
    for presence in &person.presences {
        if let Some(contact) = &presence.contact {
            entries.extend(handling(presence, contact));
        }
    }
    entries.extend(transfers(scene, person));
    if entries.is_empty() {
        return Vec::new();
    }
    let mut lines = heading("Work");
    let entries = entries.into_iter();
    lines.extend(entries.flat_map(|(label, text)| labelled(label, &text, Tone::Text, inner)));
    lines
}

type Entry = (&'static str, String);

fn work(person: &Person) -> Vec<Entry> {
    let Some(work) = person.work() else { return Vec::new() };
    let skills = (!work.skills.is_empty()).then(|| work.skills.join(", "));
    let calls = work.calls_today.map(|calls| calls.to_string());
    let entries = [
        ("campaign", listed(work.campaigns())),
        ("queue", listed(work.queues())),
        ("skills", skills),
        ("calls today", calls),
        ("extension", work.extension.clone()),
    ];
    entries.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}

/// Names, each once, in the order in which they come; none where there are none.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut all: Vec<_> = Vec::new();
    names.for_each(|name| {
        if !all.contains(&name) {
            all.push(name)
        }
    });
    (!all.is_empty()).then(|| all.join(", "))
}

fn handling(presence: &Presence, contact: &Contact) -> Vec<Entry> {
    let source = &presence.source;
    let mut entries = Vec::new();
    if let Some(call) = &contact.call {
        entries.push(("call", format!("{source}: {}", ids(call))));
    }
    let channels: Vec<_> =
        contact.channels.iter().map(|c| format!("{} {}", c.channel, c.handling)).collect();
    let load = contact.load.map(|load| format!("load {} %", (load * 100.0).round()));
    let capacity = contact.capacity.map(|capacity| format!("{capacity} at once at most"));
    let direction = contact.direction.as_ref().map(|word| format!("set to {word}"));
    let parts: Vec<_> = load.into_iter().chain(capacity).chain(channels).chain(direction).collect();
    if !parts.is_empty() {
        entries.push(("load", format!("{source}: {}", parts.join(", "))));
    }
    entries
}

/// The vendor's ids of a call, as its other screens ask for them.
fn ids(call: &Call) -> String {
    let parts = [
        ("", &call.kind),
        ("by ", &call.channel),
        ("call log ", &call.id),
        ("lead ", &call.lead_id),
        ("list ", &call.list_id),
    ];
    let said = parts.into_iter().filter_map(|(label, value)| {
        let value = value.as_ref()?;
        Some(format!("{label}{value}"))
    });
    said.collect::<Vec<_>>().join(", ")
}

/// The newest first. Who took it over is a name where the floor knows one, else the vendor's id.
fn transfers(scene: &Scene<'_>, person: &Person) -> Vec<Entry> {
    let all = person.presences.iter().flat_map(|presence| {
        let contact = presence.contact.iter();
        contact.flat_map(|contact| &contact.transfers).map(move |transfer| (presence, transfer))
    });
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(_, transfer)| transfer.started_at);
    let entry = |(index, (presence, passed)): (usize, (&Presence, &Transfer))| {
        let label = if index == 0 { "passed on" } else { "" };
        (label, passed_on(scene, presence, passed))
    };
    all.into_iter().rev().take(TRANSFERS).enumerate().map(entry).collect()
}

fn passed_on(scene: &Scene<'_>, presence: &Presence, transfer: &Transfer) -> String {
    let at = transfer.started_at.map_or_else(
        || "at an unknown time".to_owned(),
        |started_at| time::clock(scene, started_at),
    );
    let to = transfer.to_agent.as_ref().map(|agent| {
        let key = AgentKey::new(presence.source.clone(), agent.as_str().into());
        let name = scene.floor.person_of(&key).map(|person| scene.name_of(person));
        format!(" to {}", name.unwrap_or_else(|| agent.clone()))
    });
    let took = transfer.started_at.zip(transfer.ended_at);
    let took = took.map(|(start, end)| format!(", took {}", words::duration(end - start)));
    let what = transfer.interaction.as_ref().map(|id| format!(", contact {id}"));
    let (to, took) = (to.unwrap_or_default(), took.unwrap_or_default());
    format!("{at}{to}{took}{}", what.unwrap_or_default())
}
