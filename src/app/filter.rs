//! What narrows the list of agents.

use crate::model::ActivityKind;

/// What narrows the list; everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only who needs attention.
    pub attention: bool,
    /// Only this kind of activity.
    pub activity: Option<ActivityKind>,
    /// Only this team.
    pub team: Option<String>,
    /// Only this campaign, by name.
    pub campaign: Option<String>,
    /// Only this queue, by name.
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
    /// How many people it leaves.
    pub people: usize,
    /// Whether it is set now.
    pub is_set: bool,
}
