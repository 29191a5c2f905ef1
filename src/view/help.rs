//! The help: what the signs mean, every key, and the words that need explaining.

use unicode_width::UnicodeWidthStr;

use super::panel::{self, Panel};
use super::scene::Scene;
use super::state;
use super::text::Line;
use crate::keymap::Mode;
use crate::rules::words;
use crate::theme::Tone;

/// The widest the help becomes.
const WIDTH: usize = 92;

/// What the words on the screen mean, each in a sentence or two.
const WORDS: [(&str, &str); 21] = [
    ("sources", "\"live 3s, next 2s\": what it says is 3 s old, and it is asked again in 2 s."),
    (
        "time",
        "Time in the state, in the source's own clock; ~ means that it stands still because \
        nothing current confirms the state.",
    ),
    (
        "stale",
        "True once; the source, or its list, does not confirm it now. 26~3 in the first line: 26 are \
        confirmed, 3 are not.",
    ),
    (
        "by log",
        "The dialer's monitor is silent; its log says so, and cannot tell who is ready from who is on a \
        contact.",
    ),
    (
        "marks",
        "- nothing is known, or there is none. ? it cannot be said now. ~25s, ~12: as old as that, \
        or last known so. !25s: the last attempt to count failed. !!4 !2 in the first line: so many \
        people want you, or an eye on them.",
    ),
    (
        "reading back",
        "CxEngage tells what happened, not what is: the last 12 hours are read back window by \
        window, and who began earlier than that is unknown.",
    ),
    (
        "log",
        "Beside a dialer's monitor its log is read: \"log 3/7\" while it is read back, \"log cut\" where \
        it is known not to be all; see the agent's page. It has no calls: \"ready\" there may be one.",
    ),
    (
        "DENIED",
        "Wrong or expired credentials, or a missing permission; see the log for all of it. It is asked \
        again ever more slowly, at most every five minutes, for a permission hourly. NOT SET: there \
        is no credential to ask with.",
    ),
    ("gone?", "The source lists the agent no longer and reported no logout."),
    ("conflict", "Two phone systems differ for longer than the slower one's lag explains."),
    (
        "evidence",
        "observed: the source says so. derived: computed from several of its fields. \
        inferred: concluded from what it does not say. stale: see above.",
    ),
    (
        "adherence",
        "ok, OUT, held (a scheduled break that a call delays), within grace (OUT for less than \
        the grace), ? (cannot be said now), by the WFM's own word while it is current, else by the schedule \
        file. Its page says what it is: late, left \
        early, off for lunch (logged off for it), over-break, unsched. break, wrong state.",
    ),
    (
        "figures",
        "Occ (occupancy) is handle time / (handle time + available), Util (utilization) handle time / \
        logged-in time, of the floor's day, all systems together. ~83%: known of less than 80 % of the \
        time that it is about, or nothing confirms what goes on now; see why. \"adherent 23/30\" is a \
        head count.",
    ),
    (
        "lost",
        "Vanished (left a list without a logout) or forgotten (6 hours or more in one state): listed for \
        the rest of the day.",
    ),
    (
        "explain",
        "Each rule in a sentence, what went in with source and age, the arithmetic, and the key of the \
        config that governs it.",
    ),
    (
        "drop rate",
        "dropped / (answered + dropped), since the vendor's midnight. An indicator, not \
        compliance evidence: the vendor's \"answered\" may include machines, and the rule counts \
        30 days.",
    ),
    (
        "alerts",
        "What is on its way is shown as done and marked with dots until a reading confirms it. 500+: \
        the WFM sent as many as it sends at once. ~5: so many when they were last read.",
    ),
    (
        "strip",
        "A row a source: the letter of what fills most of a cell; a dot is time of which nobody knows \
        anything. Beneath it what is scheduled.",
    ),
    (
        "sip.io",
        "Gives sums, not states: what somebody does is concluded from what grew, and marked inferred.",
    ),
    ("CxEngage", "Has no wrap-up and no logout, and is 15 to 35 s behind."),
    (
        "impossible",
        "Listening, whispering, barging in and setting any other state cannot be done \
        through these systems' interfaces, so there are no keys for them.",
    ),
];

/// The help, from line `scroll` on.
pub(super) fn panel(scene: &Scene<'_>, scroll: usize) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let mut lines = legend(scene, inner);
    lines.extend(keys(scene));
    lines.push(Line::default());
    lines.push(Line::of("Words", Tone::Title));
    for (word, meaning) in WORDS {
        lines.extend(panel::labelled(word, meaning, Tone::Text, inner));
    }
    panel::scrolled(scene, "Help", lines, inner, scroll, vec![])
}

/// Shape, letter and word of every state.
fn legend(scene: &Scene<'_>, inner: usize) -> Vec<Line> {
    let mut lines = vec![Line::of("States", Tone::Title)];
    let mut line = Line::default();
    for kind in state::KINDS {
        let text = format!("{} {}", state::mark(scene, kind), words::kind(kind));
        // A word that is too long for a column takes two.
        let width = (text.width() + 1).next_multiple_of(16);
        if line.width() + width > inner {
            lines.push(std::mem::take(&mut line));
        }
        let gap = " ".repeat(width - text.width());
        line.push(format!("{text}{gap}"), state::tone(kind));
    }
    lines.push(line);
    let conflict = scene.symbols.conflict();
    lines.push(
        Line::of(" !", Tone::Warn)
            .with(" wants an eye on it  ", Tone::Text)
            .with("!!", Tone::Critical)
            .with(" wants you  ", Tone::Text)
            .with(conflict, Tone::Conflict)
            .with(" sources differ  ~ not confirmed", Tone::Text),
    );
    lines
}

/// Every key, from the keymap.
fn keys(scene: &Scene<'_>) -> Vec<Line> {
    let modes = [
        (Mode::Floor, "Keys in the lists"),
        (Mode::Prompt, "Keys in a question"),
        (Mode::Text, "Keys while typing"),
        (Mode::Always, "Keys everywhere"),
    ];
    let mut lines = Vec::new();
    for (mode, title) in modes {
        lines.push(Line::default());
        lines.push(Line::of(title, Tone::Title));
        for binding in scene.keymap().bindings().iter().filter(|binding| binding.mode == mode) {
            let keys = scene.keys(mode, binding.action).unwrap_or_default();
            lines.push(
                Line::of(format!("{keys:<12}"), Tone::Key).with(binding.does.clone(), Tone::Text),
            );
        }
    }
    lines
}
