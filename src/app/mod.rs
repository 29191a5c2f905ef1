//! The program's state and the one function that changes it. Knows neither the terminal nor the
//! network: messages in, effects out.

mod agents;
mod alert_list;
mod alerts;
mod clock;
mod deal;
mod dealt;
mod details;
mod explain;
mod filter;
mod local;
mod logout;
mod message;
mod prompt;
mod search;
mod selection;
mod tracked;
mod update;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use self::alerts::AlertPage;
use crate::command::Authority;
use crate::model::{
    AlertKey, AttemptRecord, CampaignDay, FeedStatus, Floor, KnownAlert, PersonId, QueueKey,
    SourceName, Totals,
};
use crate::rules::{Attention, Due, HeadCount, Ledger, Limits, Muster, Vouched};

pub use agents::{Row, Sort};
pub use alert_list::{AlertRow, Place};
pub use alerts::AlertScope;
pub use deal::{DealPrompt, DealTarget, Dealing};
pub use filter::{Facet, Filter, FilterOption, FilterPicker};
pub use logout::{CONFIRMING_WORD, LogoutPrompt, PromptField};
pub use message::{Effect, KeepingTrouble, Message, Ticket};
pub use prompt::{Prompt, Question, Subject};
pub use tracked::{Tracked, Watching};

/// The pages, in the order of their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Page {
    /// Who does what.
    Agents,
    /// What each queue counts.
    Queues,
    /// Who does what the schedule wants.
    Adherence,
    /// What the WFMs complain of, and what the program itself found.
    Alerts,
    /// What the program did.
    Log,
}

impl Page {
    /// Every page.
    pub const ALL: [Self; 5] =
        [Self::Agents, Self::Queues, Self::Adherence, Self::Alerts, Self::Log];
}

/// How the program may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Station {
    /// A supervisor's own terminal.
    Desk,
    /// A supervisor's terminal that can only look.
    ReadOnly,
    /// A display on the wall: rotates by itself, can only look.
    Kiosk,
}

/// A sentence for the supervisor, shown until the next key or until it is old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub is_error: bool,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// What never changes while the program runs.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The limits of the rules.
    pub limits: Limits,
    /// How the program may act.
    pub station: Station,
    /// How long a kiosk shows a page.
    pub rotate: TimeDelta,
    /// How names are shown.
    pub names: Names,
    /// Who sits here: the login name kept in the journal.
    pub operator: String,
    /// On which machine.
    pub host: String,
    /// The names of the themes, the current one first.
    pub themes: Vec<String>,
}

/// How names are shown (on a wall, not everybody's business).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// As they are.
    #[default]
    Full,
    /// Only the first word.
    First,
    /// Only the initials.
    Initials,
    /// Not at all: the person's number in the list.
    Hidden,
}

/// The whole state of the program.
#[derive(Debug)]
pub struct App {
    setup: Setup,
    /// The floor as it is.
    floor: Floor,
    /// The picture that is held while frozen, and since when.
    frozen: Option<(Floor, DateTime<Utc>)>,
    /// The times that go with the held picture.
    frozen_ledger: Option<Ledger>,
    /// Everybody's times of the day.
    ledger: Ledger,
    /// The calls of campaigns on earlier days, as the journal has them.
    campaign_days: Vec<CampaignDay>,
    /// Whether what earlier runs kept has come back, or is not to be waited for.
    recalled: bool,
    /// Why what happens is not kept, where it is not.
    keeping: Option<KeepingTrouble>,
    /// When a damaged journal was last set aside; none once that has been seen, or the day is over.
    set_aside: Option<DateTime<Utc>>,
    /// The right to command; none in a read-only or kiosk program.
    authority: Option<Authority>,
    page: Page,
    /// What lies over the page.
    prompt: Option<Prompt>,
    notice: Option<Notice>,
    /// The agents listed, filtered and sorted.
    rows: Vec<Row>,
    /// The same people, out of adherence first; only those with a schedule.
    adherence_rows: Vec<Row>,
    selected: Option<PersonId>,
    selected_queue: Option<QueueKey>,
    /// Rows by which the log is scrolled back.
    log_back: usize,
    sort: Sort,
    reverse: bool,
    filter: Filter,
    search: String,
    alerts: AlertPage,
    tracked: Vec<Tracked>,
    /// What was done to which of our own alerts, here or elsewhere, the oldest first.
    dealt: Vec<(AlertKey, AttemptRecord)>,
    /// Our own alerts that stand in the journal: there each has the id by which every program calls it.
    born: Vec<KnownAlert>,
    /// When it could last be said of each of them that it holds.
    vouched: Vouched,
    next_ticket: u64,
    /// How each source was doing when the log was last told.
    noted: HashMap<SourceName, FeedStatus>,
    /// When a change was last handed over to each WFM.
    handed_at: HashMap<SourceName, DateTime<Utc>>,
    /// When each WFM was last asked again how a changed alert stands.
    looked_again_at: HashMap<SourceName, DateTime<Utc>>,
    theme: usize,
    /// Rows of a list on the screen, for paging.
    page_rows: usize,
    /// Rows by which what lies over the page can be scrolled down.
    scroll_limit: usize,
    /// Whether an answer to the question that is put counts by now.
    answerable: bool,
    /// Everybody on the shown floor as they stand.
    muster: Muster,
    /// The same of the team to which the list is narrowed, if it is.
    team_muster: Muster,
    /// For when everybody was last judged; none where something has happened since.
    judged_at: Option<DateTime<Utc>>,
    rotated_at: Option<DateTime<Utc>>,
    /// The day of which the schedule was last kept.
    planned_on: Option<DateTime<Utc>>,
    /// A step of the machine's clock that the sources' clocks contradict, since it has been said.
    contradicted: Option<TimeDelta>,
}

impl App {
    /// A program that has just started on `floor`.
    #[must_use]
    pub fn new(floor: Floor, setup: Setup, authority: Option<Authority>) -> Self {
        Self {
            setup,
            floor,
            frozen: None,
            frozen_ledger: None,
            ledger: Ledger::default(),
            campaign_days: Vec::new(),
            recalled: false,
            keeping: None,
            set_aside: None,
            authority,
            page: Page::Agents,
            prompt: None,
            notice: None,
            rows: Vec::new(),
            adherence_rows: Vec::new(),
            selected: None,
            selected_queue: None,
            log_back: 0,
            sort: Sort::Attention,
            reverse: false,
            filter: Filter::default(),
            search: String::new(),
            alerts: AlertPage::default(),
            tracked: Vec::new(),
            dealt: Vec::new(),
            born: Vec::new(),
            vouched: Vouched::default(),
            next_ticket: 0,
            noted: HashMap::new(),
            handed_at: HashMap::new(),
            looked_again_at: HashMap::new(),
            theme: 0,
            page_rows: 10,
            scroll_limit: 0,
            answerable: true,
            muster: Muster::default(),
            team_muster: Muster::default(),
            judged_at: None,
            rotated_at: None,
            planned_on: None,
            contradicted: None,
        }
    }

    /// What never changes while the program runs.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The floor as it is now, also while the picture is frozen.
    #[must_use]
    pub fn live_floor(&self) -> &Floor {
        &self.floor
    }

    /// The floor that is shown, and the instant it is shown for.
    #[must_use]
    pub fn shown(&self, now: DateTime<Utc>) -> (&Floor, DateTime<Utc>) {
        match &self.frozen {
            Some((floor, at)) => (floor, *at),
            None => (&self.floor, now),
        }
    }

    /// Everybody's times of the day, of the floor as it is now.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Everybody's times of the day, of the floor that is shown.
    #[must_use]
    pub fn shown_ledger(&self) -> &Ledger {
        self.frozen_ledger.as_ref().unwrap_or(&self.ledger)
    }

    /// The calls of campaigns on earlier days, as the journal has them.
    #[must_use]
    pub fn campaign_days(&self) -> &[CampaignDay] {
        &self.campaign_days
    }

    /// Why what happens is not kept from this run to the next; none where it is.
    #[must_use]
    pub fn keeping(&self) -> Option<&KeepingTrouble> {
        self.keeping.as_ref()
    }

    /// When a damaged journal was set aside and a new one begun: until the supervisor has put that
    /// away, or the floor's day has ended.
    #[must_use]
    pub fn set_aside_at(&self) -> Option<DateTime<Utc>> {
        self.set_aside
    }

    /// Since when the picture is held.
    #[must_use]
    pub fn frozen_at(&self) -> Option<DateTime<Utc>> {
        self.frozen.as_ref().map(|(_, at)| *at)
    }

    /// Whether commands can be sent from here.
    #[must_use]
    pub fn may_command(&self) -> bool {
        self.authority.is_some()
    }

    /// The question that is put, as far as another one would need another answer; none where none is, or
    /// where its answer changes nothing outside.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        match &self.prompt {
            Some(Prompt::Logout(prompt)) => Some(prompt.question(&self.floor)),
            Some(Prompt::Deal(prompt)) => Some(prompt.question()),
            _ => None,
        }
    }

    /// Whether an answer to the question that is put counts by now.
    #[must_use]
    pub fn is_answerable(&self) -> bool {
        self.answerable
    }

    /// The page shown.
    #[must_use]
    pub fn page(&self) -> Page {
        self.page
    }

    /// What lies over the page.
    #[must_use]
    pub fn prompt(&self) -> Option<&Prompt> {
        self.prompt.as_ref()
    }

    /// The last sentence for the supervisor.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// The rows of the page shown: agents, or on the adherence page those with a schedule.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        if self.page == Page::Adherence { &self.adherence_rows } else { &self.rows }
    }

    /// The index of the selected row in [`App::rows`]; the first where nobody has been selected.
    #[must_use]
    pub fn selected_row(&self) -> Option<usize> {
        let rows = self.rows();
        let chosen = self.selected.as_ref();
        chosen
            .and_then(|id| rows.iter().position(|row| &row.id == id))
            .or_else(|| (!rows.is_empty()).then_some(0))
    }

    /// The queue selected on the queues page.
    #[must_use]
    pub fn selected_queue(&self) -> Option<&QueueKey> {
        self.selected_queue.as_ref()
    }

    /// Rows of a list that fit on the screen, and by which a text over it can be scrolled down.
    #[must_use]
    pub fn room(&self) -> (usize, usize) {
        (self.page_rows, self.scroll_limit)
    }

    /// How many people on the shown floor need attention, whatever the list is narrowed to.
    #[must_use]
    pub fn attention(&self) -> Attention {
        self.muster.attention()
    }

    /// How many people on the shown floor vanished or are forgotten, whatever the list is narrowed to.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.muster.lost
    }

    /// How many people on the shown floor do what is scheduled now, whatever the list is narrowed to.
    #[must_use]
    pub fn head_count(&self) -> HeadCount {
        self.muster.head_count
    }

    /// Whose shift on the shown floor begins about now, whatever the list is narrowed to.
    #[must_use]
    pub fn due(&self) -> &Due {
        &self.muster.due
    }

    /// Everybody on the shown floor as they stood when they were last judged; of `team` whoever is in
    /// it, as long as the list is narrowed to it.
    #[must_use]
    pub fn muster(&self, team: Option<&str>) -> Option<&Muster> {
        match team {
            None => Some(&self.muster),
            Some(_) => (self.filter.team.as_deref() == team).then_some(&self.team_muster),
        }
    }

    /// People on the shown floor by what they do, whatever the list is narrowed to.
    #[must_use]
    pub fn totals(&self, now: DateTime<Utc>) -> Totals {
        if self.is_judged(now) {
            return self.muster.totals;
        }
        let (floor, at) = self.shown(now);
        floor.totals(at)
    }

    /// Rows by which the log is scrolled back from its newest line.
    #[must_use]
    pub fn log_back(&self) -> usize {
        self.log_back
    }

    /// The column the agents are sorted by, and whether in reverse.
    #[must_use]
    pub fn sort(&self) -> (Sort, bool) {
        (self.sort, self.reverse)
    }

    /// What narrows the list.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What is searched for; empty when nothing is.
    #[must_use]
    pub fn search(&self) -> &str {
        &self.search
    }

    /// Attempts to log somebody out or to change an alert, the newest last.
    #[must_use]
    pub fn tracked(&self) -> &[Tracked] {
        &self.tracked
    }

    /// The name of the theme in use.
    #[must_use]
    pub fn theme(&self) -> &str {
        self.setup.themes.get(self.theme).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests;
