//! Who may be the same human, by name. Suggestions only: names collide, and nothing here joins
//! anybody. Only the roster does that.

use std::collections::{BTreeSet, HashMap};

use super::spelling;
use crate::model::{Person, SourceName};

/// A name as different systems may all have written it: one case, no accents, single spaces, the
/// first name first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameKey(String);

/// People of one name whom nothing distinguishes but that no source has two of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Namesakes<'a> {
    /// The one of them whom the roster knows.
    pub known: Option<&'a Person>,
    /// The others, each from one source.
    pub strangers: Vec<&'a Person>,
}

impl NameKey {
    /// The key of `name`; none where no letter is left of it.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let ordered = match name.split_once(',') {
            Some((last, first)) if !first.contains(',') => format!("{first} {last}"),
            _ => name.to_owned(),
        };
        let plain = spelling::plain(&ordered);
        let words: Vec<&str> = plain.split_whitespace().collect();
        let has_letter = plain.chars().any(char::is_alphabetic);
        has_letter.then(|| Self(words.join(" ")))
    }

    /// The key as an id: its words with dashes in between.
    #[must_use]
    pub fn slug(&self) -> String {
        let words = self.0.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-")
    }
}

/// Who of `people` may be the same human: whoever bears one name, in different sources, in the order
/// of `people`. Where a source has two of that name, or the roster has, nobody can say which of them
/// it is, and nothing is suggested.
#[must_use]
pub fn namesakes(people: &[Person]) -> Vec<Namesakes<'_>> {
    let mut places: HashMap<NameKey, usize> = HashMap::new();
    let mut groups: Vec<Vec<&Person>> = Vec::new();
    for person in people {
        let Some(key) = given_name(person).and_then(NameKey::of) else { continue };
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(person),
            None => groups.push(vec![person]),
        }
    }
    groups.into_iter().filter_map(unambiguous).collect()
}

fn unambiguous(group: Vec<&Person>) -> Option<Namesakes<'_>> {
    let mut sources: BTreeSet<&SourceName> = BTreeSet::new();
    let mut ids = group.iter().flat_map(|person| person.ids.keys());
    let is_clear = ids.all(|source| sources.insert(source));
    let (known, strangers): (Vec<_>, Vec<_>) = group.into_iter().partition(|p| p.in_roster);
    let several = known.len() + strangers.len() > 1 && !strangers.is_empty();
    (is_clear && several && known.len() <= 1)
        .then(|| Namesakes { known: known.first().copied(), strangers })
}

/// The name by which the roster or a source calls somebody; none of whom only an id is known.
fn given_name(person: &Person) -> Option<&str> {
    if person.in_roster {
        return Some(&person.name);
    }
    let is_id = person.ids.values().any(|id| id.as_str() == person.name);
    (!is_id).then_some(person.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, in_roster: bool, ids: &[(&str, &str)]) -> Person {
        Person {
            id: format!("{name} {ids:?}").into(),
            name: name.to_owned(),
            team: None,
            ids: ids.iter().map(|(source, id)| ((*source).into(), (*id).into())).collect(),
            in_roster,
            also: Vec::new(),
            presences: Vec::new(),
        }
    }

    /// The roster's name, and the strangers' ids.
    fn groups(people: &[Person]) -> Vec<(Option<&str>, Vec<&str>)> {
        namesakes(people)
            .into_iter()
            .map(|group| {
                let ids = group.strangers.into_iter().flat_map(|person| person.ids.values());
                (group.known.map(|p| p.name.as_str()), ids.map(|id| id.as_str()).collect())
            })
            .collect()
    }

    #[test]
    fn one_name_is_written_in_many_ways() {
        let jose = NameKey::of("José Núñez").unwrap();
        for name in [
            "jose nunez",
            "  JOSÉ   NÚÑEZ ",
            "Núñez, José",
            "NUÑEZ,Jose",
            "Jose\u{301} Nu\u{301}n\u{303}ez",
            "Ｊｏｓｅ　Ｎｕｎｅｚ",
            "José\u{a0}Núñez",
        ] {
            assert_eq!(NameKey::of(name), Some(jose.clone()), "{name}");
        }
        assert_eq!(jose.slug(), "jose-nunez");
        assert_ne!(NameKey::of("Jose Nunes"), Some(jose));
        assert_eq!(NameKey::of("O'Brien, Mary-Ann").unwrap().slug(), "mary-ann-o-brien");
        assert_eq!(NameKey::of("李雷").unwrap().slug(), "李雷");
        for nobody in ["", " , ", "12345", "-"] {
            assert_eq!(NameKey::of(nobody), None, "{nobody:?}");
        }
    }

    #[test]
    fn one_name_in_several_sources_is_a_suggestion() {
        let people = [
            person("Jane Smith", true, &[("dialer", "1")]),
            person("Bo Lee", false, &[("dialer", "2")]),
            person("SMITH, JANE", false, &[("cx", "c1")]),
            person("bo lee", false, &[("wfm", "w2")]),
            person("Al One", false, &[("cx", "c3")]),
        ];
        assert_eq!(groups(&people), [(Some("Jane Smith"), vec!["c1"]), (None, vec!["2", "w2"])]);
    }

    #[test]
    fn two_of_one_name_in_one_source_are_nobodys_guess() {
        let twins = [
            person("Jane Smith", true, &[("wfm", "w1")]),
            person("Jane Smith", false, &[("cx", "c1")]),
            person("Jane Smith", false, &[("cx", "c2")]),
        ];
        assert!(namesakes(&twins).is_empty());
        let taken = [
            person("Jane Smith", true, &[("cx", "c1")]),
            person("Jane Smith", false, &[("cx", "c2")]),
        ];
        assert!(namesakes(&taken).is_empty(), "the roster has another one there");
        let rosters = [
            person("Jane Smith", true, &[("dialer", "1")]),
            person("Jane Smith", true, &[("dialer", "2")]),
            person("Jane Smith", false, &[("cx", "c1")]),
        ];
        assert!(namesakes(&rosters).is_empty());
    }

    #[test]
    fn who_has_only_an_id_has_no_namesake() {
        let people =
            [person("a1", false, &[("dialer", "a1")]), person("a1", false, &[("cx", "a1")])];
        assert!(namesakes(&people).is_empty());
    }
}
