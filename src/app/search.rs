//! What has been typed to find somebody or something.

use crate::model::{Floor, Person};
use crate::rules::spelling::{ascii, plain};

/// What has been typed, word by word. Letters that are merely scattered over a name do not count: a key
/// away from logging somebody out, the wrong name must not stand first.
#[derive(Debug)]
pub(super) struct Sought {
    words: Vec<String>,
}

impl Sought {
    /// What `typed` asks for. It may have been copied from the screen, where a name that is too long ends
    /// with an ellipsis.
    pub(super) fn of(typed: &str) -> Self {
        let words = plain(typed);
        let words = words.split_whitespace().map(|word| match word.ends_with("..") {
            true => word.trim_end_matches('.'),
            false => word,
        });
        Self { words: words.filter(|word| !word.is_empty()).map(str::to_owned).collect() }
    }

    /// Whether it is `person`: every word is of their name, or begins an id, the e-mail address or an
    /// extension of theirs.
    pub(super) fn is(&self, floor: &Floor, person: &Person) -> bool {
        let name = Name::of(&person.name);
        self.words.iter().all(|word| {
            name.holds(word)
                || keys(person).any(|key| names_key(word, key))
                || roster_keys(floor, person).any(|key| plain(key).starts_with(word.as_str()))
        })
    }

    /// Whether it is whoever is only known by `name` and `id`.
    pub(super) fn is_called(&self, name: &str, id: &str) -> bool {
        let name = Name::of(name);
        self.words.iter().all(|word| name.holds(word) || names_key(word, id))
    }
}

/// A name as it may be typed.
struct Name {
    plain: String,
    /// As it stands on a screen that has nothing but ASCII.
    ascii: Option<String>,
}

impl Name {
    fn of(name: &str) -> Self {
        let ascii = (!name.is_ascii()).then(|| plain(&ascii(name)).into_owned());
        Self { plain: plain(name).into_owned(), ascii }
    }

    fn holds(&self, word: &str) -> bool {
        self.plain.contains(word) || self.ascii.as_ref().is_some_and(|ascii| ascii.contains(word))
    }
}

/// The ids and extensions by which the sources know `person`.
fn keys(person: &Person) -> impl Iterator<Item = &str> {
    let by_roster = person.ids.values();
    let listed = person.presences.iter().map(|presence| &presence.agent);
    let extensions = person.presences.iter().filter_map(|p| p.work.extension.as_deref());
    by_roster.chain(listed).map(crate::model::AgentId::as_str).chain(extensions)
}

/// The id and the e-mail address that the roster gives `person`.
fn roster_keys<'a>(floor: &'a Floor, person: &'a Person) -> impl Iterator<Item = &'a str> {
    let id = person.in_roster.then(|| person.id.as_str());
    id.into_iter().chain(floor.email_of(&person.id))
}

/// Whether `word` is `key`, or clearly the beginning of one: some ids are hexadecimal, and "ada" is a name.
fn names_key(word: &str, key: &str) -> bool {
    let key = plain(key);
    key == word || (word.contains(|c: char| c.is_ascii_digit()) && key.starts_with(word))
}

/// The indexes of the `texts` that hold every word of `typed`, those where a word of theirs begins with
/// one first; all of them in their order when nothing is typed.
pub(super) fn matching<'a>(typed: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let Sought { words } = Sought::of(typed);
    let mut found: Vec<_> = texts
        .enumerate()
        .filter_map(|(index, text)| {
            let name = Name::of(text);
            let own: Vec<_> = name.plain.split_whitespace().collect();
            let begins = |word: &&String| own.iter().any(|own| own.starts_with(word.as_str()));
            let begun = words.iter().filter(begins).count();
            words.iter().all(|word| name.holds(word)).then_some((std::cmp::Reverse(begun), index))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_with_and_without_its_accents() {
        let names = ["José Núñez", "Jo Sen Uñez", "Ann Sarjosé"];
        for typed in ["José Núñez", "jose nunez", "NÚÑ josé", "núñ", "Jose\u{301} Nun\u{303}"]
        {
            assert_eq!(matching(typed, names.into_iter()), [0], "{typed}");
        }
        assert_eq!(matching("jose", names.into_iter()), [0, 2], "its beginning first");
    }

    #[test]
    fn a_name_is_found_as_it_stands_on_the_screen() {
        let found = |typed: &str, name| Sought::of(typed).is_called(name, "7");
        for typed in ["Maximilian Montgo…", "Maximilian Montgo..", "Maximilian…", "Max … Mont"]
        {
            assert!(found(typed, "Maximilian Montgomery"), "{typed}");
        }
        assert!(found("Zuo Teng", "佐藤 花子") && found("Dang..", "Đặng Thị"));
        assert!(!found("Zuo Teng", "Teng") && !found("Montgo…", "Mont Goria"));
    }

    #[test]
    fn an_id_is_found_by_its_beginning_unless_that_might_be_a_name() {
        let found = |typed: &str| Sought::of(typed).is_called("Bob", "ada4c5-77");
        assert!(found("ada4") && found("ADA4C5-77") && found("bob ada4"));
        assert!(!found("ada") && !found("77") && !found("jane ada4"));
    }
}
