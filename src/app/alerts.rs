//! The WFMs' alerts: which are listed and in which order, which are marked, and what is being done
//! to them.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::deal::concerned;
use super::filter::matching;
use super::tracked::{Tracked, Watching};
use super::update::moved;
use super::{App, Dealing, Effect, Page, Prompt};
use crate::action::Action;
use crate::command::AlertWatch;
use crate::model::{
    Alert, AlertKey, AlertStatus, Body, Deed, Failure, FailureKind, KnownAlert, LookUp, Outcome,
    PersonId, Report, Side, SourceKind, SourceName,
};

/// Which alerts are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlertScope {
    /// Those nobody has dealt with.
    #[default]
    Active,
    /// Those somebody has seen.
    Acknowledged,
    /// Those that are over.
    Resolved,
}

impl AlertScope {
    /// The status that the listed alerts have.
    #[must_use]
    pub fn status(self) -> AlertStatus {
        match self {
            Self::Active => AlertStatus::Active,
            Self::Acknowledged => AlertStatus::Acknowledged,
            Self::Resolved => AlertStatus::Resolved,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Active => Self::Acknowledged,
            Self::Acknowledged => Self::Resolved,
            Self::Resolved => Self::Active,
        }
    }
}

/// One alert in the list; what it says is in the shown floor's [`crate::model::Floor::alerts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Which.
    pub key: AlertKey,
    /// Whom it concerns, where the floor knows them.
    pub person: Option<PersonId>,
    /// Whether it is marked.
    pub is_marked: bool,
    /// What is being done to it and not yet confirmed by a reading: shown as if it were done.
    pub pending: Option<Deed>,
}

/// The state of the alerts' page.
#[derive(Debug, Default)]
pub(super) struct AlertPage {
    scope: AlertScope,
    /// Oldest first instead of newest first.
    reverse: bool,
    rows: Vec<AlertRow>,
    marked: HashSet<AlertKey>,
    selected: Option<AlertKey>,
    /// Where the selected row stood: the one that takes its place when it leaves the list.
    at: usize,
    /// When each source's alerts with one status were last read.
    read_at: HashMap<(SourceName, AlertScope), DateTime<Utc>>,
}

impl App {
    /// Which alerts are listed on the alerts' page.
    #[must_use]
    pub fn alert_scope(&self) -> AlertScope {
        self.alerts.scope
    }

    /// The alerts' page: newest first, or reversed.
    #[must_use]
    pub fn alert_rows(&self) -> &[AlertRow] {
        &self.alerts.rows
    }

    /// Whether the alerts are listed oldest first.
    #[must_use]
    pub fn alerts_reversed(&self) -> bool {
        self.alerts.reverse
    }

    /// The index of the selected row in [`App::alert_rows`].
    #[must_use]
    pub fn selected_alert_row(&self) -> Option<usize> {
        let rows = &self.alerts.rows;
        let chosen = self.alerts.selected.as_ref();
        chosen
            .and_then(|key| rows.iter().position(|row| &row.key == key))
            .or_else(|| rows.len().checked_sub(1).map(|last| self.alerts.at.min(last)))
    }

    /// How many alerts are marked, also those that a search hides.
    #[must_use]
    pub fn marked_alerts(&self) -> usize {
        self.alerts.marked.len()
    }

    /// How many alerts of the shown floor are active, less those being dealt with, and whether there
    /// may be more than could be read; none before any WFM has sent a list.
    #[must_use]
    pub fn active_alerts(&self) -> Option<(usize, bool)> {
        let floor = self.frozen.as_ref().map_or(&self.floor, |(floor, _)| floor);
        let lists =
            || floor.feeds().iter().filter_map(|feed| feed.side(Side::Alerts).zip(Some(feed)));
        lists().find(|(side, _)| side.read_at.is_some())?;
        let pending = self.pending();
        let active = floor
            .alerts()
            .all()
            .filter(|known| is_in(known, AlertScope::Active) && !pending.contains_key(&known.key));
        let cut = lists().any(|(_, feed)| floor.alerts().is_cut(&feed.name));
        Some((active.count(), cut))
    }

    /// When the listed alerts were last read, of several WFMs the oldest; none while one of them has
    /// not answered yet, or there is none.
    #[must_use]
    pub fn alerts_read_at(&self) -> Option<DateTime<Utc>> {
        let read_at = |name| self.alerts.read_at.get(&(name, self.alerts.scope)).copied();
        let times: Option<Vec<_>> = self.wfms().map(read_at).collect();
        times?.into_iter().min()
    }

    /// Who is a WFM.
    fn wfms(&self) -> impl Iterator<Item = SourceName> {
        let feeds = self.floor.feeds().iter().filter(|feed| feed.kind == SourceKind::Wfm);
        feeds.map(|feed| feed.name.clone())
    }

    /// Whether there is anything that raises alerts.
    pub(super) fn has_wfm(&self) -> bool {
        self.wfms().next().is_some()
    }

    /// What is being done to which alert and not yet over.
    fn pending(&self) -> HashMap<AlertKey, &Tracked> {
        let open = self.tracked.iter().filter(|tracked| !tracked.is_over());
        open.filter_map(|tracked| Some((tracked.alert_key()?, tracked))).collect()
    }

    /// What a key asks for on the alerts' page; none where it means there what it means everywhere.
    pub(super) fn act_on_alerts(
        &mut self,
        action: Action,
        now: DateTime<Utc>,
    ) -> Option<Vec<Effect>> {
        match action {
            Action::Filter => return Some(self.next_scope()),
            Action::Reverse => {
                self.alerts.reverse = !self.alerts.reverse;
                (self.alerts.selected, self.alerts.at) = (None, 0);
            }
            Action::Sort => {
                let text =
                    "alerts stand in the order in which they were raised: reverse it instead";
                self.say(text, false, now);
            }
            Action::Search => self.search_here(),
            Action::Back if !self.search.is_empty() => self.search.clear(),
            Action::Back => self.alerts.marked.clear(),
            Action::Open => {
                let key = self.pin_alert()?;
                let look_up = LookUp::Alert(key.id.clone());
                let effect = Effect::LookUp(key.source.clone(), look_up);
                self.prompt = Some(Prompt::Alert { key, scroll: 0 });
                return Some(vec![effect]);
            }
            Action::Mark => self.mark(),
            Action::Acknowledge => self.deal_with_chosen(Dealing::Acknowledge, now),
            Action::Resolve => self.deal_with_chosen(Dealing::Resolve, now),
            _ => return None,
        }
        Some(Vec::new())
    }

    /// Lists the alerts of the next scope. Only the active ones are read all the time.
    fn next_scope(&mut self) -> Vec<Effect> {
        let reverse = self.alerts.reverse;
        let read_at = std::mem::take(&mut self.alerts.read_at);
        let scope = self.alerts.scope.next();
        self.alerts = AlertPage { scope, reverse, read_at, ..AlertPage::default() };
        self.look_up_scope()
    }

    /// Asks for the listed alerts where they are not read all the time.
    pub(super) fn look_up_scope(&self) -> Vec<Effect> {
        if self.page != Page::Alerts || self.alerts.scope == AlertScope::Active {
            return Vec::new();
        }
        let what = LookUp::Alerts(self.alerts.scope.status());
        self.wfms().map(|source| Effect::LookUp(source, what.clone())).collect()
    }

    /// Marks the selected alert, or takes its mark away, and goes on to the next.
    fn mark(&mut self) {
        let Some(key) = self.pin_alert() else { return };
        if !self.alerts.marked.remove(&key) {
            self.alerts.marked.insert(key);
        }
        self.step_alerts(1);
    }

    pub(super) fn unmark(&mut self, key: &AlertKey) {
        self.alerts.marked.remove(key);
    }

    fn deal_with_chosen(&mut self, deed: Dealing, now: DateTime<Utc>) {
        let mut keys: Vec<_> = self.alerts.marked.iter().cloned().collect();
        // In the order of the list, those that a search hides last.
        let place = |key: &AlertKey| self.alerts.rows.iter().position(|row| &row.key == key);
        keys.sort_by_cached_key(|key| (place(key).unwrap_or(usize::MAX), key.clone()));
        if keys.is_empty() {
            keys.extend(self.pin_alert());
        }
        if keys.is_empty() {
            return self.say(format!("there is no alert to {}", deed.word()), true, now);
        }
        self.ask_to_deal(deed, &keys, now);
    }

    /// The selected alert; from now on the selection follows it.
    fn pin_alert(&mut self) -> Option<AlertKey> {
        let row = self.selected_alert_row().and_then(|at| self.alerts.rows.get(at))?;
        self.alerts.selected = Some(row.key.clone());
        self.alerts.selected.clone()
    }

    /// Moves the selection by `by` rows, as far as there are rows.
    pub(super) fn step_alerts(&mut self, by: isize) {
        let rows = &self.alerts.rows;
        let Some(to) = moved(self.selected_alert_row().unwrap_or(0), by, rows.len()) else {
            return;
        };
        self.alerts.selected = rows.get(to).map(|row| row.key.clone());
    }

    /// Makes the rows of the alerts anew from the shown floor, where they are to be seen.
    pub(super) fn refresh_alerts(&mut self, now: DateTime<Utc>) {
        if self.page != Page::Alerts {
            return;
        }
        let (floor, _) = self.shown(now);
        let (page, pending) = (&self.alerts, self.pending());
        let of_scope = |known: &&KnownAlert| {
            // As if it were done, but where it was until a reading says so.
            let goes = pending.get(&known.key).and_then(|tracked| tracked.before.as_ref());
            is_in(known, page.scope) || goes == Some(&page.scope.status())
        };
        let mut listed: Vec<_> = floor.alerts().all().filter(of_scope).collect();
        listed.sort_by(|a, b| in_order(a, b, page.reverse));
        let keys: HashSet<_> = listed.iter().map(|known| known.key.clone()).collect();
        if !self.search.is_empty() {
            let names: Vec<_> = listed.iter().map(|known| concerned(floor, known)).collect();
            let found = matching(&self.search, names.iter().map(String::as_str));
            let found: HashSet<_> = found.into_iter().collect();
            let mut at = 0..;
            listed.retain(|_| at.next().is_some_and(|at| found.contains(&at)));
        }
        let row = |known: &KnownAlert| AlertRow {
            key: known.key.clone(),
            person: floor.person_of_alert(known).map(|person| person.id.clone()),
            is_marked: page.marked.contains(&known.key),
            pending: pending.get(&known.key).map(|tracked| tracked.attempt.deed.clone()),
        };
        let rows: Vec<_> = listed.into_iter().map(row).collect();
        let chosen = page.selected.as_ref();
        let at = chosen.and_then(|key| rows.iter().position(|row| &row.key == key));
        let page = &mut self.alerts;
        match at {
            Some(at) => page.at = at,
            // Who stood below takes the place of the one that left.
            None => page.selected = None,
        }
        page.marked.retain(|key| keys.contains(key));
        page.rows = rows;
    }

    /// Takes from a report what it says of alerts that are watched or were asked for.
    pub(super) fn hear_of_alerts(&mut self, report: &Report, now: DateTime<Utc>) {
        let source = &report.source;
        match &report.outcome {
            Outcome::Read(reading) => match &reading.body {
                Body::Alert(alert) => self.seen(source, [&**alert], reading.as_of),
                Body::Alerts { status, alerts, .. } => {
                    self.seen(source, alerts, reading.as_of);
                    let scopes =
                        [AlertScope::Active, AlertScope::Acknowledged, AlertScope::Resolved];
                    if let Some(scope) = scopes.into_iter().find(|s| s.status() == *status) {
                        self.alerts.read_at.insert((source.clone(), scope), reading.as_of);
                    }
                }
                _ => {}
            },
            Outcome::LookUpFailed { what, failure } => {
                self.look_up_failed(source, what, failure, now);
            }
            _ => {}
        }
    }

    fn seen<'a>(
        &mut self,
        source: &SourceName,
        alerts: impl IntoIterator<Item = &'a Alert>,
        as_of: DateTime<Utc>,
    ) {
        let open = self.tracked.iter_mut().filter(|tracked| !tracked.is_over());
        let mut watched: HashMap<AlertKey, &mut AlertWatch> = open
            .filter_map(|tracked| {
                let key = tracked.alert_key()?;
                match &mut tracked.watch {
                    Some(Watching::Alert(watch)) => Some((key, watch)),
                    _ => None,
                }
            })
            .collect();
        if watched.is_empty() {
            return;
        }
        for alert in alerts {
            let key = AlertKey { source: source.clone(), id: alert.id.clone() };
            if let Some(watch) = watched.get_mut(&key) {
                watch.see(&alert.status, as_of);
            }
        }
    }

    fn look_up_failed(
        &mut self,
        source: &SourceName,
        what: &LookUp,
        failure: &Failure,
        now: DateTime<Utc>,
    ) {
        let asked_for = match (what, &self.prompt) {
            (LookUp::Alert(id), Some(Prompt::Alert { key, .. })) => {
                &key.id == id && &key.source == source
            }
            (LookUp::Alert(_), _) => false,
            (LookUp::Alerts(status), _) => {
                self.page == Page::Alerts && self.alerts.scope.status() == *status
            }
        };
        if let LookUp::Alert(id) = what
            && failure.kind == FailureKind::Rejected
        {
            // Asking again would bring the same; a failure that may pass is waited out.
            let key = AlertKey { source: source.clone(), id: id.clone() };
            for tracked in &mut self.tracked {
                if tracked.alert_key().as_ref() == Some(&key)
                    && let Some(Watching::Alert(watch)) = &mut tracked.watch
                {
                    watch.lose(failure.text.clone());
                }
            }
        }
        if asked_for {
            // It lies open on the screen: its id would only push the cause aside.
            let what = match what {
                LookUp::Alert(_) => "this alert".to_owned(),
                LookUp::Alerts(_) => what.to_string(),
            };
            self.say(format!("{what} could not be read at {source}: {}", failure.text), true, now);
        }
    }
}

/// Whether `known` belongs into the list of `scope`: one that its WFM no longer lists belongs nowhere.
fn is_in(known: &KnownAlert, scope: AlertScope) -> bool {
    known.listed && known.alert.status == scope.status()
}

/// Newest first, or oldest first; those without a time come last either way.
fn in_order(a: &KnownAlert, b: &KnownAlert, reverse: bool) -> Ordering {
    let raised = |known: &KnownAlert| known.alert.created_at;
    let by_time = raised(b).cmp(&raised(a));
    let by_time = if reverse { by_time.reverse() } else { by_time };
    let untimed = raised(a).is_none().cmp(&raised(b).is_none());
    untimed.then(by_time).then_with(|| a.key.cmp(&b.key))
}
