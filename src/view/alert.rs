//! One alert in full: what, about whom, how far it has been dealt with, by whom.

use super::panel::{self, Panel, labelled, sentence};
use super::scene::Scene;
use super::text::Line;
use super::{alerts, banner, concern, footer, time};
use crate::action::Action;
use crate::keymap::Mode;
use crate::model::{AlertKey, AlertStatus, Attempt, KnownAlert};
use crate::theme::Tone;

/// The widest the panel becomes.
const WIDTH: usize = 80;

/// The panel of the alert called `key`, from line `scroll` on.
pub(super) fn panel(scene: &Scene<'_>, key: &AlertKey, scroll: usize) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let Some(known) = scene.floor.alerts().get(key) else {
        let lines = vec![Line::text("Nothing is known of this alert any more.")];
        return panel::scrolled(scene, "Alert", lines, inner, 0, vec![]);
    };
    let title = format!("{}: {}", concern::person(scene, known), alerts::kind(known));
    let lines = lines(scene, known, inner);
    panel::scrolled(scene, title, lines, inner, scroll, keys(scene, known))
}

fn lines(scene: &Scene<'_>, known: &KnownAlert, inner: usize) -> Vec<Line> {
    let alert = &known.alert;
    let (status, tone) = alerts::status(scene, scene.app.dealing_with(&known.key), known);
    let current = alerts::is_current(scene, known);
    let (status, tone) = match (known.listed, current) {
        (false, _) => (format!("{status} once; no longer listed as such"), Tone::Stale),
        (true, false) => (format!("{status}, when it was last read"), Tone::Stale),
        (true, true) => (status, tone),
    };
    let mut lines = sentence(&alerts::message(scene, known), Tone::Text, inner);
    lines.push(Line::default());
    lines.extend(labelled("status", &status, tone, inner));
    let moments = [
        ("raised", alert.created_at),
        ("acknowledged", alert.acknowledged_at),
        ("resolved", alert.resolved_at),
    ];
    let moments = moments.into_iter().filter_map(|(word, at)| {
        let at = at?;
        Some(format!("{word} {} ({} ago)", time::clock(scene, at), time::age_of(scene, at)))
    });
    let moments: Vec<_> = moments.collect();
    if !moments.is_empty() {
        lines.extend(labelled("so far", &moments.join(", "), Tone::Text, inner));
    }
    if let Some(notes) = &alert.notes {
        lines.extend(labelled("notes", notes, Tone::Text, inner));
    }
    let (source, id, agent) = (&known.key.source, &known.key.id, &alert.agent);
    let age = time::age_of(scene, known.as_of);
    let provenance = if source.is_own() {
        format!("{source}, this program's own: no WFM knows of it; alert {id}; so since {age} ago")
    } else {
        format!("{source}, alert {id}, agent {agent}; read {age} ago")
    };
    lines.extend(labelled("source", &provenance, Tone::Muted, inner));
    let tried = scene.app.tracked().iter().filter(|t| t.alert_key().as_ref() == Some(&known.key));
    for (index, tracked) in tried.enumerate() {
        let (text, tone) = banner::stage(scene, tracked);
        let text = format!("{}: {text}", tracked.attempt.deed.word());
        lines.extend(labelled(if index == 0 { "done here" } else { "" }, &text, tone, inner));
    }
    for (index, record) in scene.app.dealt_elsewhere(&known.key).enumerate() {
        let Attempt { deed, operator, host, reason, asked_at, .. } = &record.attempt;
        let at = time::clock(scene, record.done_at.unwrap_or(*asked_at));
        let why = if reason.is_empty() { String::new() } else { format!(" (\"{reason}\")") };
        let text = format!("{operator} at {host}, {at}: {}{why}", deed.word());
        lines.extend(labelled(if index == 0 { "done by" } else { "" }, &text, Tone::Text, inner));
    }
    lines
}

fn keys(scene: &Scene<'_>, known: &KnownAlert) -> Vec<Line> {
    let mut keys = vec![footer::hint(scene, Mode::Floor, Action::Explain, "explain")];
    if scene.app.may_command() {
        if known.alert.status == AlertStatus::Active {
            keys.push(footer::hint(scene, Mode::Floor, Action::Acknowledge, "acknowledge"));
        }
        if matches!(known.alert.status, AlertStatus::Active | AlertStatus::Acknowledged) {
            keys.push(footer::hint(scene, Mode::Floor, Action::Resolve, "resolve"));
        }
    }
    keys
}
