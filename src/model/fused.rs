//! A person's past by all sources together.
//!
//! At every instant the sources are judged by the rules of the headline. Three things are different
//! where it is about the past: what no source tells is unknown, and never the last thing known; a
//! dialer's log, which has no word for a call, tells who is logged out and no more; and a WFM never speaks for
//! somebody whom a telephony system knows, also where that one is silent.

use chrono::{DateTime, TimeDelta, Utc};

use super::fusion::{heard, verdict};
use super::timeline::Piece;
use super::{
    Activity, ActivityKind, AgentKey, AssignedQueues, Doubt, Evidence, Feed, FeedStatus, Floor,
    LONGEST_SILENCE, Layer, Person, Presence, Side, SourceKind, SourceName, Span, Statement,
};

/// A stretch of a person's time in one activity, by all sources together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fused {
    /// When it begins, in our clock.
    pub since: DateTime<Utc>,
    /// When it ends, exclusive.
    pub until: DateTime<Utc>,
    /// The activity; unknown where nobody knows.
    pub activity: Activity,
    /// Where it is unknown, what a dialer's log says all the same, which has no word for a call: ready
    /// is waiting or talking, and so the person was at work, or else was not.
    pub logged: Option<ActivityKind>,
    /// How we know.
    pub evidence: Evidence,
    /// Whose word it is, also where that is a log without calls; none where nobody says anything.
    pub source: Option<SourceName>,
    /// The queues the person sat in, where a source says so.
    pub place: Option<AssignedQueues>,
}

impl Fused {
    /// Whether the person was in no list that would have them: they were not logged in, and may not have
    /// been before either.
    #[must_use]
    pub fn is_not_listed(&self) -> bool {
        self.activity == Activity::Offline && self.evidence == Evidence::Derived
    }

    /// Whether `next` only goes on with it.
    fn goes_on_as(&self, next: &Self) -> bool {
        self.until == next.since
            && self.activity == next.activity
            && self.logged == next.logged
            && self.evidence == next.evidence
            && self.source == next.source
            && self.place == next.place
    }
}

impl Floor {
    /// What `person` did between `from` and `to`, without gaps and overlaps, oldest first: at each
    /// instant the activity that all sources give together, by the rules of the headline. What goes on
    /// by a source that is current at `now` goes on until `now`; what nothing current confirms ends
    /// where it was last confirmed.
    #[must_use]
    pub fn fused(
        &self,
        person: &Person,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Vec<Fused> {
        let keys = person.keys();
        let tracks = keys.iter().filter_map(|key| self.track(person, key, (from, to), now));
        let mut tracks: Vec<_> = tracks.collect();
        let mut fused: Vec<Fused> = Vec::new();
        let mut since = from;
        while since < to {
            tracks.iter_mut().for_each(|track| track.go_to(since));
            // Until then none of them changes.
            let until = tracks.iter().filter_map(|track| track.turn(since)).fold(to, DateTime::min);
            let stretch = stretch(&tracks, (since, until));
            match fused.last_mut() {
                Some(last) if last.goes_on_as(&stretch) => last.until = stretch.until,
                _ => fused.push(stretch),
            }
            since = until;
        }
        fused
    }

    /// What one source tells of `person` between `from` and `to`; none for a source that the floor
    /// does not have.
    fn track(
        &self,
        person: &Person,
        key: &AgentKey,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Option<Track<'_>> {
        let feed = self.feed(&key.source)?;
        let presence = person.presences.iter().find(|p| p.source == key.source);
        let presence = presence.filter(|presence| presence.agent == key.agent);
        let is_current = presence.is_some_and(|p| self.evidence(p, now) != Evidence::Stale);
        let mut track = Track::of(feed);
        track.disbelieved_from = presence.and_then(Presence::disbelieved_from);
        if let Some(past) = self.timeline(key) {
            // Whom this run has not seen itself, an earlier one saw: not later than it last read.
            let last_read = self.watched_by_earlier_runs_until(&key.source);
            let last_read = last_read.filter(|_| presence.is_none());
            let watched = past.watched_until();
            let watched = watched.map(|until| last_read.map_or(until, |read| until.min(read)));
            track.heard = [past.read_until(), watched];
            let log = feed.side(Side::History);
            let log_is_current = match log {
                Some(log) => {
                    feed.status(now) != FeedStatus::Live && log.status(now) == FeedStatus::Live
                }
                None => is_current && feed.kind.is_log(),
            };
            let past = if log_is_current { past.going_on_until(now) } else { past };
            let confirmed = presence.map(|presence| presence.as_of);
            let goes_on = is_current && past.watched_until() == confirmed;
            let past = if goes_on { past.watched_on_until(now) } else { past };
            track.pieces = past.pieces(from, to.min(now));
        }
        if feed.kind.is_telephony() {
            let places = self.places(key, (from, to), is_current.then_some(now));
            track.places = places;
        }
        Some(track)
    }
}

/// One source's part in a person's past.
struct Track<'a> {
    feed: &'a Feed,
    /// What it tells, oldest first, beginning with what held or was known last before.
    pieces: Vec<Piece<'a>>,
    /// How far its log has been read, and its readings have confirmed the agent.
    heard: [Option<DateTime<Utc>>; 2],
    /// From when on what its log says is so old that nobody believes it.
    disbelieved_from: Option<DateTime<Utc>>,
    /// Where the agent sat, oldest first.
    places: Vec<Span<AssignedQueues>>,
    /// How many of the pieces, and of the places, have begun by the instant that is judged.
    begun: [usize; 2],
}

impl<'a> Track<'a> {
    /// One that tells nothing.
    fn of(feed: &'a Feed) -> Self {
        Self {
            feed,
            pieces: Vec::new(),
            heard: [None; 2],
            disbelieved_from: None,
            places: Vec::new(),
            begun: [0; 2],
        }
    }

    /// Goes on to what holds at `at`, which is never before where it is.
    fn go_to(&mut self, at: DateTime<Utc>) {
        let [pieces, places] = &mut self.begun;
        while self.pieces.get(*pieces).is_some_and(|piece| piece.since <= at) {
            *pieces += 1;
        }
        while self.places.get(*places).is_some_and(|span| span.since <= at) {
            *places += 1;
        }
    }

    /// What began last, ended or not, and where the agent sat then.
    fn last(&self) -> (Option<&Piece<'a>>, Option<&Span<AssignedQueues>>) {
        let [piece, place] = self.begun.map(|begun| begun.checked_sub(1));
        (piece.and_then(|at| self.pieces.get(at)), place.and_then(|at| self.places.get(at)))
    }

    /// When it tells otherwise for the first time after `at`, which it has gone to.
    fn turn(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (piece, place) = self.last();
        let [next_piece, next_place] = self.begun;
        let ends = [piece.map(|piece| piece.until), place.and_then(|span| span.until)];
        let next_piece = self.pieces.get(next_piece).map(|piece| piece.since);
        let next_place = self.places.get(next_place).map(|span| span.since);
        let ends = ends.into_iter().flatten().filter(|end| *end > at);
        ends.chain(next_piece).chain(next_place).min()
    }

    /// What the source says of the instant `at`. Of what has ended it says nothing, except that an
    /// observed logout is not undone by silence: that stays as something stale.
    fn statement(&self, at: DateTime<Utc>) -> Option<Statement<'_>> {
        let Piece { since, until, spell, layer } = self.last().0?;
        let has_ended = *until <= at;
        let is_logout = spell.activity == Activity::Offline && spell.evidence == Evidence::Observed;
        if has_ended && !is_logout {
            return None;
        }
        let is_silent_of_calls = self.is_silent_of_calls(*layer, &spell.activity);
        Some(Statement {
            source: &self.feed.name,
            kind: self.feed.kind,
            activity: if is_silent_of_calls { &Activity::Unknown } else { &spell.activity },
            since: Some(*since),
            as_of: self.heard_of(*layer).unwrap_or(*until),
            origin: spell.evidence,
            evidence: if has_ended { Evidence::Stale } else { spell.evidence },
            logged_reason: None,
            may_conflict: self.feed.may_conflict,
            is_not_listed: spell.is_not_listed(),
            is_disbelieved: false,
        })
    }

    /// Whether `activity` is a word of a dialer's log, which has none for a call: whoever is ready there
    /// waits, or talks. What it does know of the same hours, wrap-up or breaks, would stand there without
    /// the work between, and every share of it would be wrong: it counts for who is logged out, else only
    /// beside the schedule.
    fn is_silent_of_calls(&self, layer: Layer, activity: &Activity) -> bool {
        self.feed.kind == SourceKind::Convoso
            && layer == Layer::Recorded
            && !matches!(activity, Activity::Offline | Activity::Unknown)
    }

    /// What a log without calls says of the instant `at`, and whose it is.
    fn logged(&self, at: DateTime<Utc>) -> Option<(ActivityKind, &SourceName)> {
        let piece = self.piece(at)?;
        let activity = &piece.spell.activity;
        let is_silent = self.is_silent_of_calls(piece.layer, activity);
        is_silent.then(|| (activity.kind(), &self.feed.name))
    }

    /// What holds at `at`.
    fn piece(&self, at: DateTime<Utc>) -> Option<&Piece<'a>> {
        self.last().0.filter(|piece| at < piece.until)
    }

    /// Whether what holds at `at` ended at `end`, and the source has been heard of after that.
    fn has_ended(&self, at: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        let piece = self.piece(at).filter(|piece| piece.until == end);
        piece.is_some_and(|piece| self.heard_of(piece.layer).is_some_and(|heard| end < heard))
    }

    /// Whether the source had the agent at work when it was last heard of before `at`, and has not said
    /// what came then.
    fn fell_silent_at_work(&self, at: DateTime<Utc>) -> bool {
        let Some(Piece { until, spell, layer, .. }) = self.last().0 else { return false };
        // Readings tell of everything until the next one: where something ends they end.
        let is_told_of = match layer {
            Layer::Watched => false,
            Layer::Recorded => self.heard_of(*layer).is_some_and(|heard| *until < heard),
        };
        let is_at_work = !matches!(spell.activity, Activity::Offline | Activity::Unknown);
        *until <= at && at - *until < LONGEST_SILENCE && is_at_work && !is_told_of
    }

    /// What a phone system said last that fell silent before `at` and had the agent at work.
    fn last_word(&self, at: DateTime<Utc>) -> Option<Statement<'_>> {
        let Piece { since, until, spell, .. } = self.last().0?;
        let is_silent = self.feed.kind.is_telephony() && self.fell_silent_at_work(at);
        is_silent.then(|| Statement::last_word(self.feed, spell, *since, *until))
    }

    /// How far the source has been heard of the agent in one layer.
    fn heard_of(&self, layer: Layer) -> Option<DateTime<Utc>> {
        let [read, watched] = self.heard;
        match layer {
            Layer::Recorded => read,
            Layer::Watched => watched,
        }
    }

    /// Whether what it says of the instant `at` may have been at another.
    fn is_somewhere(&self, at: DateTime<Utc>) -> bool {
        self.piece(at).is_some_and(|piece| piece.spell.doubt == Some(Doubt::Order))
    }

    /// The queues the agent sat in at `at`.
    fn place(&self, at: DateTime<Utc>) -> Option<&AssignedQueues> {
        let span = self.last().1?;
        span.until.is_none_or(|until| at < until).then_some(&span.value)
    }
}

/// For so long at most two systems may tell one and the same change at two instants: one counts whole
/// seconds, the other is read every few.
pub const ONE_CHANGE: TimeDelta = TimeDelta::seconds(3);

/// Whose word counts at `at` where telephony systems that differ do so for a moment only: they tell of
/// one change, and if the busier word won each time, every call would be longer than anybody saw. It is
/// that of the system with the finest words for it, by the finest clock. None where nobody differs, or
/// for longer, or it is not known yet how long.
fn teller(
    tracks: &[Track<'_>],
    statements: &[Statement<'_>],
    at: DateTime<Utc>,
) -> Option<SourceName> {
    let mut telephony = tracks.iter().filter(|track| track.feed.kind.is_telephony());
    telephony.nth(1)?; // one alone cannot differ
    let telling = |track: &&Track<'_>| {
        let says = |s: &&Statement<'_>| s.source == &track.feed.name && s.kind.is_telephony();
        statements.iter().find(says).is_some_and(Statement::is_fresh)
    };
    let telling: Vec<_> = tracks.iter().filter(telling).collect();
    let pieces: Vec<_> = telling.iter().filter_map(|track| track.piece(at)).collect();
    let kind = pieces.first()?.spell.activity.kind();
    if pieces.iter().all(|piece| piece.spell.activity.kind() == kind) {
        return None;
    }
    let began = pieces.iter().map(|piece| piece.since).max()?;
    let ended = pieces.iter().map(|piece| piece.until).min()?;
    // Only what a source has told of since is known to be over.
    let is_over = telling.iter().any(|track| track.has_ended(at, ended));
    let is_moment = is_over && ended - began <= ONE_CHANGE;
    let fineness = |track: &&&Track<'_>| match track.feed.kind {
        SourceKind::SipIo => 2,
        SourceKind::Convoso => 1,
        SourceKind::CxEngage | SourceKind::Wfm => 0,
    };
    let finest = telling.iter().max_by_key(fineness).filter(|_| is_moment);
    finest.map(|track| track.feed.name.clone())
}

/// What counts of `statements` at `at`, where one follows from a list that never had the person: the
/// rules of the headline, for whom another source says nothing of any more.
fn beside_not_listed<'a>(
    mut statements: Vec<Statement<'a>>,
    tracks: &[Track<'_>],
    at: DateTime<Utc>,
) -> Vec<Statement<'a>> {
    let is_disbelieved = |track: &Track<'_>| track.disbelieved_from.is_some_and(|from| from <= at);
    for track in tracks.iter().filter(|track| is_disbelieved(track)) {
        statements.retain(|s| *s.source != track.feed.name);
    }
    let is_held = tracks.iter().any(|track| track.fell_silent_at_work(at));
    let mut heard = heard(&statements).into_owned();
    heard.retain(|s| !s.is_not_listed || !is_held);
    heard
}

/// What all sources together say of a stretch of time in which none of them changes.
fn stretch(tracks: &[Track<'_>], (since, until): (DateTime<Utc>, DateTime<Utc>)) -> Fused {
    let said = match tracks {
        // Nobody can contradict it; most people have one source.
        [only] => {
            let said = only.statement(since).filter(Statement::is_fresh);
            said.map(|said| (said.activity.clone(), said))
        }
        _ => said_together(tracks, since),
    };
    let place = place(tracks, since);
    let logged = match said {
        Some(_) => None,
        None => tracks.iter().find_map(|track| track.logged(since)),
    };
    let (activity, evidence, source) = match said {
        Some((activity, by)) => (activity, by.evidence, Some(by.source.clone())),
        None => (Activity::Unknown, Evidence::Inferred, logged.map(|(_, by)| by.clone())),
    };
    let logged = logged.map(|(kind, _)| kind);
    Fused { since, until, activity, logged, evidence, source, place }
}

/// Where the person sat at `at`: in the queues of every system that says so.
fn place(tracks: &[Track<'_>], at: DateTime<Utc>) -> Option<AssignedQueues> {
    let mut places = tracks.iter().filter_map(|track| track.place(at));
    let first = places.next()?;
    // Keys of two systems are never the same.
    let mut all = first.clone();
    for more in places {
        all = all.iter().chain(more.iter()).cloned().collect();
    }
    Some(all)
}

/// What all sources together say of the instant `at`, and whose word it is; none where nobody knows.
fn said_together<'a>(
    tracks: &'a [Track<'_>],
    at: DateTime<Utc>,
) -> Option<(Activity, Statement<'a>)> {
    let mut statements: Vec<_> = tracks.iter().filter_map(|track| track.statement(at)).collect();
    // That one falls silent does not make another right that it had outdone: nobody knows meanwhile.
    let silent = tracks.iter().filter_map(|track| track.last_word(at));
    for last in silent {
        statements.retain(|s| s.source == last.source || !s.was_outdone_by(&last));
    }
    // What sums say was done somewhere between two readings yields to whoever saw what was done when:
    // side by side, one call would count in two places.
    let sees = |statement: &Statement<'_>| statement.is_fresh() && statement.kind.is_telephony();
    let is_somewhere = |source: &SourceName| {
        tracks.iter().any(|track| track.feed.name == *source && track.is_somewhere(at))
    };
    let anybody_is = tracks.iter().any(|track| track.is_somewhere(at));
    if anybody_is && statements.iter().any(|s| sees(s) && !is_somewhere(s.source)) {
        statements.retain(|s| !is_somewhere(s.source));
    }
    if statements.iter().any(|s| s.is_not_listed) {
        statements = beside_not_listed(statements, tracks, at);
    }
    if let Some(teller) = teller(tracks, &statements, at) {
        statements.retain(|s| *s.source == teller);
    }
    let by_telephony = tracks.iter().any(|track| track.feed.kind.is_telephony());
    let may_speak = !by_telephony || statements.iter().any(|s| s.kind.is_telephony());
    verdict(&statements).filter(|_| may_speak)
}
