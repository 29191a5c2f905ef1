//! One run of the real program through a fault and out of it again, and everything that it drew.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::simulator::{Options, Pace};

use super::case::Case;
use super::frame::Frame;
use super::queues::QueuesFrame;
use crate::centre::Centre;
use crate::terminal::Terminal;

/// How long everything is well before the fault, how long the fault lasts, and how long everything has
/// been well again when it is over.
const BEFORE: TimeDelta = TimeDelta::seconds(6);
const FAULT: TimeDelta = TimeDelta::seconds(35);
const AFTERWARDS: TimeDelta = TimeDelta::seconds(10);

/// How long the page of queues is looked at during the fault.
const AT_QUEUES: TimeDelta = TimeDelta::seconds(4);

/// How long a deviation may last here: short, so that what the fault makes one would soon be told.
pub const GRACE: TimeDelta = TimeDelta::seconds(10);

/// How often the dialer is read, and how often the others.
pub const DIALER_POLL: TimeDelta = TimeDelta::seconds(1);
pub const POLL: TimeDelta = TimeDelta::seconds(5);

/// A source that answers again must have been asked again by then, or the screen says when.
const UNASKED: TimeDelta = TimeDelta::seconds(20);

/// What was drawn, and when what happened.
pub struct Run {
    pub centre: Centre,
    pub begin: DateTime<Utc>,
    pub sick: DateTime<Utc>,
    pub cured: DateTime<Utc>,
    pub frames: Vec<Frame>,
    /// What was drawn while the page of queues was open.
    pub queues: Vec<QueuesFrame>,
    /// The first screen on which a source that is well would never be asked again.
    pub abandoned: Option<Frame>,
}

impl Run {
    pub fn of(case: &Case) -> Self {
        let centre = Centre::start(Options { agents: 40, pace: Pace::Brisk, ..Options::default() });
        let faster = "poll = \"1s\"\nmax_requests_per_minute = 600\nhistory_poll = \"10s\"";
        let grace = "\n[adherence]\ngrace = \"10s\"\n";
        centre.edit_config(|text| {
            let text = text.replace("poll = \"15s\"", "poll = \"5s\"");
            text.replace("poll = \"3s\"", faster) + grace
        });
        let mut terminal = Terminal::sized(&centre, &[], 260, 64);
        let begin = Utc::now();
        let mut frames = Vec::new();
        watch(&terminal, "every source live", &mut frames, |frame| frame.is_well());
        frames.clear();
        acknowledge_the_oldest(&mut terminal);
        let settled = Utc::now() + BEFORE;
        watch(&terminal, "a well floor", &mut frames, |frame| frame.at >= settled);
        let sick = Utc::now();
        for (target, kind) in case.sick() {
            centre.fault(*target, kind.fault(*target));
        }
        watch(&terminal, "the fault", &mut frames, |frame| frame.at >= sick + FAULT / 2);
        let queues = look_at_queues(&mut terminal);
        watch(&terminal, "the fault", &mut frames, |frame| frame.at >= sick + FAULT);
        let cured = Utc::now();
        centre.running.faults().clear();
        let abandoned = recover(&mut terminal, cured, &mut frames);
        Self { centre, begin, sick, cured, frames, queues, abandoned }
    }

    /// The journal that the program keeps.
    pub fn journal(&self) -> PathBuf {
        let kept = self.centre.home.path().join("state/floorwatch");
        let files = std::fs::read_dir(kept).unwrap().map(|file| file.unwrap().path());
        let is_journal = |path: &PathBuf| path.extension().is_some_and(|end| end == "sqlite");
        files.into_iter().find(is_journal).unwrap()
    }
}

/// Keeps every screen until one is as `wanted`.
fn watch(
    terminal: &Terminal,
    what: &str,
    frames: &mut Vec<Frame>,
    wanted: impl Fn(&Frame) -> bool,
) {
    terminal.watch(what, |screen, at| {
        let frame = Frame::read(screen, at)?;
        let enough = wanted(&frame);
        frames.push(frame);
        enough.then_some(())
    });
}

/// Acknowledges the alerts that have stood longest: two people on a break that nobody scheduled so long.
fn acknowledge_the_oldest(terminal: &mut Terminal) {
    terminal.keys("4");
    terminal.wait_until("an alert of the program's own", |screen| {
        let text = screen.contents();
        text.lines().any(|line| line.contains("unscheduled break") && line.contains("floorwatch"))
    });
    terminal.keys("Ga");
    terminal.wait_for("Acknowledge ");
    terminal.wait_until_answerable();
    terminal.keys("\r");
    terminal.wait_for("confirmed");
    terminal.keys("1");
}

/// Opens the page of queues for a few seconds.
fn look_at_queues(terminal: &mut Terminal) -> Vec<QueuesFrame> {
    terminal.keys("2");
    let mut queues: Vec<QueuesFrame> = Vec::new();
    let until = Utc::now() + AT_QUEUES;
    terminal.watch("the page of queues", |screen, at| {
        queues.extend(QueuesFrame::read(screen, at));
        (!queues.is_empty() && at >= until).then_some(())
    });
    terminal.keys("1");
    queues
}

/// Waits until everything has been well for a while. A source that would never be asked again is asked
/// for by hand, so that the rest can be looked at; the screen that said so comes back.
fn recover(
    terminal: &mut Terminal,
    cured: DateTime<Utc>,
    frames: &mut Vec<Frame>,
) -> Option<Frame> {
    let mut abandoned = None;
    let (mut well_since, mut asked) = (None, false);
    loop {
        let given_up = terminal.watch("everything well again", |screen, at| {
            let frame = Frame::read(screen, at)?;
            let is_well = frame.is_well();
            well_since = well_since.filter(|_| is_well).or(is_well.then_some(at));
            let given_up = !asked && at > cured + UNASKED && is_given_up(&frame);
            frames.push(frame);
            let is_over = well_since.is_some_and(|since| at - since >= AFTERWARDS);
            (is_over || given_up).then_some(given_up)
        });
        if !given_up {
            return abandoned;
        }
        abandoned = frames.last().cloned();
        terminal.keys("R");
        asked = true;
    }
}

/// Whether something is in trouble, and only a key makes it be asked again.
fn is_given_up(frame: &Frame) -> bool {
    let header = frame.text.lines().take_while(|line| !line.contains("1 Agents"));
    header.into_iter().any(|line| line.contains("asks again") && !line.contains(", next "))
}
