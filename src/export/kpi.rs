//! The figures of a window, and those that one source keeps itself.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};

use super::instant::instant;
use crate::model::{ActivityKind, AdherencePct, Bucket, VendorKpi};
use crate::rules::kpi::two_decimals;
use crate::rules::{self, DayAdherence, Figures, Share, Times};

/// The figures of a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kpi {
    /// Start of the window.
    #[serde(serialize_with = "instant")]
    pub since: DateTime<Utc>,
    /// Milliseconds in each activity; their sum is the window's length.
    pub ms: KpiMillis,
    /// Milliseconds logged in; null where nobody knows anything of the window.
    pub logged_in_ms: Option<i64>,
    /// Handle time by handle and available time.
    #[serde(serialize_with = "share")]
    pub occupancy_pct: Option<Share>,
    /// Handle time by logged-in time.
    #[serde(serialize_with = "share")]
    pub utilization_pct: Option<Share>,
    /// Share of scheduled time spent as scheduled, or "bypass" for whom the schedule does not bind.
    pub adherence_pct: Option<AdherenceShare<Share>>,
    /// How much is known of the time in which somebody was or may have been logged in: what the first
    /// two are worth. Null of no time.
    pub known_pct: Option<f64>,
    /// How much is known of the scheduled time: what adherence is worth; conformance is of the work in it
    /// alone. Null where nothing was scheduled.
    pub adherence_known_pct: Option<f64>,
}

/// The figures of a window as a report has them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportKpi {
    /// What a snapshot has too.
    #[serde(flatten)]
    pub kpi: Kpi,
    /// Milliseconds on contact and wrapping up, without calls on the agent's own phone; null where
    /// nobody knows anything of the window.
    pub handle_ms: Option<i64>,
    /// Worked time by scheduled work, whenever it was worked; may exceed 100.
    #[serde(serialize_with = "share")]
    pub conformance_pct: Option<Share>,
}

/// Milliseconds in each activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the activities'")]
pub struct KpiMillis {
    pub available: i64,
    pub on_contact: i64,
    pub wrap_up: i64,
    pub away: i64,
    pub ringing: i64,
    pub logged_in: i64,
    pub unreachable: i64,
    pub offline: i64,
    pub unknown: i64,
}

/// A share of scheduled time, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AdherenceShare<P> {
    /// Percent.
    Percent(P),
    /// "bypass".
    Word(&'static str),
}

impl AdherenceShare<f64> {
    /// A telephony system's own, unchanged; none where it has no schedule, or none that can be read.
    fn said(adherence: &AdherencePct) -> Option<Self> {
        match adherence {
            AdherencePct::Percent(pct) => Some(Self::Percent(*pct)),
            AdherencePct::Bypass => Some(Self::Word("bypass")),
            AdherencePct::NoSchedule | AdherencePct::Unreadable(_) => None,
        }
    }
}

impl AdherenceShare<Share> {
    /// None where there is no schedule, or none that can be read.
    fn of(adherence: &DayAdherence) -> Option<Self> {
        match adherence {
            DayAdherence::Share(share) => Some(Self::Percent(*share)),
            DayAdherence::Bypass => Some(Self::Word("bypass")),
            DayAdherence::NoSchedule | DayAdherence::Unreadable(_) => None,
        }
    }

    /// As a cell of a CSV: a number without a mark, which stands in a column of its own.
    pub(super) fn cell(self) -> String {
        match self {
            Self::Percent(share) => two_decimals(share.pct()).to_string(),
            Self::Word(word) => word.to_owned(),
        }
    }
}

impl Serialize for AdherenceShare<f64> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Percent(pct) => out.serialize_f64(*pct),
            Self::Word(word) => out.serialize_str(word),
        }
    }
}

impl Serialize for AdherenceShare<Share> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Percent(pct) => out.serialize_f64(two_decimals(pct.pct())),
            Self::Word(word) => out.serialize_str(word),
        }
    }
}

/// A percentage as a number; how much of it is known stands beside it.
fn share<S: Serializer>(share: &Option<Share>, out: S) -> Result<S::Ok, S::Error> {
    share.map(|share| two_decimals(share.pct())).serialize(out)
}

impl Kpi {
    /// The figures as they are written.
    #[must_use]
    pub fn of(figures: &Figures) -> Self {
        Self {
            since: figures.since,
            ms: KpiMillis::of(&figures.times),
            logged_in_ms: known_ms(figures, figures.logged_in),
            occupancy_pct: figures.occupancy,
            utilization_pct: figures.utilization,
            adherence_pct: AdherenceShare::of(&figures.adherence),
            known_pct: figures.known_pct().map(two_decimals),
            adherence_known_pct: figures.schedule_known_pct().map(two_decimals),
        }
    }
}

impl ReportKpi {
    /// The figures as they are written.
    #[must_use]
    pub fn of(figures: &Figures) -> Self {
        Self {
            kpi: Kpi::of(figures),
            handle_ms: known_ms(figures, figures.handle),
            conformance_pct: figures.conformance,
        }
    }
}

impl KpiMillis {
    fn of(times: &Times) -> Self {
        let spent = |kind| times.of(kind).num_milliseconds();
        Self {
            available: spent(ActivityKind::Available),
            on_contact: spent(ActivityKind::OnContact),
            wrap_up: spent(ActivityKind::WrapUp),
            away: spent(ActivityKind::Away),
            ringing: spent(ActivityKind::Ringing),
            logged_in: spent(ActivityKind::LoggedIn),
            unreachable: spent(ActivityKind::Unreachable),
            offline: spent(ActivityKind::Offline),
            unknown: spent(ActivityKind::Unknown),
        }
    }
}

/// `time`, which follows from what is known of the window: of whom nobody knows anything, 0 would
/// claim that there was none.
fn known_ms(figures: &Figures, time: TimeDelta) -> Option<i64> {
    let nothing = figures.times.all() > TimeDelta::zero() && figures.times.known().is_zero();
    (!nothing).then(|| time.num_milliseconds())
}

/// The figures that one source keeps itself, and ours from the same times.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceKpi {
    /// The vendor's, unchanged.
    pub vendor: VendorFigures,
    /// Ours.
    pub ours: OurFigures,
}

/// A vendor's figures, unchanged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VendorFigures {
    /// Start of its window.
    #[serde(serialize_with = "instant")]
    pub since: DateTime<Utc>,
    /// End of its window.
    #[serde(serialize_with = "instant")]
    pub as_of: DateTime<Utc>,
    /// Milliseconds in each of its states, by our word for it; one we do not know verbatim.
    pub ms: BTreeMap<String, i64>,
    /// Milliseconds logged in.
    pub logged_in_ms: Option<i64>,
    /// Occupancy; 0 also where there is nothing to divide by.
    pub occupancy_pct: Option<f64>,
    /// Utilization.
    pub utilization_pct: Option<f64>,
    /// Adherence: a number, "bypass", or null.
    pub adherence_pct: Option<AdherenceShare<f64>>,
}

/// The figures that follow from the vendor's times.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OurFigures {
    /// Milliseconds logged in.
    pub logged_in_ms: i64,
    /// Occupancy; null where there is nothing to divide by.
    pub occupancy_pct: Option<f64>,
    /// Utilization; null where there is nothing to divide by.
    pub utilization_pct: Option<f64>,
    /// How much of the vendor's window its states account for; null of no time.
    pub known_pct: Option<f64>,
}

impl SourceKpi {
    pub(super) fn of(vendor: &VendorKpi) -> Self {
        let ours = rules::Kpi::of(&Times::of_vendor(vendor));
        let ms = vendor.spent.iter();
        Self {
            vendor: VendorFigures {
                since: vendor.since,
                as_of: vendor.as_of,
                ms: ms.map(|(state, time)| (word(state), time.num_milliseconds())).collect(),
                logged_in_ms: vendor.logged_in.map(|time| time.num_milliseconds()),
                occupancy_pct: vendor.occupancy_pct,
                utilization_pct: vendor.utilization_pct,
                adherence_pct: AdherenceShare::said(&vendor.adherence),
            },
            ours: OurFigures {
                logged_in_ms: ours.logged_in.num_milliseconds(),
                occupancy_pct: ours.occupancy_pct.map(two_decimals),
                utilization_pct: ours.utilization_pct.map(two_decimals),
                known_pct: vendor.known_pct().map(two_decimals),
            },
        }
    }
}

fn word(state: &Bucket) -> String {
    match state {
        Bucket::ExternalCall => "external_call",
        Bucket::OnContact => "on_contact",
        Bucket::Offline => "offline",
        Bucket::Unreachable => "unreachable",
        Bucket::Ringing => "ringing",
        Bucket::Away => "away",
        Bucket::WrapUp => "wrap_up",
        Bucket::Available => "available",
        Bucket::LoggedIn => "logged_in",
        Bucket::Other(word) => word,
    }
    .to_owned()
}
