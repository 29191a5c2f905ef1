//! Faults that a test, or a curious operator, switches on per API.

mod body;
pub mod evil;
mod reply;

pub use reply::{json, login_page, status};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What a fault applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Convoso's search without a queue.
    Convoso,
    /// Convoso's search of one queue.
    ConvosoScoped,
    /// Convoso's logout.
    ConvosoLogout,
    /// Convoso's log of agent productivity.
    ConvosoHistory,
    /// CxEngage's feed.
    #[serde(rename = "cxengage")]
    CxEngage,
    /// sip.io's KPIs.
    SipIo,
    /// The WFM's states.
    Wfm,
    /// The WFM's alerts: the list, and the look-up of one.
    WfmAlerts,
    /// The change of one of the WFM's alerts.
    WfmUpdate,
}

/// What goes wrong. In JSON: `{"fault": "status", "code": 503, "retry_after": 5}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// An HTTP status with a JSON error, and how many seconds to wait.
    Status {
        /// The status.
        code: u16,
        /// Seconds, for `Retry-After`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// 200 with a login page.
    Html,
    /// 302 to a login page.
    RedirectToLogin,
    /// 200 with no body.
    Empty,
    /// 200 with this body.
    Says {
        /// The body.
        body: String,
    },
    /// 200 with half of the JSON.
    Truncated,
    /// 200 with every value of another type.
    WrongTypes,
    /// 200 with bytes that are not UTF-8.
    InvalidUtf8,
    /// 200 with more than 40 MiB.
    Oversize,
    /// No answer at all.
    Hang,
    /// The right answer, late.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection is cut in the middle of the body.
    Disconnect,
    /// 403.
    Forbidden,
    /// Success with nobody in it.
    EmptyList,
    /// Half of the agents, under a count of all.
    PartialList,
    /// A third of the agents, under a count that agrees.
    HalfGone,
    /// 200 with `success: false` and an error text.
    SuccessFalse {
        /// The text.
        text: String,
    },
    /// 200 with `success: false`, a code and a text.
    CodeText {
        /// The vendor's code.
        code: u32,
        /// The text.
        text: String,
    },
    /// Every second agent sits in two queues, and has a row in each.
    InTwoQueues,
    /// Names that attack a terminal.
    EvilNames,
    /// Logout answers success, and the agent stays.
    LogoutLies,
    /// Logout works, and never answers.
    LogoutTimesOut,
    /// Logout answers 6012 and does nothing.
    Logout6012,
    /// Logout works, and the agent is back after twelve seconds.
    ComesBack,
    /// A change is done, and never answered.
    DoneThenHangs,
    /// A change is done, and answered with an error.
    DoneThenStatus {
        /// The status.
        code: u16,
    },
    /// A change is not done, and answered as if it were.
    Lies,
    /// A change is done, and its answer does not say what it came to.
    WithoutStatus,
}

/// The faults that are on. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<BTreeMap<Target, On>>>);

/// A fault that is on, and for how many more requests where it is not for all.
#[derive(Debug)]
struct On {
    fault: Fault,
    times: Option<u32>,
}

impl Faults {
    /// Switches `fault` on for `target` in place of the one before; `Fault::None` heals it.
    pub fn set(&self, target: Target, fault: Fault) {
        self.lock().insert(target, On { fault, times: None });
    }

    /// Switches `fault` on for the next `times` requests of `target`.
    pub fn set_for(&self, target: Target, fault: Fault, times: u32) {
        self.lock().insert(target, On { fault, times: Some(times) });
    }

    /// Heals everything.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The fault that a request of `target` meets.
    #[must_use]
    pub fn meet(&self, target: Target) -> Fault {
        let mut faults = self.lock();
        let Some(on) = faults.get_mut(&target) else { return Fault::None };
        match &mut on.times {
            Some(0) => return Fault::None,
            Some(times) => *times -= 1,
            None => {}
        }
        on.fault.clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Target, On>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    /// Whether the agent at `place` of a list is left out.
    #[must_use]
    pub fn hides(&self, place: usize) -> bool {
        match self {
            Self::EmptyList => true,
            Self::PartialList => place % 2 == 1,
            Self::HalfGone => !place.is_multiple_of(3),
            _ => false,
        }
    }

    /// Whether counts are of the list as it is shown, or of the whole.
    #[must_use]
    pub fn counts_agree(&self) -> bool {
        *self != Self::PartialList
    }

    /// Whether the person at `index` sits in two queues.
    #[must_use]
    pub fn sits_twice(&self, index: usize) -> bool {
        *self == Self::InTwoQueues && index.is_multiple_of(2)
    }

    /// What the person at `index` is called.
    #[must_use]
    pub fn name(&self, index: usize, name: &str) -> String {
        match self {
            Self::EvilNames => evil::name(index),
            _ => name.to_owned(),
        }
    }
}
