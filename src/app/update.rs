//! The one function that changes the state.

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::{Input, InputRequest};

use super::deal::LONGEST_NOTES;
use super::message::{Effect, Message};
use super::{App, Notice, Page, Prompt, PromptField, Station};
use crate::action::Action;
use crate::model::{Change, Feed};

/// How long a sentence for the supervisor stays.
const NOTICE_FOR: TimeDelta = TimeDelta::seconds(8);

/// The longest text that can be typed or pasted, in characters.
const LONGEST_TEXT: usize = 200;

/// For so long everybody stays as they were judged where nothing happens: as long as between two ticks.
const JUDGED_FOR: TimeDelta = TimeDelta::seconds(1);

impl App {
    /// Takes in a message and says what is to be done.
    pub fn update(&mut self, message: Message, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = self.take_in(message, now);
        effects.extend(self.catch_up(now));
        effects
    }

    /// Takes in one of several messages that came together, and says what is to be done. Until
    /// [`App::catch_up`] what is listed is what was listed before: to judge everybody is most of the work,
    /// and nobody sees what is listed between two of them.
    pub fn take_in(&mut self, message: Message, now: DateTime<Utc>) -> Vec<Effect> {
        if !only_moves(&message) {
            self.judged_at = None;
        }
        match message {
            Message::Action(action) => self.act(action, now),
            Message::Edit(request) => self.edit(request),
            Message::Paste(text) => text
                .chars()
                .filter(|c| !c.is_control())
                .flat_map(|c| self.edit(InputRequest::InsertChar(c)))
                .collect(),
            Message::Report(report) => {
                self.hear_of_alerts(&report, now);
                let changes = self.floor.report(*report, now);
                let mut effects = self.take_changes(changes, now);
                effects.extend(self.verify(now));
                effects
            }
            Message::Progress(ticket, progress) => self.progress(ticket, progress, now),
            Message::Room { rows, scroll } => {
                (self.page_rows, self.scroll_limit) = (rows, scroll);
                Vec::new()
            }
            Message::Answerable(answerable) => {
                self.answerable = answerable;
                Vec::new()
            }
            Message::KnownQueues(queues) => {
                self.floor.remember_queues(queues);
                Vec::new()
            }
            Message::Actions(person, actions) => {
                self.take_actions(&person, actions);
                Vec::new()
            }
            Message::Restored(archive) => {
                self.recalled = true;
                let changes = self.floor.restore(*archive, now);
                self.take_changes(changes, now)
            }
            Message::NothingRestored => {
                self.recalled = true;
                Vec::new()
            }
            Message::OwnDeeds(deeds) => self.take_deeds(deeds, now).into_iter().collect(),
            Message::OwnAlerts(born) => {
                self.born = born;
                self.adopt();
                Vec::new()
            }
            Message::CampaignDays(days) => {
                self.campaign_days = days;
                Vec::new()
            }
            Message::Keeping(trouble) => {
                self.keeping = trouble;
                Vec::new()
            }
            Message::SetAside(text) => {
                self.set_aside = Some(now);
                self.say(text, true, now);
                Vec::new()
            }
            Message::Tick => self.tick(now),
            Message::Trouble(text) => {
                self.say(text, true, now);
                Vec::new()
            }
        }
    }

    /// Makes what is listed anew after [`App::take_in`], where it may be another by now, and says what is
    /// to be done.
    pub fn catch_up(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        if !self.is_judged(now) {
            return self.refresh(now);
        }
        self.refresh_alerts(now);
        self.look_again(now);
        None
    }

    /// Whether everybody stands at `now` as they were last judged: nothing has happened since, as good as
    /// no time has passed, and no source has turned silent in it, which would be said above rows that
    /// know nothing of it.
    pub(super) fn is_judged(&self, now: DateTime<Utc>) -> bool {
        self.judged_at.is_some_and(|at| {
            let is_as_it_was = |feed: &Feed| feed.status(at) == feed.status(now);
            at <= now && now - at < JUDGED_FOR && self.floor.feeds().iter().all(is_as_it_was)
        })
    }

    /// Whether keys are letters now.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        match &self.prompt {
            Some(Prompt::Search { .. } | Prompt::Filter(_) | Prompt::Deal(_)) => true,
            Some(Prompt::Logout(prompt)) => prompt.field != PromptField::Answer,
            Some(
                Prompt::Help { .. }
                | Prompt::Details { .. }
                | Prompt::Alert { .. }
                | Prompt::Explain { .. },
            )
            | None => false,
        }
    }

    /// Whether a single key answers a question now.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        matches!(&self.prompt, Some(Prompt::Logout(p)) if p.field == PromptField::Answer)
    }

    fn tick(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.notice.as_ref().is_some_and(|notice| now - notice.at >= NOTICE_FOR) {
            self.notice = None;
        }
        let today = self.floor.day_start(now);
        self.set_aside = self.set_aside.filter(|at| *at >= today);
        self.tracked.retain(|tracked| !tracked.is_forgotten(now));
        self.ledger.update(&self.floor, &[], now);
        if self.setup.station == Station::Kiosk {
            let since = *self.rotated_at.get_or_insert(now);
            if now - since >= self.setup.rotate {
                self.rotated_at = Some(now);
                self.page = self.page_after(1);
                if self.page == Page::Alerts && !self.raises_alerts() {
                    self.page = self.page_after(1);
                }
                if self.page == Page::Log {
                    self.page = Page::Agents; // nothing there is for a wall
                }
            }
        }
        let mut effects = self.verify(now);
        effects.extend(self.keep_plan(now));
        effects
    }

    /// What the schedule file wants is kept at the start and whenever another day begins: later the
    /// file may hold other days.
    fn keep_plan(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        let day = self.floor.day_start(now);
        if self.planned_on.replace(day) == Some(day) {
            return None;
        }
        let plan = self.floor.plan(now);
        (!plan.is_empty()).then_some(Effect::Keep(plan))
    }

    /// What the floor has changed to reaches the log, the day's times and the journal.
    fn take_changes(&mut self, changes: Vec<Change>, now: DateTime<Utc>) -> Vec<Effect> {
        self.ledger.update(&self.floor, &changes, now);
        let mut kept = Vec::new();
        for change in changes {
            self.note(&change, now);
            if let Change::Keep(entry) = change {
                kept.push(*entry);
            }
        }
        if kept.is_empty() { Vec::new() } else { vec![Effect::Keep(kept)] }
    }

    /// Writes into the log how a source is doing, when that changed.
    fn note(&mut self, change: &Change, now: DateTime<Utc>) {
        let Change::Feed(name) = change else { return };
        if let Some(feed) = self.floor.feed(name) {
            let status = feed.status(now);
            if self.noted.insert(name.clone(), status) != Some(status) {
                tracing::info!("{name} is {}", feed.word(now));
            }
        }
    }

    pub(super) fn say(&mut self, text: impl Into<String>, is_error: bool, now: DateTime<Utc>) {
        self.notice = Some(Notice { text: text.into(), is_error, at: now });
    }

    /// An instant as the floor's wall shows it.
    pub(super) fn floor_time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.floor.identity().timezone).format("%H:%M:%S").to_string()
    }

    fn act(&mut self, action: Action, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            Action::Quit => return vec![Effect::Quit],
            Action::Redraw => return vec![Effect::Redraw],
            Action::Suspend => return vec![Effect::Suspend],
            _ => {}
        }
        self.notice = None;
        if action == Action::Back && self.prompt.is_none() && self.set_aside.take().is_some() {
            return Vec::new();
        }
        match self.prompt.take() {
            Some(prompt) => self.act_on_prompt(prompt, action, now),
            None => self.act_on_floor(action, now),
        }
    }

    fn act_on_prompt(&mut self, prompt: Prompt, action: Action, now: DateTime<Utc>) -> Vec<Effect> {
        match prompt {
            Prompt::Help { scroll, over } => {
                let to = if action == Action::Help { None } else { self.scrolled(scroll, action) };
                self.prompt = match to {
                    Some(scroll) => Some(Prompt::Help { scroll, over }),
                    None => over.map(|prompt| *prompt),
                };
            }
            prompt @ Prompt::Details { .. } => return self.act_on_details(prompt, action, now),
            Prompt::Alert { key, scroll } => return self.act_on_alert(key, scroll, action, now),
            prompt @ Prompt::Explain { .. } => self.act_on_explanation(prompt, action),
            Prompt::Search { input, before } => match action {
                Action::Back => self.search = before,
                Action::Open => {}
                Action::Up | Action::Down => {
                    self.step(if action == Action::Up { -1 } else { 1 });
                    self.prompt = Some(Prompt::Search { input, before });
                }
                _ => self.prompt = Some(Prompt::Search { input, before }),
            },
            Prompt::Filter(mut picker) => match action {
                Action::Back => {}
                Action::Open => {
                    if let Some(facet) = picker.chosen().cloned() {
                        self.filter.toggle(facet);
                    }
                }
                _ => {
                    let last = picker.matching.len().saturating_sub(1);
                    picker.selected = match action {
                        Action::Up => picker.selected.saturating_sub(1),
                        Action::Down => (picker.selected + 1).min(last),
                        _ => picker.selected,
                    };
                    self.prompt = Some(Prompt::Filter(picker));
                }
            },
            Prompt::Logout(mut prompt) if scrolls(action) => {
                prompt.scroll = self.scrolled(prompt.scroll, action).unwrap_or(0);
                self.prompt = Some(Prompt::Logout(prompt));
            }
            Prompt::Deal(mut prompt) if scrolls(action) => {
                prompt.scroll = self.scrolled(prompt.scroll, action).unwrap_or(0);
                self.prompt = Some(Prompt::Deal(prompt));
            }
            Prompt::Logout(mut prompt) => match (action, prompt.field) {
                (Action::No | Action::Back, _) => self.say("nobody was logged out", false, now),
                (Action::Yes, PromptField::Answer) | (Action::Open, PromptField::Word) => {
                    self.prompt = Some(Prompt::Logout(prompt));
                    return self.confirm_logout(now);
                }
                (Action::NextField, _) | (Action::Open, PromptField::Reason) => {
                    prompt.next_field();
                    self.prompt = Some(Prompt::Logout(prompt));
                }
                _ => self.prompt = Some(Prompt::Logout(prompt)),
            },
            Prompt::Deal(prompt) => match action {
                Action::Back => self.say("nothing was sent", false, now),
                Action::Open => {
                    self.prompt = Some(Prompt::Deal(prompt));
                    return self.confirm_deal(now);
                }
                _ => self.prompt = Some(Prompt::Deal(prompt)),
            },
        }
        Vec::new()
    }

    /// Where a text is scrolled to after `action`; none when it is to be closed.
    pub(super) fn scrolled(&self, scroll: usize, action: Action) -> Option<usize> {
        let page = self.page_rows.max(1);
        let to = match action {
            Action::Back | Action::Open | Action::No => return None,
            Action::Up => scroll.saturating_sub(1),
            Action::Down => scroll.saturating_add(1),
            Action::PageUp => scroll.saturating_sub(page),
            Action::PageDown => scroll.saturating_add(page),
            Action::Top => 0,
            Action::Bottom => usize::MAX,
            _ => scroll,
        };
        Some(to.min(self.scroll_limit))
    }

    fn act_on_floor(&mut self, action: Action, now: DateTime<Utc>) -> Vec<Effect> {
        if self.page == Page::Alerts
            && let Some(effects) = self.act_on_alerts(action, now)
        {
            return effects;
        }
        match action {
            Action::Help => self.prompt = Some(Prompt::Help { scroll: 0, over: None }),
            Action::Agents => self.page = Page::Agents,
            Action::Queues => self.page = Page::Queues,
            Action::Adherence => self.page = Page::Adherence,
            Action::Alerts => self.page = Page::Alerts,
            Action::Log => self.page = Page::Log,
            Action::NextPage => self.page = self.page_after(1),
            Action::PreviousPage => self.page = self.page_after(Page::ALL.len() - 1),
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-self.page_step()),
            Action::PageDown => self.step(self.page_step()),
            Action::Top => self.step(isize::MIN),
            Action::Bottom => self.step(isize::MAX),
            Action::Search => {
                self.page = Page::Agents;
                self.search_here();
            }
            Action::Filter => {
                self.page = Page::Agents;
                self.prompt = Some(Prompt::Filter(self.filter_picker(now)));
            }
            Action::Sort if self.filter.lost && self.page == Page::Agents => {
                self.say("the lost stand longest first: reverse it instead", false, now);
            }
            Action::Sort => self.reorder(self.sort.next(), false),
            Action::Reverse => self.reorder(self.sort, !self.reverse),
            Action::Open => return self.open(now),
            Action::Back => self.widen(),
            Action::Logout => {
                if let Some(id) = self.pin_selection() {
                    self.ask_logout(&id, now);
                } else {
                    self.say("nobody is selected: only an agent can be logged out", true, now);
                }
            }
            Action::Freeze => {
                (self.frozen, self.frozen_ledger) = match self.frozen {
                    Some(_) => (None, None),
                    None => (Some((self.floor.clone(), now)), Some(self.ledger.clone())),
                };
            }
            Action::ReadNow => {
                self.say("reading every source now", false, now);
                return std::iter::once(Effect::ReadNow).chain(self.look_up_scope()).collect();
            }
            Action::NextTheme => {
                self.theme = (self.theme + 1) % self.setup.themes.len().max(1);
                self.say(format!("theme {}", self.theme()), false, now);
                return vec![Effect::UseTheme(self.theme().to_owned())];
            }
            Action::Mark => self.say("only alerts can be marked, on their page", true, now),
            Action::Acknowledge | Action::Resolve => {
                let text = "alerts are dealt with on their page, or on an agent's page";
                self.say(text, true, now);
            }
            Action::Explain => self.explain_selected(now),
            Action::ExplainFloor => self.explain_floor(None),
            Action::Lost => self.list_lost(),
            Action::Connection => {
                self.say("that is shown on an agent's page: open one first", true, now);
            }
            Action::Quit
            | Action::Redraw
            | Action::Suspend
            | Action::Yes
            | Action::No
            | Action::NextField => {}
        }
        Vec::new()
    }

    /// Searches the page shown.
    pub(super) fn search_here(&mut self) {
        let input = Input::new(self.search.clone());
        self.prompt = Some(Prompt::Search { input, before: self.search.clone() });
    }

    /// Whoever asks for another order wants to see its beginning.
    fn reorder(&mut self, sort: super::Sort, reverse: bool) {
        (self.sort, self.reverse) = (sort, reverse);
        self.selected = None;
    }

    fn page_after(&self, steps: usize) -> Page {
        let at = Page::ALL.iter().position(|page| *page == self.page).unwrap_or(0);
        Page::ALL[(at + steps) % Page::ALL.len()]
    }

    /// Back to everybody: the search first, then the filter.
    fn widen(&mut self) {
        if !self.search.is_empty() {
            self.search.clear();
        } else {
            self.filter = super::Filter::default();
        }
    }

    fn edit(&mut self, request: InputRequest) -> Vec<Effect> {
        let mut longest = LONGEST_TEXT;
        let (input, searching) = match &mut self.prompt {
            Some(Prompt::Search { input, .. }) => (input, true),
            Some(Prompt::Filter(picker)) => (&mut picker.input, false),
            Some(Prompt::Logout(prompt)) => match prompt.input() {
                Some(input) => (input, false),
                None => return Vec::new(),
            },
            Some(Prompt::Deal(prompt)) => {
                longest = LONGEST_NOTES;
                (&mut prompt.notes, false)
            }
            _ => return Vec::new(),
        };
        let full = input.value().chars().count() >= longest;
        if !(full && matches!(request, InputRequest::InsertChar(_))) {
            input.handle(request);
        }
        if searching {
            self.search = input.value().trim().to_owned();
        }
        if let Some(Prompt::Filter(picker)) = &mut self.prompt {
            picker.narrow();
        }
        Vec::new()
    }
}

/// Whether `action` moves what is read, and is no answer.
fn scrolls(action: Action) -> bool {
    matches!(action, Action::Up | Action::Down | Action::PageUp | Action::PageDown)
}

/// Whether `message` moves nothing but what is looked at: nobody is judged otherwise after it.
fn only_moves(message: &Message) -> bool {
    use Action::{Bottom, Down, PageDown, PageUp, Top, Up};
    match message {
        Message::Room { .. } | Message::Answerable(_) => true,
        Message::Action(action) => matches!(action, Up | Down | PageUp | PageDown | Top | Bottom),
        _ => false,
    }
}
