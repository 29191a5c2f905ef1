//! What is wrong with a config: every mistake at once, each with its line, what was found, what is
//! allowed and, where one is known, a hint. No problem ever holds a credential.

use std::fmt;
use std::path::{Path, PathBuf};

/// One mistake, as one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line in it, from 1.
    pub line: usize,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub allowed: String,
    /// What probably was meant, or what to do.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, found, allowed, hint } = self;
        write!(f, "{}:{line}: found {found}; allowed: {allowed}", file.display())?;
        hint.as_ref().map_or(Ok(()), |hint| write!(f, "; hint: {hint}"))
    }
}

/// Every mistake of a config and the files it names, in the order of files and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort();
        problems.dedup();
        Self(problems)
    }

    /// Each of them.
    #[must_use]
    pub fn all(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let newline = if index == 0 { "" } else { "\n" };
            write!(f, "{newline}{problem}")?;
        }
        Ok(())
    }
}

/// Why there is no config.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No file was named and none is where one is looked for.
    #[error("{}", super::place::nothing_found(.0.as_deref()))]
    NotFound(Option<PathBuf>),
    /// The file cannot be read as text.
    #[error("config `{path}` cannot be read: {cause}", path = .0.display(), cause = .1)]
    Unreadable(PathBuf, String),
    /// The file can be read, but not used.
    #[error("{0}")]
    Mistakes(Problems),
}

/// What a value should have been instead: the second half of a [`Problem`].
pub(super) struct Expected {
    /// What may stand there.
    pub(super) allowed: String,
    /// What probably was meant.
    pub(super) hint: Option<String>,
}

impl Expected {
    pub(super) fn new(allowed: impl Into<String>) -> Self {
        Self { allowed: allowed.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// One of `words`; hints at the one that `found` was probably meant to be.
    pub(super) fn one_of<'w>(words: impl IntoIterator<Item = &'w str>, found: &str) -> Self {
        let words: Vec<_> = words.into_iter().collect();
        let hint = nearest(found, &words).map(|word| format!("did you mean `{word}`?"));
        Self { allowed: words.join(", "), hint }
    }
}

/// The word that differs least from `found`, where the difference looks like a slip.
pub(super) fn nearest<'w>(found: &str, words: &[&'w str]) -> Option<&'w str> {
    let found = found.to_lowercase();
    let limit = ((found.chars().count() + 1) / 3).clamp(1, 3);
    words
        .iter()
        .map(|word| (difference(&found, &word.to_lowercase()), *word))
        .filter(|(difference, _)| *difference <= limit)
        .min_by_key(|(difference, _)| *difference)
        .map(|(_, word)| word)
}

/// How many letters have to be put in, taken out, replaced or swapped with their neighbour.
fn difference(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// The line of the byte at `offset`, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}

/// The mistakes found so far.
#[derive(Default)]
pub(super) struct Findings(std::cell::RefCell<Vec<Problem>>);

impl Findings {
    /// Adds one.
    pub(super) fn add(
        &self,
        file: &Path,
        line: usize,
        found: impl Into<String>,
        expected: Expected,
    ) {
        let Expected { allowed, hint } = expected;
        let file = file.to_owned();
        self.0.borrow_mut().push(Problem { file, line, found: found.into(), allowed, hint });
    }

    /// Forgets those that `keep` does not want.
    pub(super) fn retain(&self, keep: impl FnMut(&Problem) -> bool) {
        self.0.borrow_mut().retain(keep);
    }

    /// `value`, unless there are mistakes.
    pub(super) fn unless_any<T>(self, value: Option<T>) -> Result<T, Problems> {
        let problems = self.0.into_inner();
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(Problems::new(problems)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        let words = ["poll", "password", "tenant_id"];
        assert_eq!(nearest("pol", &words), Some("poll"));
        assert_eq!(nearest("plol", &words), Some("poll"));
        assert_eq!(nearest("tenantid", &words), Some("tenant_id"));
        assert_eq!(nearest("Poll", &words), Some("poll"));
        assert_eq!(nearest("url", &words), None);
    }

    #[test]
    fn a_problem_is_one_line() {
        let problem = Problem {
            file: "config.toml".into(),
            line: 14,
            found: "unknown key `pol`".into(),
            allowed: "poll, url".into(),
            hint: Some("did you mean `poll`?".into()),
        };
        assert_eq!(
            problem.to_string(),
            "config.toml:14: found unknown key `pol`; allowed: poll, url; hint: did you mean `poll`?"
        );
    }
}
