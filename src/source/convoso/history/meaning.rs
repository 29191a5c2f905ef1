//! What a row's state and availability code mean together.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Activity, Doubt, Evidence, RawWord, Reason};
use crate::source::reason::Reasons;

/// What a row does to its agent's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It begins one.
    Login,
    /// It ends one.
    Logout,
    /// It only says what the agent does.
    Within,
}

/// What a row says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub step: Step,
    pub activity: Activity,
    pub evidence: Evidence,
    pub raw: RawWord,
    pub doubt: Option<Doubt>,
}

/// The words of a row, cleaned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words<'a> {
    pub state: &'a str,
    pub code: Option<&'a str>,
    /// What the account calls its code, where the service says so.
    pub name: Option<&'a str>,
}

/// Translates rows. A floor has few different words, so that each is translated and kept once.
#[derive(Debug)]
pub(super) struct Meanings {
    reasons: Reasons,
    known: HashMap<String, Arc<Meaning>>,
}

/// Different words remembered; a vendor with more of them makes new ones up.
const REMEMBERED: usize = 4096;

impl Meanings {
    pub(super) fn new(reasons: Reasons) -> Self {
        Self { reasons, known: HashMap::new() }
    }

    /// What `words` mean; none for a row without a state, which only marks something.
    pub(super) fn of(&mut self, words: Words<'_>) -> Option<Arc<Meaning>> {
        if fold(words.state).is_empty() {
            return None;
        }
        let Words { state, code, name } = words;
        let (code, name) = (code.unwrap_or_default(), name.unwrap_or_default());
        let key = format!("{state}\n{code}\n{name}");
        if let Some(known) = self.known.get(&key) {
            return Some(Arc::clone(known));
        }
        let meaning = Arc::new(self.translate(words));
        if self.known.len() < REMEMBERED {
            self.known.insert(key, Arc::clone(&meaning));
        }
        Some(meaning)
    }

    /// The state decides what it is, the code only why.
    fn translate(&self, words: Words<'_>) -> Meaning {
        use Activity::{Available, Away, LoggedIn, Offline, Unknown};
        let kinds = || words.both().map(kind);
        let says = |of: &[Kind]| kinds().any(|kind| of.contains(&kind));
        let of = |step, activity| (step, activity, Evidence::Observed, false);
        let (step, activity, evidence, doubt) = match fold(words.state).as_str() {
            // Its code may be AVAILABLE, which here means only that the phone works.
            "login" | "loggedin" => of(Step::Login, LoggedIn),
            "logout" | "loggedout" => of(Step::Logout, Offline),
            // A dialer's agent is ready also while talking.
            "ready" => {
                let contradicts = says(&[Kind::Pause, Kind::Wrap, Kind::Out]);
                (Step::Within, Available, Evidence::Derived, contradicts)
            }
            "notready" => match self.mapped(words) {
                Some(reason) => of(Step::Within, Away(reason)),
                None if says(&[Kind::Wrap]) => of(Step::Within, Activity::WrapUp),
                None if says(&[Kind::Free, Kind::Out]) => {
                    (Step::Within, Away(Reason::Unspecified), Evidence::Observed, true)
                }
                None => {
                    let why = words.shown().filter(|word| kind(word) != Kind::Paused);
                    of(Step::Within, Away(self.reasons.of(why)))
                }
            },
            _ => of(Step::Within, Unknown),
        };
        let raw = match words.shown() {
            Some(word) => format!("{} {word}", words.state),
            None => words.state.to_owned(),
        };
        let doubt = doubt.then_some(Doubt::Contradiction);
        Meaning { step, activity, evidence, raw: RawWord::from(raw), doubt }
    }

    /// What the floor itself calls the code or its name.
    fn mapped(&self, words: Words<'_>) -> Option<Reason> {
        words.both().find_map(|word| self.reasons.mapped(word))
    }
}

impl<'a> Words<'a> {
    /// What is shown beside the state: the code, or its name where the code is only a number.
    fn shown(self) -> Option<&'a str> {
        let is_number = |code: &str| code.bytes().all(|b| b.is_ascii_digit());
        match self.code {
            Some(code) if !is_number(code) => Some(code),
            code => self.name.or(code),
        }
    }

    fn both(self) -> impl Iterator<Item = &'a str> {
        [self.code, self.name].into_iter().flatten()
    }
}

/// What a code speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Free,
    Pause,
    Wrap,
    Out,
    /// Says that somebody is paused, and not why.
    Paused,
    Other,
}

fn kind(code: &str) -> Kind {
    match fold(code).as_str() {
        "available" | "ready" | "readycalls" => Kind::Free,
        "break" | "lunch" | "training" | "meeting" => Kind::Pause,
        "wrap" | "wrapup" => Kind::Wrap,
        "loggedout" | "logout" => Kind::Out,
        "notready" | "pause" | "paused" => Kind::Paused,
        _ => Kind::Other,
    }
}

/// A word without its case and what joins its parts.
fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(state: &str, code: Option<&str>, name: Option<&str>) -> Arc<Meaning> {
        let map = HashMap::from([
            ("1217".to_owned(), Reason::Lunch),
            ("comfort".to_owned(), Reason::Break),
        ]);
        Meanings::new(Reasons::new(&map)).of(Words { state, code, name }).unwrap()
    }

    #[test]
    fn the_state_says_what_and_the_code_says_why() {
        use Activity as A;
        let away = A::Away;
        for (state, code, activity, doubt) in [
            ("LOGIN", Some("AVAILABLE"), A::LoggedIn, false),
            ("LOGIN", Some("BREAK"), A::LoggedIn, false),
            ("Ready", Some("READY_CALLS"), A::Available, false),
            ("READY", Some("AVAILABLE"), A::Available, false),
            ("Ready", None, A::Available, false),
            ("Ready", Some("BREAK"), A::Available, true),
            ("ready", Some("WRAP"), A::Available, true),
            ("NotReady", Some("BREAK"), away(Reason::Break), false),
            ("NOTREADY", Some("LUNCH"), away(Reason::Lunch), false),
            ("NOT_READY", Some("TRAINING"), away(Reason::Training), false),
            ("not ready", Some("MEETING"), away(Reason::Meeting), false),
            ("NotReady", Some("WRAP"), A::WrapUp, false),
            ("NotReady", Some("AVAILABLE"), away(Reason::Unspecified), true),
            ("NotReady", Some("LOGGED_OUT"), away(Reason::Unspecified), true),
            ("NotReady", None, away(Reason::Unspecified), false),
            ("NotReady", Some("Not Ready"), away(Reason::Unspecified), false),
            ("NotReady", Some("FIRE_DRILL"), away(Reason::Other("FIRE_DRILL".into())), false),
            ("NotReady", Some("Comfort"), away(Reason::Break), false),
            ("LogOut", Some("LOGGED_OUT"), A::Offline, false),
            ("LOGOUT", None, A::Offline, false),
            ("TELEPORTED", Some("BREAK"), A::Unknown, false),
        ] {
            let meaning = read(state, code, None);
            assert_eq!(meaning.activity, activity, "{state} {code:?}");
            assert_eq!(meaning.doubt, doubt.then_some(Doubt::Contradiction), "{state} {code:?}");
        }
    }

    #[test]
    fn ready_is_derived_since_it_may_be_a_call() {
        assert_eq!(read("Ready", Some("READY_CALLS"), None).evidence, Evidence::Derived);
        assert_eq!(read("NotReady", Some("BREAK"), None).evidence, Evidence::Observed);
    }

    #[test]
    fn a_numbered_code_goes_by_its_name_and_by_the_floors_own_map() {
        let numbered = |code, name| {
            let meaning = read("NotReady", Some(code), name);
            (meaning.activity.clone(), meaning.raw.as_str().to_owned())
        };
        let away = Activity::Away;
        assert_eq!(
            numbered("1217", Some("Almuerzo")),
            (away(Reason::Lunch), "NotReady Almuerzo".to_owned())
        );
        assert_eq!(
            numbered("7", Some("Coffee break")),
            (away(Reason::Break), "NotReady Coffee break".to_owned())
        );
        assert_eq!(numbered("3", Some("Wrap Up")).0, Activity::WrapUp);
        assert_eq!(
            numbered("42", None),
            (away(Reason::Other("42".into())), "NotReady 42".to_owned())
        );
    }

    #[test]
    fn the_vendors_words_stay_as_they_are() {
        assert_eq!(read("Ready", Some("READY_CALLS"), None).raw.as_str(), "Ready READY_CALLS");
        assert_eq!(read("LogOut", None, None).raw.as_str(), "LogOut");
        assert_eq!(read("Teleported", Some("X"), None).raw.as_str(), "Teleported X");
    }

    #[test]
    fn a_row_without_a_state_means_nothing() {
        let mut meanings = Meanings::new(Reasons::default());
        for state in ["", "-", " "] {
            assert!(meanings.of(Words { state, ..Words::default() }).is_none());
        }
    }
}
