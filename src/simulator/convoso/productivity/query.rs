//! What a search asks for.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};

use super::refusal::Refusal;
use crate::simulator::dialect::Dialect;
use crate::simulator::parameters::Parameters;
use crate::simulator::server_time::{ServerTime, VENDOR_ZONE};
use crate::simulator::world::World;
use crate::simulator::world::log::{Event, Mark};

const LONGEST_PAGE: usize = 1_000;
const FARTHEST_OFFSET: usize = 50_000;

/// A search that can be answered; true times.
#[derive(Debug)]
pub struct Query {
    /// From here, inclusive; none for the beginning of all data.
    pub from: Option<DateTime<Utc>>,
    /// Up to here, exclusive; none for now.
    pub until: Option<DateTime<Utc>>,
    campaign: Option<usize>,
    people: Option<HashSet<usize>>,
    /// Whether entries without a state are among them.
    blanks: bool,
    /// How many to leave out at the front.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

impl Query {
    /// Reads a request's parameters, or says what is wrong with them.
    pub fn of(
        parameters: &Parameters,
        world: &World,
        time: ServerTime,
        dialect: Dialect,
    ) -> Result<Self, Refusal> {
        let day = |name| parameters.get(name).map(|text| moment(text, dialect)).transpose();
        let (start, end) = (day("date_start")?, day("date_end")?);
        if let (Some((first, _)), Some((last, _))) = (start, end)
            && first > last
        {
            return Err(Refusal::Order);
        }
        let meant = |(at, length): (NaiveDateTime, TimeDelta)| time.meant(local(at + length));
        let from = match (start, end) {
            (Some((at, _)), _) => Some(time.meant(local(at))),
            (None, Some(_)) => None,
            (None, None) => Some(time.midnight()),
        };
        let campaign = parameters
            .get("campaign_id")
            .map(|id| world.campaigns.iter().position(|c| c.id == id).ok_or(Refusal::Campaign));
        let number = |name: &str, usual, refusal| {
            parameters.get(name).map_or(Ok(usual), |n| n.parse::<usize>().map_err(|_| refusal))
        };
        let limit = number("limit", LONGEST_PAGE, Refusal::Limit)?;
        let offset = number("offset", 0, Refusal::Offset)?;
        if !(1..=LONGEST_PAGE).contains(&limit) {
            return Err(Refusal::Limit);
        }
        if offset > FARTHEST_OFFSET {
            return Err(Refusal::Offset);
        }
        Ok(Self {
            from,
            until: end.map(meant),
            campaign: campaign.transpose()?,
            people: parameters.get("agent_emails").map(|list| people(list, world)),
            blanks: dialect != Dialect::Documented,
            offset,
            limit,
        })
    }

    /// Whether `event`, which is in the range of time, is asked for.
    #[must_use]
    pub fn holds(&self, event: &Event) -> bool {
        self.campaign.is_none_or(|campaign| campaign == event.campaign)
            && self.people.as_ref().is_none_or(|people| people.contains(&event.person))
            && (self.blanks || event.mark != Mark::Blank)
    }
}

/// Whose addresses those are; an address that nobody has is nobody's.
fn people(list: &str, world: &World) -> HashSet<usize> {
    let wanted: HashSet<_> = list.split(',').map(|email| email.trim().to_lowercase()).collect();
    world.people.iter().filter(|p| wanted.contains(&p.email())).map(|p| p.index).collect()
}

/// A day and its length; the service takes a second of the day as well.
fn moment(text: &str, dialect: Dialect) -> Result<(NaiveDateTime, TimeDelta), Refusal> {
    let is_date = text.len() == "2026-03-01".len();
    match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) if is_date => Ok((day.and_time(NaiveTime::MIN), TimeDelta::days(1))),
        _ if dialect == Dialect::Documented => Err(Refusal::Date),
        _ => NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
            .map(|second| (second, TimeDelta::seconds(1)))
            .map_err(|_| Refusal::Date),
    }
}

/// A local time of the server's; one that a change of the clocks skips is the hour after it.
fn local(at: NaiveDateTime) -> DateTime<Utc> {
    let found = VENDOR_ZONE.from_local_datetime(&at).earliest();
    let after = || VENDOR_ZONE.from_local_datetime(&(at + TimeDelta::hours(1))).earliest();
    found.or_else(after).map_or_else(|| at.and_utc(), |at| at.to_utc())
}
