//! The rows of a screen held against the truth.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::simulator::Target;

use super::case::{Case, Kind};
use super::chronicle::{Chronicle, Person, STEP, Said, Standing};
use super::flags;
use super::frame::{Frame, Row, Source};
use super::run::{DIALER_POLL, POLL, Run};
use super::sums;

/// From an answer to the screen, on a machine that has other things to do.
const DRAWN_WITHIN: TimeDelta = TimeDelta::seconds(1);

/// Seconds are cut off, in an answer and on the screen, and a server's clock is known to half of one.
const ROUNDED: TimeDelta = TimeDelta::seconds(2);

/// What a vendor documents of its own delay.
const CX_DELAY: TimeDelta = TimeDelta::seconds(35);
const SIP_DELAY: TimeDelta = TimeDelta::seconds(30);

/// What one of the systems would have said.
type Word = fn(&Standing) -> Option<&Said>;

/// Something that was said and is not so.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// What kind of thing.
    pub what: &'static str,
    pub at: DateTime<Utc>,
    /// What is said, and what is so.
    pub said: String,
    pub so: String,
    /// The screen on which it was said.
    pub screen: String,
}

/// One run being judged.
pub struct Judge<'a> {
    pub case: &'a Case,
    pub run: &'a Run,
    pub chronicle: &'a Chronicle,
    pub wrong: Vec<Wrong>,
    /// Everybody's row when it had no mark last.
    pub unmarked: BTreeMap<String, Row>,
    /// When each source was called live last, and how old what it said was.
    pub live: BTreeMap<String, (DateTime<Utc>, TimeDelta)>,
    /// The reason that was last shown of an absence, and when that had begun.
    pub reasons: BTreeMap<String, (String, DateTime<Utc>)>,
}

/// One person's row on one screen, with the truth as far as its sources reach back.
pub struct Seen<'a> {
    pub frame: &'a Frame,
    pub row: &'a Row,
    pub person: &'a Person,
    /// How they stood while what is shown may have been so.
    pub then: Vec<(DateTime<Utc>, &'a Standing)>,
    /// What the sources that are live would have said meanwhile, each with its instant.
    pub told: Vec<&'a Said>,
    /// How far a beginning may be off.
    pub tolerance: TimeDelta,
}

impl<'a> Judge<'a> {
    pub fn new(case: &'a Case, run: &'a Run, chronicle: &'a Chronicle) -> Self {
        Self {
            case,
            run,
            chronicle,
            wrong: Vec::new(),
            unmarked: BTreeMap::new(),
            live: BTreeMap::new(),
            reasons: BTreeMap::new(),
        }
    }

    /// Judges every screen.
    pub fn look(&mut self) {
        let (run, chronicle) = (self.run, self.chronicle);
        for frame in &run.frames {
            for (name, source) in &frame.sources {
                if let Source::Live(age) = source
                    && frame.is_told_by(name)
                {
                    self.live.insert(name.clone(), (frame.at, *age));
                }
            }
            self.sources(frame);
            sums::judge(self, frame);
            for person in &chronicle.people {
                match frame.row(&person.name) {
                    Some(row) => self.row(frame, row, person),
                    None => {
                        self.add("a person is missing", frame, person.name.clone(), String::new())
                    }
                }
            }
        }
        if let Some(frame) = &run.abandoned {
            let said = "a source that answers again is not asked again".to_owned();
            self.add("no healing by itself", frame, said, String::new());
        }
    }

    pub fn add(&mut self, what: &'static str, frame: &Frame, said: String, so: String) {
        let screen = frame.text.clone();
        self.wrong.push(Wrong { what, at: frame.at, said, so, screen });
    }

    /// How `target` is at `at`, as long as anything of it may still be felt.
    pub fn kind(&self, target: Target, at: DateTime<Utc>) -> Option<Kind> {
        self.case.kind(target).filter(|_| at >= self.run.sick)
    }

    /// Whether the source has told nothing for so long that what it said last cannot be current.
    fn tells_nothing(&self, target: Target, at: DateTime<Utc>) -> bool {
        let poll = if target == Target::Convoso { DIALER_POLL } else { POLL };
        let Some(kind) = self.kind(target, at).filter(|kind| kind.tells_nothing()) else {
            return false;
        };
        let silence = (poll * 3).max(TimeDelta::seconds(10));
        let noticed = match kind {
            Kind::Hanging | Kind::Slow => silence,
            Kind::Silent | Kind::Denied | Kind::Empty => poll,
        };
        // A window in which nobody changed is empty, and that is a right answer.
        let says_so = kind != Kind::Empty || target != Target::CxEngage;
        let (from, until) = (self.run.sick + noticed + ROUNDED, self.run.cured);
        says_so && from + DRAWN_WITHIN <= at && at < until
    }

    /// No source may be called live that has said nothing for so long.
    fn sources(&mut self, frame: &Frame) {
        let named = [
            (Target::Convoso, "dialer"),
            (Target::CxEngage, "cx"),
            (Target::SipIo, "sip"),
            (Target::Wfm, "wfm"),
        ];
        for (target, name) in named {
            let is_empty = self.kind(target, frame.at) == Some(Kind::Empty);
            if !is_empty && self.tells_nothing(target, frame.at) && frame.is_told_by(name) {
                let so = format!("{name} has told nothing since {}", self.run.sick);
                self.add("a source is called live", frame, name.to_owned(), so);
            }
        }
    }

    fn row(&mut self, frame: &Frame, row: &Row, person: &Person) {
        let seen = self.seen(frame, row, person);
        let wrong = if !row.is_sure() || row.activity == "unknown" {
            self.needless(&seen)
        } else {
            self.state(&seen)
        };
        let flagged = flags::judge(self, &seen);
        for (what, so) in wrong.into_iter().chain(flagged) {
            self.add(what, frame, format!("{row:?}"), so);
        }
        let began = row.time.map(|time| frame.at - time);
        if let Some(began) = began.filter(|_| row.activity == "away" && row.word != "away") {
            self.reasons.insert(person.name.clone(), (row.word.clone(), began));
        }
        if row.is_sure() {
            self.unmarked.insert(person.name.clone(), row.clone());
        }
    }

    fn seen(&self, frame: &'a Frame, row: &'a Row, person: &'a Person) -> Seen<'a> {
        // Rows may be a moment older than the line of a source that has just turned silent.
        let age = |source: &str| {
            let (at, age) = self.live.get(source)?;
            (frame.at - *at <= DRAWN_WITHIN).then_some(*age + TimeDelta::seconds(1))
        };
        let sources: [(Option<TimeDelta>, Word); 3] = [
            (age("dialer").map(|age| age.max(DIALER_POLL)), |then| then.dialer.as_ref()),
            (age("cx").map(|age| age.max(CX_DELAY + POLL)), |then| then.cx.as_ref()),
            (age("sip").map(|age| age.max(SIP_DELAY + POLL)), |then| then.sip.as_ref()),
        ];
        // The truth is known by steps, and what began within one may be on the screen already.
        let until = frame.at + STEP;
        let back = |delay: TimeDelta| until - delay - ROUNDED - DRAWN_WITHIN;
        let (mut told, mut reach, mut by_dialer) = (Vec::new(), TimeDelta::zero(), false);
        let is_told_by_dialer = frame.is_told_by("dialer");
        for (place, (delay, said)) in sources.into_iter().enumerate() {
            let Some(delay) = delay else { continue };
            let then = self.chronicle.of_person(person, back(delay), until);
            let said: Vec<_> = then.filter_map(|(_, then)| said(then)).collect();
            // Who is read of at the dialer is known by it; only a call of their own is told elsewhere.
            let adds = |said: &&&Said| !by_dialer || place == 2 && said.activity == "on_contact";
            let said: Vec<_> = said.iter().filter(adds).copied().collect();
            if !said.is_empty() {
                reach = reach.max(delay);
            }
            by_dialer |= place == 0 && is_told_by_dialer && !said.is_empty();
            told.extend(said);
        }
        let half_of_a_slow_answer = match self.kind(Target::Convoso, frame.at) {
            Some(Kind::Slow) => TimeDelta::seconds(3),
            _ => TimeDelta::zero(),
        };
        let tolerance =
            if by_dialer { ROUNDED * 2 + half_of_a_slow_answer } else { SIP_DELAY + POLL * 2 };
        let then = self.chronicle.of_person(person, back(reach), until).collect();
        Seen { frame, row, person, then, told, tolerance }
    }

    /// What is wrong with a state that stands there as true.
    fn state(&self, seen: &Seen<'_>) -> Option<(&'static str, String)> {
        let Seen { row, told, person, .. } = seen;
        if let Some(silent) = self.is_told_by_nobody(seen) {
            return Some(("a state of whom nobody tells has no mark", silent));
        }
        if told.is_empty() {
            let so = "no source that would know them is live".to_owned();
            return Some(("a state of whom nobody tells has no mark", so));
        }
        let by_dialer = self.is_by_dialer(seen);
        if !by_dialer && self.is_beyond_cx(seen) {
            return None;
        }
        let same: Vec<_> = told.iter().filter(|said| said.activity == row.activity).collect();
        if same.is_empty() {
            // Only sip.io knows that a telephone is gone, and the truth has no other word then.
            let is_unreachable = told.iter().any(|said| said.activity == "unreachable");
            return (!is_unreachable).then(|| ("a state", story(seen)));
        }
        let began = row.time.map(|time| seen.frame.at - time)?;
        let is_near = |said: &&&Said| (said.since - began).abs() <= seen.tolerance;
        let is_wrong = by_dialer && !person.cx_is_wrong && !same.iter().any(is_near);
        is_wrong.then(|| ("a time in a state", format!("since {began} is said\n{}", story(seen))))
    }

    /// Whoever a source that is well tells of is known, without any mark.
    fn needless(&self, seen: &Seen<'_>) -> Option<(&'static str, String)> {
        let (target, name) = match seen.then.last()?.1 {
            Standing { dialer: Some(_), .. } => (Target::Convoso, "dialer"),
            Standing { cx: Some(_), .. } => (Target::CxEngage, "cx"),
            _ => (Target::SipIo, "sip"),
        };
        let is_well = self.kind(target, seen.frame.at).is_none()
            || seen.frame.at > self.run.cured + POLL * 2 && seen.frame.is_well();
        let is_gone = |then: &Standing| then.cx.as_ref().is_none_or(|cx| cx.activity == "offline");
        let beyond = name == "cx" && seen.then.iter().any(|(_, then)| is_gone(then));
        // Counters may tell that two states have been, and not which of them is the last one.
        let beyond = beyond || name == "sip" && seen.row.word != "unknown";
        let is_needless = is_well && seen.frame.is_told_by(name) && !beyond;
        is_needless.then(|| ("a doubt about whom a live source tells of", story(seen)))
    }

    /// Whether all the systems that know them are silent.
    fn is_told_by_nobody(&self, seen: &Seen<'_>) -> Option<String> {
        let then = seen.then.last()?.1;
        let seats = [
            (Target::Convoso, then.dialer.is_some()),
            (Target::CxEngage, then.cx.is_some()),
            (Target::SipIo, then.sip.is_some()),
        ];
        let mut known = seats.into_iter().filter(|(_, has)| *has).map(|(target, _)| target);
        known
            .all(|target| self.tells_nothing(target, seen.frame.at))
            .then(|| format!("{:?} since {}\n{}", self.case, self.run.sick, story(seen)))
    }

    pub fn is_by_dialer(&self, seen: &Seen<'_>) -> bool {
        seen.frame.is_told_by("dialer") && seen.then.iter().any(|(_, then)| then.dialer.is_some())
    }

    /// CxEngage has no logout, nobody but it may know what it is wrong about, and where it says that
    /// nobody has changed nobody can know better.
    pub fn is_beyond_cx(&self, seen: &Seen<'_>) -> bool {
        let is_gone = |then: &Standing| then.cx.as_ref().is_some_and(|cx| cx.activity == "offline");
        seen.person.cx_is_wrong
            || self.kind(Target::CxEngage, seen.frame.at) == Some(Kind::Empty)
            || seen.then.iter().any(|(_, then)| is_gone(then))
    }
}

/// What was so meanwhile, every change once.
pub fn story(seen: &Seen<'_>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut last = None;
    for (at, then) in &seen.then {
        if last != Some(*then) {
            lines.push(format!("  {at}: {then:?}"));
            last = Some(*then);
        }
    }
    format!("{} ({}):\n{}", seen.person.name, seen.person.id, lines.join("\n"))
}
