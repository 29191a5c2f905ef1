//! The supervisor's desk: keys in, frames out, one message at a time.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::keys::{self, Read};
use super::reading::Reading;
use super::world::World;
use super::{colour_choice, symbols};
use crate::app::{App, Effect, Message, Page, Question, Setup, Station};
use crate::args::Common;
use crate::clock::{Clock, RunClock};
use crate::command::Authority;
use crate::config::{Config, Operator};
use crate::headless::Failure;
use crate::keymap::Keymap;
use crate::model::Report;
use crate::terminal::{
    Frame, Frames, Input, InputEvent, Signal, StopSignal, Terminal, colours, signals,
};
use crate::theme::{Symbols, Theme};
use crate::{ui, view};

/// Keys that may wait to be taken in; a paste of a novel must not grow memory.
const WAITING_KEYS: usize = 256;

/// What is taken in for one picture at most: a flood of keys must not keep it from being drawn.
const AT_ONCE: usize = 256;

/// How often the picture follows the clock.
const TICK: Duration = Duration::from_secs(1);

/// Everything between the keys and the frames.
pub(super) struct Desk {
    app: App,
    keymap: Keymap,
    theme: Theme,
    symbols: Symbols,
    colour: crate::args::Color,
    run_clock: RunClock,
    /// What is shown and kept goes by it.
    clock: Clock,
    size: (u16, u16),
    /// What stands on the screen; none when it has to be drawn whatever it shows.
    drawn: Option<view::Screen>,
    /// How long the question on the screen has stood there.
    reading: Reading<Question>,
    /// Whether a source has reported since the floor's queues were last looked at.
    reported: bool,
}

/// Why the loop ended.
enum End {
    Quit,
    Stopped(StopSignal),
}

/// One thing that happened.
enum Happening {
    Signal(Signal),
    Input(Option<InputEvent>),
    Gone,
    Message(Message),
    /// The question has been written to the terminal, or has stood there for long enough.
    Read,
    /// As its source told it, by the steady clock.
    Report(Box<Report>),
    Tick,
}

impl Desk {
    /// A desk that has not touched the terminal yet.
    ///
    /// # Errors
    /// When the theme cannot be used, with everything that is wrong with it.
    pub(super) fn new(config: &Config, common: &Common, clock: RunClock) -> Result<Self, Failure> {
        let usage = |error: String| Failure::Usage(error);
        let chosen = common.theme.as_ref().or(config.theme.as_ref());
        let chosen = chosen.map_or(Theme::NAMES[0], String::as_str);
        let theme = Theme::load(chosen).map_err(|error| usage(error.to_string()))?;
        let keymap = Keymap::embedded().map_err(|error| usage(error.to_string()))?;
        let station = match (common.kiosk, common.read_only) {
            (true, _) => Station::Kiosk,
            (_, true) => Station::ReadOnly,
            _ => Station::Desk,
        };
        let others = Theme::NAMES.iter().copied().filter(|name| *name != chosen);
        let Operator { login, host } = Operator::here();
        let setup = Setup {
            limits: config.limits(),
            station,
            rotate: TimeDelta::from_std(config.kiosk.rotate).unwrap_or(TimeDelta::MAX),
            names: config.kiosk.names,
            operator: login,
            host,
            themes: std::iter::once(chosen).chain(others).map(str::to_owned).collect(),
        };
        let authority = Authority::grant(common.read_only, common.kiosk);
        Ok(Self {
            app: App::new(config.floor(Vec::new()), setup, authority),
            keymap,
            theme,
            symbols: symbols(common),
            colour: common.color,
            clock: clock.shown(),
            run_clock: clock,
            size: (0, 0),
            drawn: None,
            reading: Reading::default(),
            reported: false,
        })
    }

    /// Runs until it is left, a signal ends it, or the terminal is gone.
    pub(super) async fn run(
        mut self,
        config: &Config,
        terminal: Terminal,
    ) -> Result<ExitCode, Failure> {
        let failed =
            |error: std::io::Error| Failure::NotDone(format!("the terminal failed: {error}"));
        self.size = terminal.size().map_err(failed)?;
        // A signal may come with the first frame: the terminal is given back then, too.
        let mut signals = signals(Some(terminal.clone())).map_err(failed)?;
        let (gone, mut is_gone) = mpsc::channel(1);
        let profile = colours(colour_choice(self.colour));
        let mut frames = Frames::start(terminal.clone(), profile, move |_| {
            let _ = gone.try_send(());
        })
        .map_err(failed)?;
        // An honest first frame before anything that may take its time.
        self.draw(self.clock.now(), &frames);
        let (key, mut keys) = mpsc::channel(WAITING_KEYS);
        let input = Input::start(key).map_err(failed)?;
        let mut world = World::open(config, &self.run_clock).await;
        let names: Vec<_> = config.sources.iter().map(|source| source.name.as_str()).collect();
        tracing::info!(
            "watching {}; the times here are this machine's, in the floor's zone",
            names.join(", ")
        );
        for notice in &config.notices {
            tracing::info!("{notice}");
        }
        let mut tick = interval(TICK);
        // After a stall one tick tells the time as well as ten.
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let end = loop {
            let ready_at = self.reading.ready_at().filter(|_| !self.app.is_answerable());
            let event = tokio::select! {
                biased;
                // A channel that has closed is left alone: it would be ready for ever.
                Some(signal) = signals.recv() => Happening::Signal(signal),
                Some(()) = is_gone.recv() => Happening::Gone,
                input = keys.recv() => Happening::Input(input),
                Some(message) = world.messages.recv() => Happening::Message(message),
                Some(report) = world.reports.recv() => Happening::Report(Box::new(report)),
                () = frames.next_written(), if self.reading.waits_for_writing() => Happening::Read,
                Some(()) = reached(ready_at) => Happening::Read,
                _ = tick.tick() => Happening::Tick,
            };
            let mut end = self.take(event, &mut world, &frames, &terminal);
            // What waits already belongs to the same picture, and is judged with it.
            for _ in 1..AT_ONCE {
                if end.is_some() {
                    break;
                }
                let Some(event) = waiting(&mut keys, &mut world) else { break };
                end = self.take(event, &mut world, &frames, &terminal);
            }
            if let Some(end) = end {
                break end;
            }
            let now = self.clock.now();
            self.catch_up(now, &mut world, &frames);
            if std::mem::take(&mut self.reported) {
                world.remember_queues(self.app.live_floor());
            }
            self.draw(now, &frames);
        };
        drop(input);
        frames.close();
        terminal.restore();
        self.tell_unverified(&terminal);
        for effect in self.app.abandon(self.clock.now()) {
            world.carry_out(effect);
        }
        world.close().await;
        Ok(match end {
            End::Quit => ExitCode::SUCCESS,
            End::Stopped(signal) => ExitCode::from(signal.exit_status()),
        })
    }

    /// Says on leaving what nobody will verify, or send, any more.
    fn tell_unverified(&self, terminal: &Terminal) {
        if terminal.is_gone() {
            return;
        }
        let tell = |text: String| {
            let _ = writeln!(std::io::stderr().lock(), "floorwatch: {text}");
        };
        let (waiting, out): (Vec<_>, Vec<_>) =
            self.app.tracked().iter().filter(|t| !t.is_over()).partition(|t| t.is_waiting());
        for tracked in out {
            let name = &tracked.attempt.name;
            tell(match tracked.attempt.deed.alert() {
                None => format!("the logout of {name} was not verified before the end"),
                Some(_) => {
                    let word = tracked.attempt.deed.word();
                    format!("to {word} {name}'s alert was not verified before the end")
                }
            });
        }
        if !waiting.is_empty() {
            let names: Vec<_> = waiting.iter().map(|t| t.attempt.name.as_str()).collect();
            let (count, names) = (names.len(), names.join(", "));
            tell(format!("{count} alerts were not dealt with before the end, of: {names}"));
        }
    }

    /// Takes in what happened; says when it is the end.
    fn take(
        &mut self,
        event: Happening,
        world: &mut World,
        frames: &Frames,
        terminal: &Terminal,
    ) -> Option<End> {
        let message = match event {
            Happening::Signal(Signal::Stop(signal)) => return Some(End::Stopped(signal)),
            Happening::Signal(Signal::Resumed) => {
                self.size = terminal.size().unwrap_or(self.size);
                self.draw_anew(frames);
                return None;
            }
            Happening::Gone | Happening::Input(Some(InputEvent::Gone) | None) => {
                terminal.mark_gone();
                return Some(End::Stopped(StopSignal::Hangup));
            }
            Happening::Input(Some(InputEvent::Event(Event::Resize(width, height), _))) => {
                self.size = (width, height);
                self.reading.begin_anew();
                return None;
            }
            Happening::Input(Some(InputEvent::Event(event, at))) => {
                // A key means what is listed now, and answers the question as it stands now.
                self.catch_up(self.clock.now(), world, frames);
                let drawn = self.drawn.as_ref();
                let visible =
                    drawn.is_some_and(|drawn| !matches!(drawn.body, view::Body::TooSmall(_)));
                let seen = keys::Seen { page: visible, question: self.read_at(at, frames) };
                self.reading.disturb(at);
                keys::message(&self.app, &self.keymap, &event, seen)?
            }
            Happening::Read => return None,
            Happening::Message(message) => message,
            Happening::Report(report) => {
                self.reported = true;
                Message::Report(Box::new(report.moved(self.run_clock.ahead())))
            }
            Happening::Tick => {
                self.look_at_the_clock(world);
                Message::Tick
            }
        };
        let effects = self.app.take_in(message, self.clock.now());
        self.reading.follow(self.app.question().as_ref());
        effects.into_iter().find_map(|effect| self.carry_out(effect, world, frames))
    }

    /// How far the question that is put can have been read at `at`.
    fn read_at(&mut self, at: Instant, frames: &Frames) -> Read {
        self.reading.hear_of(frames.written());
        match self.app.question() {
            Some(question) if self.reading.is_cut_off(&question) => Read::CutOff,
            Some(question) if self.reading.is_read(&question, at) => Read::Whole,
            _ => Read::TooShort,
        }
    }

    /// Draws everything with the next picture: something else has been on the screen.
    fn draw_anew(&mut self, frames: &Frames) {
        self.drawn = None;
        self.reading.begin_anew();
        frames.invalidate();
    }

    /// Follows the machine's clock where somebody has put it right.
    fn look_at_the_clock(&mut self, world: &mut World) {
        let Some(step) = self.run_clock.step() else { return self.app.clock_is_right() };
        if let Some(effect) = self.app.clock_was_set(step, self.clock.now()) {
            self.run_clock.follow(step);
            world.carry_out(effect);
        }
    }

    /// Makes what is listed anew, where something has been taken in since.
    fn catch_up(&mut self, now: DateTime<Utc>, world: &mut World, frames: &Frames) {
        if let Some(effect) = self.app.catch_up(now) {
            self.carry_out(effect, world, frames);
        }
    }

    fn carry_out(&mut self, effect: Effect, world: &mut World, frames: &Frames) -> Option<End> {
        match effect {
            Effect::Quit => return Some(End::Quit),
            Effect::Redraw => self.draw_anew(frames),
            Effect::Suspend => suspend(),
            Effect::UseTheme(name) => match Theme::load(&name) {
                Ok(theme) => {
                    self.theme = theme;
                    self.drawn = None;
                }
                Err(error) => tracing::error!("{error}"),
            },
            effect => world.carry_out(effect),
        }
        None
    }

    /// Draws what the program shows at `now`, for which everybody has been judged, unless it stands on the
    /// screen already.
    fn draw(&mut self, now: DateTime<Utc>, frames: &Frames) {
        let (width, height) = self.size;
        let is_asked = self.app.question().is_some();
        let answerable = !is_asked || self.read_at(Instant::now(), frames) == Read::Whole;
        if answerable != self.app.is_answerable() {
            self.app.take_in(Message::Answerable(answerable), now);
        }
        let screen = |app: &App| view::screen(app, &self.keymap, self.symbols, now, width, height);
        let mut picture = screen(&self.app);
        let scroll = picture.overlay.as_ref().map_or(0, |panel| panel.scroll_limit);
        let (rows, scroll) = (picture.list_rows, scroll);
        if (rows, scroll) != self.app.room() {
            self.app.update(Message::Room { rows, scroll }, now);
            picture = screen(&self.app);
        }
        let question = self.app.question();
        // The log's lines are its logger's: the page says nothing of them.
        let is_drawn = self.app.page() != Page::Log && self.drawn.as_ref() == Some(&picture);
        if is_drawn && self.reading.is_showing(question.as_ref()) {
            return;
        }
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        ui::render(&mut buffer, area, &picture, &self.theme);
        let generation = frames.show(Frame { buffer, cursor: None });
        let is_whole = picture.overlay.as_ref().is_some_and(|panel| panel.complete);
        self.reading.shows(question, is_whole, generation);
        self.drawn = Some(picture);
    }
}

/// As the shell's Ctrl-Z would: the signal's own task gives the terminal back and takes it again.
fn suspend() {
    let own = rustix::process::getpid();
    if let Err(error) = rustix::process::kill_process(own, rustix::process::Signal::TSTP) {
        tracing::warn!("the program cannot be stopped: {error}");
    }
}

/// Waits until `at`; nothing where there is no such moment.
async fn reached(at: Option<Instant>) -> Option<()> {
    sleep_until(at?).await;
    Some(())
}

/// What can be taken in without waiting.
fn waiting(keys: &mut mpsc::Receiver<InputEvent>, world: &mut World) -> Option<Happening> {
    if let Ok(input) = keys.try_recv() {
        return Some(Happening::Input(Some(input)));
    }
    if let Ok(message) = world.messages.try_recv() {
        return Some(Happening::Message(message));
    }
    world.reports.try_recv().ok().map(|report| Happening::Report(Box::new(report)))
}
