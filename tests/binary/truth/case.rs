//! What goes wrong in one run: each source is well, silent, slow, hanging, denied or empty.

use std::fmt;

use floorwatch::simulator::{Fault, Target};

/// The sources, and what is read beside them.
pub const TARGETS: [Target; 6] = [
    Target::Convoso,
    Target::ConvosoHistory,
    Target::CxEngage,
    Target::SipIo,
    Target::Wfm,
    Target::WfmAlerts,
];

/// How a source may be when it is not well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It answers that it is not there.
    Silent,
    /// It answers rightly, after several polls.
    Slow,
    /// It never answers.
    Hanging,
    /// It refuses.
    Denied,
    /// It lists nobody.
    Empty,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Silent, Self::Slow, Self::Hanging, Self::Denied, Self::Empty];

    pub fn fault(self, target: Target) -> Fault {
        match (self, target) {
            (Self::Silent, _) => Fault::Status { code: 503, retry_after: None },
            (Self::Slow, Target::Convoso) => Fault::Delay { ms: 5_000 },
            (Self::Slow, _) => Fault::Delay { ms: 8_000 },
            (Self::Hanging, _) => Fault::Hang,
            (Self::Denied, Target::CxEngage | Target::SipIo) => Fault::Forbidden,
            (Self::Denied, _) => Fault::Status { code: 401, retry_after: None },
            (Self::Empty, _) => Fault::EmptyList,
        }
    }

    /// Whether the program learns nothing of anybody's state as long as it lasts.
    pub fn tells_nothing(self) -> bool {
        self != Self::Slow
    }
}

/// Which sources are how; those that are not named are well.
#[derive(Clone, PartialEq, Eq)]
pub struct Case(Vec<(Target, Kind)>);

impl Case {
    pub fn new(sick: &[(Target, Kind)]) -> Self {
        Self(sick.to_vec())
    }

    pub fn sick(&self) -> &[(Target, Kind)] {
        &self.0
    }

    pub fn kind(&self, target: Target) -> Option<Kind> {
        self.0.iter().find(|(sick, _)| *sick == target).map(|(_, kind)| *kind)
    }

    /// The case that a name such as `convoso=silent,wfm=empty` means; `well` is the one without a fault.
    pub fn named(name: &str) -> Option<Self> {
        if name == "well" {
            return Some(Self(Vec::new()));
        }
        let one = |part: &str| {
            let (target, kind) = part.trim().split_once('=')?;
            let mut known = TARGETS.into_iter().chain([Target::ConvosoScoped]);
            let target = known.find(|known| word(known) == target)?;
            let kind = Kind::ALL.into_iter().find(|known| word(known) == kind)?;
            Some((target, kind))
        };
        name.split(',').map(one).collect::<Option<_>>().map(Self)
    }

    /// Every subset of the sources that is not empty, all of it in one of the ways, and once with the
    /// ways mixed; the dialer's counts of calls alone, which nothing else goes by.
    pub fn every_subset() -> Vec<Self> {
        let subset = |bits: usize| {
            let members: Vec<_> =
                TARGETS.into_iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).collect();
            let alike = Kind::ALL.map(|kind| members.iter().map(|(_, of)| (*of, kind)).collect());
            let ways = Kind::ALL.into_iter().cycle().skip(bits);
            let mixed = members.iter().zip(ways).map(|((_, of), kind)| (*of, kind)).collect();
            let is_mixed = members.len() > 1;
            alike.into_iter().chain(is_mixed.then_some(mixed)).map(Self)
        };
        let counts = Kind::ALL.map(|kind| Self(vec![(Target::ConvosoScoped, kind)]));
        (1..1 << TARGETS.len()).flat_map(subset).chain(counts).collect()
    }

    /// Every combination of the four sources, each of them well or sick in one of the ways.
    pub fn every_combination() -> Vec<Self> {
        let sources = [Target::Convoso, Target::CxEngage, Target::SipIo, Target::Wfm];
        let mut all = vec![Vec::new()];
        for source in sources {
            let with = |kind| all.iter().map(move |case: &Vec<_>| (case.clone(), kind));
            let longer = Kind::ALL.into_iter().flat_map(with).map(|(mut case, kind)| {
                case.push((source, kind));
                case
            });
            let longer: Vec<_> = longer.collect();
            all.extend(longer);
        }
        all.into_iter().filter(|case| !case.is_empty()).map(Self).collect()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("well");
        }
        let parts = self.0.iter().map(|(target, kind)| format!("{}={}", word(target), word(kind)));
        f.write_str(&parts.collect::<Vec<_>>().join(","))
    }
}

fn word(of: &impl fmt::Debug) -> String {
    format!("{of:?}").to_lowercase()
}
