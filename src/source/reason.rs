//! Why somebody is away, from the words of a floor's own pause list.

use std::collections::HashMap;

use crate::model::Reason;

/// Translates pause words: first by the floor's own map, then by what most floors call things.
#[derive(Debug, Clone, Default)]
pub(super) struct Reasons(HashMap<String, Reason>);

/// Parts of words that give a reason away, the more telling first: a "lunch break" is a lunch.
const HINTS: [(&str, Reason); 12] = [
    ("lunch", Reason::Lunch),
    ("meal", Reason::Lunch),
    ("dinner", Reason::Lunch),
    ("training", Reason::Training),
    ("e-learning", Reason::Training),
    ("meeting", Reason::Meeting),
    ("coaching", Reason::Meeting),
    ("huddle", Reason::Meeting),
    ("1:1", Reason::Meeting),
    ("1-on-1", Reason::Meeting),
    ("break", Reason::Break),
    ("restroom", Reason::Break),
];

impl Reasons {
    /// The floor's own map, its words in any case.
    pub(super) fn new(map: &HashMap<String, Reason>) -> Self {
        Self(map.iter().map(|(word, reason)| (key(word), reason.clone())).collect())
    }

    /// The reason that the floor's own map gives for exactly this word.
    pub(super) fn mapped(&self, word: &str) -> Option<Reason> {
        self.0.get(&key(word)).cloned()
    }

    /// The reason that `word`, already cleaned, means; unspecified without one.
    pub(super) fn of(&self, word: Option<&str>) -> Reason {
        let Some(word) = word.filter(|word| !word.trim().is_empty()) else {
            return Reason::Unspecified;
        };
        if let Some(reason) = self.mapped(word) {
            return reason;
        }
        let folded = key(word);
        HINTS
            .iter()
            .find(|(hint, _)| folded.contains(hint))
            .map_or_else(|| Reason::Other(word.to_owned()), |(_, reason)| reason.clone())
    }
}

fn key(word: &str) -> String {
    word.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floors_own_words_come_first_and_in_any_case() {
        let map = HashMap::from([("comfort break".to_owned(), Reason::Other("comfort".into()))]);
        let reasons = Reasons::new(&map);
        assert_eq!(reasons.of(Some("Comfort Break")), Reason::Other("comfort".into()));
        assert_eq!(reasons.of(Some("Short break")), Reason::Break);
    }

    #[test]
    fn keywords_say_what_most_floors_mean() {
        let reasons = Reasons::default();
        for (word, reason) in [
            ("Lunch break", Reason::Lunch),
            ("Team huddle", Reason::Meeting),
            ("Coaching", Reason::Meeting),
            ("Training room 2", Reason::Training),
            ("Fire drill", Reason::Other("Fire drill".into())),
        ] {
            assert_eq!(reasons.of(Some(word)), reason);
        }
        assert_eq!(reasons.of(None), Reason::Unspecified);
        assert_eq!(reasons.of(Some(" ")), Reason::Unspecified);
    }
}
