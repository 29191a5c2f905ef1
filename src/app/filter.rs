//! What narrows the list of agents, and the picker that chooses it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use tui_input::Input;

use super::search::matching;
use super::{App, Row};
use crate::model::{ActivityKind, Floor, Person};
use crate::rules::words;

/// What narrows the list; everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only who needs attention.
    pub attention: bool,
    /// Only the vanished and the forgotten.
    pub lost: bool,
    /// Only this kind of activity.
    pub activity: Option<ActivityKind>,
    /// Only this team.
    pub team: Option<String>,
    /// Only this campaign, by name, else id.
    pub campaign: Option<String>,
    /// Only this queue, by name, else id.
    pub queue: Option<String>,
    /// Only with this skill.
    pub skill: Option<String>,
}

/// One thing the list can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facet {
    /// Everybody: clears the filter.
    Everybody,
    /// See [`Filter::attention`].
    Attention,
    /// See [`Filter::lost`].
    Lost,
    /// See [`Filter::activity`].
    Activity(ActivityKind),
    /// See [`Filter::team`].
    Team(String),
    /// See [`Filter::campaign`].
    Campaign(String),
    /// See [`Filter::queue`].
    Queue(String),
    /// See [`Filter::skill`].
    Skill(String),
}

/// One line of the picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterOption {
    /// What it narrows the list to.
    pub facet: Facet,
    /// How it is written: `queue: Main Queue`.
    pub label: String,
    /// How many people it leaves, by itself.
    pub people: usize,
    /// Whether it is set now.
    pub is_set: bool,
}

/// A list of everything the agents can be narrowed to.
#[derive(Debug, Clone)]
pub struct FilterPicker {
    /// What has been typed; narrows the options.
    pub input: Input,
    /// Every option, with how many people it leaves.
    pub options: Vec<FilterOption>,
    /// Indexes into `options` that match what has been typed, best first.
    pub matching: Vec<usize>,
    /// The selected one, an index into `matching`.
    pub selected: usize,
}

impl Facet {
    /// How it is written.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Everybody => "everybody (clear the filter)".to_owned(),
            Self::Attention => "needs attention".to_owned(),
            Self::Lost => "lost: vanished or forgotten".to_owned(),
            Self::Activity(kind) => format!("state: {}", words::kind(*kind)),
            Self::Team(name) => format!("team: {name}"),
            Self::Campaign(name) => format!("campaign: {name}"),
            Self::Queue(name) => format!("queue: {name}"),
            Self::Skill(name) => format!("skill: {name}"),
        }
    }

    fn admits(&self, row: &Row, person: &Person) -> bool {
        match self {
            Self::Everybody => true,
            Self::Attention => !row.findings.is_empty(),
            Self::Lost => row.lost.is_some(),
            Self::Activity(kind) => row.headline.activity.kind() == *kind,
            Self::Team(name) => person.team.as_ref() == Some(name),
            Self::Campaign(name) => works(person, |work| work.campaigns().any(|c| c == name)),
            Self::Queue(name) => works(person, |work| work.queues().any(|q| q == name)),
            Self::Skill(name) => works(person, |work| work.skills.contains(name)),
        }
    }
}

fn works(person: &Person, holds: impl Fn(&crate::model::Work) -> bool) -> bool {
    person.presences.iter().any(|presence| holds(&presence.work))
}

impl Filter {
    /// Whether nothing is narrowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is set, one facet each.
    #[must_use]
    pub fn facets(&self) -> Vec<Facet> {
        let attention = self.attention.then_some(Facet::Attention);
        let lost = self.lost.then_some(Facet::Lost);
        let named = [
            self.team.clone().map(Facet::Team),
            self.campaign.clone().map(Facet::Campaign),
            self.queue.clone().map(Facet::Queue),
            self.skill.clone().map(Facet::Skill),
        ];
        let activity = self.activity.map(Facet::Activity);
        [attention, lost, activity].into_iter().chain(named).flatten().collect()
    }

    /// Whether `person`, whose row is `row`, is in the list.
    #[must_use]
    pub fn admits(&self, row: &Row, person: &Person) -> bool {
        self.facets().iter().all(|facet| facet.admits(row, person))
    }

    /// Sets `facet`; sets it back where it was set.
    pub(super) fn toggle(&mut self, facet: Facet) {
        fn flip<T: PartialEq>(slot: &mut Option<T>, value: T) {
            *slot = if slot.as_ref() == Some(&value) { None } else { Some(value) };
        }
        match facet {
            Facet::Everybody => *self = Self::default(),
            Facet::Attention => self.attention = !self.attention,
            Facet::Lost => self.lost = !self.lost,
            Facet::Activity(kind) => flip(&mut self.activity, kind),
            Facet::Team(name) => flip(&mut self.team, name),
            Facet::Campaign(name) => flip(&mut self.campaign, name),
            Facet::Queue(name) => flip(&mut self.queue, name),
            Facet::Skill(name) => flip(&mut self.skill, name),
        }
    }
}

/// Every facet that somebody on `floor` has.
fn facets(floor: &Floor) -> Vec<Facet> {
    let mut named: [BTreeSet<&str>; 4] = Default::default();
    for person in floor.people() {
        named[0].extend(person.team.as_deref());
        for presence in &person.presences {
            named[1].extend(presence.work.campaigns());
            named[2].extend(presence.work.queues());
            named[3].extend(presence.work.skills.iter().map(String::as_str));
        }
    }
    let [teams, campaigns, queues, skills] = named;
    let own = |names: BTreeSet<&str>, facet: fn(String) -> Facet| {
        names.into_iter().map(|name| facet(name.to_owned())).collect::<Vec<_>>()
    };
    let mut all = vec![Facet::Everybody, Facet::Attention, Facet::Lost];
    all.extend(ActivityKind::ALL.map(Facet::Activity));
    all.extend(own(teams, Facet::Team));
    all.extend(own(campaigns, Facet::Campaign));
    all.extend(own(queues, Facet::Queue));
    all.extend(own(skills, Facet::Skill));
    all
}

impl FilterPicker {
    fn new(options: Vec<FilterOption>) -> Self {
        let mut picker = Self { input: Input::default(), options, matching: vec![], selected: 0 };
        picker.narrow();
        picker
    }

    /// Finds the options that match what has been typed, best first.
    pub(super) fn narrow(&mut self) {
        let labels = self.options.iter().map(|option| option.label.as_str());
        self.matching = matching(self.input.value(), labels);
        self.selected = 0;
    }

    /// The facet under the selection.
    #[must_use]
    pub fn chosen(&self) -> Option<&Facet> {
        let option = self.matching.get(self.selected)?;
        self.options.get(*option).map(|option| &option.facet)
    }
}

impl App {
    /// The picker over everybody on the shown floor.
    pub(super) fn filter_picker(&self, now: DateTime<Utc>) -> FilterPicker {
        let (floor, at) = self.shown(now);
        let rows = self.rows_of(floor, at);
        let set = self.filter.facets();
        let options = facets(floor)
            .into_iter()
            .map(|facet| FilterOption {
                label: facet.label(),
                people: rows
                    .iter()
                    .filter(|row| {
                        floor.people().get(row.person).is_some_and(|p| facet.admits(row, p))
                    })
                    .count(),
                is_set: set.contains(&facet),
                facet,
            })
            .filter(|option| option.people > 0 || option.is_set || option.facet == Facet::Everybody)
            .collect();
        FilterPicker::new(options)
    }
}
