//! The alerts, the WFMs' and our own: which are listed and in which order, which are marked, and what is being done
//! to them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::alert_list::{AlertRow, Chosen, Listing, Place, in_order};
use super::deal::concerned;
use super::details::look_up;
use super::search::Sought;
use super::selection::moved;
use super::tracked::{Tracked, Watching};
use super::{App, Dealing, Effect, Page, Prompt};
use crate::action::Action;
use crate::command::AlertWatch;
use crate::model::{
    Alert, AlertKey, AlertStatus, Body, Deed, Failure, FailureKind, KnownAlert, LookUp, Outcome,
    Report, Side, SourceKind, SourceName,
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

/// The state of the alerts' page.
#[derive(Debug, Default)]
pub(super) struct AlertPage {
    scope: AlertScope,
    /// Oldest first instead of newest first.
    reverse: bool,
    rows: Vec<AlertRow>,
    marked: HashSet<AlertKey>,
    /// The members of the folds that are open: whoever joins one of them is listed, too.
    opened: HashSet<AlertKey>,
    selected: Option<Chosen>,
    /// Where the selected row stood: the one that takes its place when it leaves the list.
    at: usize,
    /// When each source's alerts with one status were last read.
    read_at: HashMap<(SourceName, AlertScope), DateTime<Utc>>,
}

impl AlertPage {
    /// The machine's clock was set.
    pub(super) fn move_by(&mut self, by: TimeDelta) {
        self.read_at.values_mut().for_each(|at| *at += by);
    }

    /// What was called `before` is called `key` from now on.
    pub(super) fn rename(&mut self, before: &AlertKey, key: &AlertKey) {
        for keys in [&mut self.marked, &mut self.opened] {
            if keys.remove(before) {
                keys.insert(key.clone());
            }
        }
        if let Some(chosen) = &mut self.selected {
            chosen.rename(before, key);
        }
    }
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
            .and_then(|chosen| chosen.place(rows))
            .or_else(|| rows.len().checked_sub(1).map(|last| self.alerts.at.min(last)))
    }

    /// How many alerts are listed, folded or not, and how many of them are being dealt with.
    #[must_use]
    pub fn listed_alerts(&self) -> (usize, usize) {
        let pending = self.pending();
        let rows = self.alerts.rows.iter().filter(|row| row.place != Place::Within);
        let listed: Vec<_> = rows.flat_map(AlertRow::alerts).collect();
        (listed.len(), listed.into_iter().filter(|key| pending.contains_key(key)).count())
    }

    /// What is being done to the alert called `key` and not yet over.
    #[must_use]
    pub fn dealing_with(&self, key: &AlertKey) -> Option<&Deed> {
        let mut open = self.tracked.iter().filter(|tracked| !tracked.is_over());
        let of_it = |tracked: &&Tracked| tracked.alert_key().as_ref() == Some(key);
        open.find(of_it).map(|tracked| &tracked.attempt.deed)
    }

    /// How many alerts are marked, also those that a search hides.
    #[must_use]
    pub fn marked_alerts(&self) -> usize {
        self.alerts.marked.len()
    }

    /// How many alerts of the shown floor are active, less those being dealt with, and whether there
    /// may be more than could be read; none where nothing is known of any: no WFM has sent a list,
    /// and the program has raised none itself.
    #[must_use]
    pub fn active_alerts(&self) -> Option<(usize, bool)> {
        let floor = self.frozen.as_ref().map_or(&self.floor, |(floor, _)| floor);
        let lists =
            || floor.feeds().iter().filter_map(|feed| feed.side(Side::Alerts).zip(Some(feed)));
        let pending = self.pending();
        let active = floor
            .alerts()
            .all()
            .filter(|known| is_in(known, AlertScope::Active) && !pending.contains_key(&known.key));
        let active = active.count();
        let is_read = lists().any(|(side, _)| side.read_at.is_some());
        let only_ours = lists().next().is_none() && floor.timetable().is_some();
        if !is_read && !only_ours && active == 0 {
            return None;
        }
        let cut =
            lists().any(|(side, feed)| side.read_at.is_none() || floor.alerts().is_cut(&feed.name));
        Some((active, cut))
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

    /// Whether there is anything that raises alerts: a WFM, or a schedule by which the program does.
    #[must_use]
    pub fn raises_alerts(&self) -> bool {
        self.wfms().next().is_some() || self.floor.timetable().is_some()
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
            Action::Open => return self.open_alert(),
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

    /// Shows the selected alert in full; a fold opens, or closes again.
    fn open_alert(&mut self) -> Option<Vec<Effect>> {
        let row = self.pin_alert()?;
        if let Place::Fold { members, is_open, .. } = row.place {
            for member in members {
                if is_open {
                    self.alerts.opened.remove(&member);
                } else {
                    self.alerts.opened.insert(member);
                }
            }
            return Some(Vec::new());
        }
        let effects = look_up(&row.key).into_iter().collect();
        self.prompt = Some(Prompt::Alert { key: row.key, scroll: 0 });
        Some(effects)
    }

    /// Marks the selected alert, of a fold all of them, or takes the marks away, and goes on to what
    /// comes next.
    fn mark(&mut self) {
        let Some(row) = self.pin_alert() else { return };
        for key in row.alerts() {
            if row.is_marked {
                self.alerts.marked.remove(key);
            } else {
                self.alerts.marked.insert(key.clone());
            }
        }
        let beneath = match &row.place {
            Place::Fold { members, is_open: true, .. } => members.len(),
            _ => 0,
        };
        self.step_alerts(isize::try_from(beneath + 1).unwrap_or(isize::MAX));
    }

    pub(super) fn unmark(&mut self, key: &AlertKey) {
        self.alerts.marked.remove(key);
    }

    fn deal_with_chosen(&mut self, deed: Dealing, now: DateTime<Utc>) {
        let mut keys: Vec<_> = self.alerts.marked.iter().cloned().collect();
        // In the order of the list, those that a search hides last.
        let rows = self.alerts.rows.iter().filter(|row| row.place != Place::Within);
        let places: HashMap<_, _> = rows.flat_map(AlertRow::alerts).zip(0usize..).collect();
        keys.sort_by_cached_key(|k| (places.get(k).copied().unwrap_or(usize::MAX), k.clone()));
        if keys.is_empty() {
            keys.extend(self.pin_alert().into_iter().flat_map(|row| row.alerts().to_vec()));
        }
        if keys.is_empty() {
            return self.say(format!("there is no alert to {}", deed.word()), true, now);
        }
        self.ask_to_deal(deed, &keys, now);
    }

    /// The selected row; from now on the selection follows it.
    pub(super) fn pin_alert(&mut self) -> Option<AlertRow> {
        let row = self.selected_alert_row().and_then(|at| self.alerts.rows.get(at)).cloned()?;
        self.alerts.selected = Some(Chosen::of(&row));
        Some(row)
    }

    /// Moves the selection by `by` rows, as far as there are rows.
    pub(super) fn step_alerts(&mut self, by: isize) {
        let rows = &self.alerts.rows;
        let Some(to) = moved(self.selected_alert_row().unwrap_or(0), by, rows.len()) else {
            return;
        };
        self.alerts.selected = rows.get(to).map(Chosen::of);
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
            let sought = Sought::of(&self.search);
            listed.retain(|known| match floor.person_of_alert(known) {
                Some(person) => sought.is(floor, person),
                None => sought.is_called(&concerned(floor, known), known.alert.agent.as_str()),
            });
        }
        let (marked, opened, pending) = (&page.marked, &page.opened, &pending);
        let listing = Listing { floor, marked, opened, pending };
        let rows = listing.rows(&listed, &page.scope.status());
        let at = page.selected.as_ref().and_then(|chosen| chosen.place(&rows));
        let page = &mut self.alerts;
        match at.zip(at.and_then(|at| rows.get(at))) {
            Some((at, row)) => (page.at, page.selected) = (at, Some(Chosen::of(row))),
            // Who stood below takes the place of the one that left.
            None => page.selected = None,
        }
        page.marked.retain(|key| keys.contains(key));
        page.opened.retain(|key| keys.contains(key));
        for row in &rows {
            if let Place::Fold { members, is_open: true, .. } = &row.place {
                page.opened.extend(members.iter().cloned());
            }
        }
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
