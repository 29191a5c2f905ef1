//! Convoso's status words in ours. The list is open: floors add words of their own.

use std::collections::HashMap;

use crate::model::{Activity, Reason};

/// What each word means: the documented ones, those seen in the service's answers, and those of the
/// dialer family it resembles.
const WORDS: [(&str, Activity); 31] = [
    ("READY", Activity::Available),
    ("WAITING", Activity::Available),
    ("CLOSER", Activity::Available),
    ("INCALL", Activity::OnContact),
    ("ONCALL", Activity::OnContact),
    ("TALKING", Activity::OnContact),
    ("TRANSFER", Activity::OnContact),
    ("XFER", Activity::OnContact),
    ("HOLD", Activity::OnContact),
    ("PARK", Activity::OnContact),
    ("3WAY", Activity::OnContact),
    ("RINGING", Activity::Ringing),
    ("RING", Activity::Ringing),
    // The call is being delivered.
    ("QUEUE", Activity::Ringing),
    ("MQUEUE", Activity::Ringing),
    ("WRAP", Activity::WrapUp),
    ("WRAPUP", Activity::WrapUp),
    ("DISPO", Activity::WrapUp),
    ("DISPOSITION", Activity::WrapUp),
    ("ACW", Activity::WrapUp),
    // The customer has hung up; the agent has not yet said how the call went.
    ("DEAD", Activity::WrapUp),
    ("DEADCALL", Activity::WrapUp),
    ("PAUSED", Activity::Away(Reason::Unspecified)),
    ("PAUSE", Activity::Away(Reason::Unspecified)),
    ("BREAK", Activity::Away(Reason::Break)),
    ("LUNCH", Activity::Away(Reason::Lunch)),
    ("MEETING", Activity::Away(Reason::Meeting)),
    ("TRAINING", Activity::Away(Reason::Training)),
    ("LOGGEDOUT", Activity::Offline),
    ("LOGOUT", Activity::Offline),
    ("OFFLINE", Activity::Offline),
];

/// Status words to activities: the floor's own first.
#[derive(Debug)]
pub(super) struct StatusWords(HashMap<String, Activity>);

impl StatusWords {
    pub(super) fn new(own: &HashMap<String, Activity>) -> Self {
        let known = WORDS.iter().map(|(word, activity)| ((*word).to_owned(), activity.clone()));
        let own = own.iter().map(|(word, activity)| (key(word), activity.clone()));
        Self(known.chain(own).collect())
    }

    /// What `status` means; unknown words stay unknown, and whoever shows them has the word itself.
    pub(super) fn activity(&self, status: &str) -> Activity {
        self.0.get(&key(status)).cloned().unwrap_or(Activity::Unknown)
    }
}

/// `LOGGED_OUT`, `Logged out` and `logged-out` are one word.
fn key(status: &str) -> String {
    status.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_underscores_do_not_matter() {
        let words = StatusWords::new(&HashMap::new());
        for word in ["LOGGED_OUT", "Logged out", "logged-out", " loggedout "] {
            assert_eq!(words.activity(word), Activity::Offline, "{word}");
        }
        assert_eq!(words.activity("MANUAL"), Activity::Unknown);
        assert_eq!(words.activity(""), Activity::Unknown);
    }

    #[test]
    fn the_floors_own_words_win() {
        let own = HashMap::from([
            ("MANUAL".to_owned(), Activity::OnContact),
            ("QUEUE".to_owned(), Activity::Available),
        ]);
        let words = StatusWords::new(&own);
        assert_eq!(words.activity("manual"), Activity::OnContact);
        assert_eq!(words.activity("QUEUE"), Activity::Available);
        assert_eq!(words.activity("READY"), Activity::Available);
    }
}
