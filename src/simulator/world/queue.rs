//! Campaigns and their queues.

use super::chance;

const CAMPAIGNS: [(&str, &str); 3] =
    [("Sales Campaign", "outbound"), ("Customer Care", "inbound"), ("Renewals", "blended")];

const QUEUES: [&str; 6] =
    ["Main Queue", "Care English", "Renewals", "Hot Leads", "Care Spanish", "Win Back"];

/// A campaign.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// The dialer's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// outbound, inbound or blended.
    pub kind: &'static str,
}

/// A queue; it belongs to one campaign.
#[derive(Debug, Clone)]
pub struct Queue {
    /// The dialer's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The index of its campaign.
    pub campaign: usize,
    /// Leads that were dialable before the first call of the day.
    pub leads: u64,
}

/// The three campaigns.
#[must_use]
pub fn campaigns() -> Vec<Campaign> {
    (111..)
        .zip(CAMPAIGNS)
        .map(|(id, (name, kind)): (u32, _)| Campaign {
            id: id.to_string(),
            name: name.into(),
            kind,
        })
        .collect()
}

/// `count` queues, dealt to the campaigns in turn.
#[must_use]
pub fn queues(count: usize, seed: u64) -> Vec<Queue> {
    (0..count.max(1))
        .map(|index| Queue {
            id: (222 + index).to_string(),
            name: match QUEUES.get(index) {
                Some(name) => (*name).to_owned(),
                None => format!("Queue {}", index + 1),
            },
            campaign: index % CAMPAIGNS.len(),
            leads: 1_200 + chance::mix(seed, index as u64) % 9_000,
        })
        .collect()
}
