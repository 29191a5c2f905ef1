//! A table of the config as it is read: each key that is asked for is thereby a known one, so the
//! list of allowed keys is never written down twice.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Expected, Findings, line_of};
use crate::args::Span;

/// The document: what all of its sections share.
pub(super) struct Sheet<'a> {
    /// Where it stands.
    pub(super) file: &'a Path,
    /// Its text.
    pub(super) text: &'a str,
    /// The directory that relative paths start from.
    pub(super) base: &'a Path,
    /// Whether nobody else can read it, so that it may hold credentials.
    pub(super) private: bool,
    /// Whether its syntax is broken: then what is missing may only be unreadable.
    pub(super) broken: bool,
    /// The mistakes found so far, in this document and in those that it names.
    pub(super) findings: Findings,
    /// What is worth saying without being a mistake.
    pub(super) notices: RefCell<Vec<String>>,
}

/// A value and the line it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// One table.
pub(super) struct Section<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    /// How mistakes call it: `[floor]`.
    pub(super) name: String,
    /// Where it begins.
    pub(super) line: usize,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        sheet: &'a Sheet<'a>,
        name: String,
        line: usize,
        table: &'a DeTable<'a>,
    ) -> Self {
        Self { sheet, name, line, table, asked: RefCell::default() }
    }

    /// Reports a mistake on `line`.
    pub(super) fn problem(&self, line: usize, found: impl Into<String>, expected: Expected) {
        self.sheet.findings.add(self.sheet.file, line, found, expected);
    }

    /// Reports that `key`, which has no default, is not there.
    pub(super) fn missing(&self, key: &str, expected: Expected) {
        if !self.sheet.broken {
            self.problem(self.line, format!("no `{key}` in {}", self.name), expected);
        }
    }

    /// Whether `key` is there at all.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    pub(super) fn value(&self, key: &'static str) -> Option<At<&'a DeValue<'a>>> {
        if !self.asked.borrow().contains(&key) {
            self.asked.borrow_mut().push(key);
        }
        self.table.get(key).map(|value| self.at(value))
    }

    fn at(&self, value: &'a Spanned<DeValue<'a>>) -> At<&'a DeValue<'a>> {
        At { value: value.get_ref(), line: line_of(self.sheet.text, value.span().start) }
    }

    /// Takes the value of `key` apart with `take`; one of another type is a mistake.
    fn typed<T>(
        &self,
        key: &'static str,
        allowed: &str,
        take: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<At<T>> {
        let At { value, line } = self.value(key)?;
        let taken = take(value);
        if taken.is_none() {
            let hint = match value {
                DeValue::Integer(_) | DeValue::Float(_) if allowed.starts_with("a text") => {
                    Some("write it in quotes".to_owned())
                }
                _ => None,
            };
            let expected = Expected { allowed: allowed.to_owned(), hint };
            self.problem(line, format!("{} as `{key}`", kind_of(value)), expected);
        }
        taken.map(|value| At { value, line })
    }

    /// A text that is not empty; white space around it is not part of it.
    pub(super) fn text(&self, key: &'static str) -> Option<At<&'a str>> {
        let text = self.typed(key, "a text in quotes", DeValue::as_str)?;
        if text.value.trim().is_empty() {
            self.problem(text.line, format!("an empty `{key}`"), Expected::new("a text"));
            return None;
        }
        Some(At { value: text.value.trim(), line: text.line })
    }

    /// A text that has to be there.
    pub(super) fn required_text(&self, key: &'static str, example: &str) -> Option<At<&'a str>> {
        if !self.has(key) {
            self.missing(key, Expected::new(format!("`{key} = {example}`")));
        }
        self.text(key)
    }

    /// A text that `parse` understands.
    pub(super) fn parsed<T>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Expected>,
    ) -> Option<At<T>> {
        let text = self.text(key)?;
        parse(text.value)
            .map_err(|expected| {
                self.problem(text.line, format!("`{key} = {:?}`", text.value), expected);
            })
            .ok()
            .map(|value| At { value, line: text.line })
    }

    /// A length of time within `bounds`.
    pub(super) fn duration(
        &self,
        key: &'static str,
        bounds: RangeInclusive<Duration>,
    ) -> Option<At<Duration>> {
        self.span(key, bounds, "")
    }

    /// A length of time within `bounds`, or "off": then there is none in it.
    pub(super) fn duration_or_off(
        &self,
        key: &'static str,
        bounds: RangeInclusive<Duration>,
    ) -> Option<Option<Duration>> {
        match self.value(key) {
            Some(value) if value.value.as_str() == Some("off") => Some(None),
            _ => self.span(key, bounds, ", or \"off\"").map(|at| Some(at.value)),
        }
    }

    fn span(
        &self,
        key: &'static str,
        bounds: RangeInclusive<Duration>,
        or: &str,
    ) -> Option<At<Duration>> {
        let range = || format!("{} to {}{or}", Span(*bounds.start()), Span(*bounds.end()));
        if let Some(At { value: DeValue::Integer(number), line }) = self.value(key) {
            let expected = Expected::new(format!("a text with a unit, {}", range()));
            let written = Span::with_a_unit(number.as_str(), &bounds);
            let lines: Vec<_> = written.iter().map(|text| format!("`{key} = {text:?}`")).collect();
            let hint = (!lines.is_empty()).then(|| format!("write {}", lines.join(" or ")));
            let found = format!("`{key} = {number}`, which has no unit");
            self.problem(line, found, Expected { hint, ..expected });
            return None;
        }
        self.parsed(key, |text| match text.parse::<Span>() {
            Ok(span) if bounds.contains(&span.0) => Ok(span.0),
            Ok(_) => Err(Expected::new(range())),
            Err(error) => {
                Err(Expected { hint: error.hint_within(&bounds), ..Expected::new(range()) })
            }
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        self.typed(key, "true, false", DeValue::as_bool).map(|flag| flag.value)
    }

    /// A whole number within `bounds`.
    pub(super) fn count(&self, key: &'static str, bounds: RangeInclusive<u32>) -> Option<At<u32>> {
        let allowed = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let number = self.typed(key, &allowed, DeValue::as_integer)?;
        let count = u32::from_str_radix(number.value.as_str(), number.value.radix()).ok();
        match count.filter(|count| bounds.contains(count)) {
            Some(value) => Some(At { value, line: number.line }),
            None => {
                let found = format!("`{key} = {}`", number.value);
                self.problem(number.line, found, Expected::new(allowed));
                None
            }
        }
    }

    /// A list of texts; empty when it is not there.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        let Some(list) = self.typed(key, "a list of texts, [\"…\"]", DeValue::as_array) else {
            return Vec::new();
        };
        let text_of = |item: &'a Spanned<DeValue<'a>>| {
            let At { value, line } = self.at(item);
            let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
            if text.is_none() {
                let found = format!("{} in `{key}`", kind_of(value));
                self.problem(line, found, Expected::new("texts in quotes, none of them empty"));
            }
            text.map(str::to_owned)
        };
        list.value.iter().filter_map(text_of).collect()
    }

    /// The entries of a table of texts, each understood by `parse`.
    pub(super) fn words<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, Expected>,
    ) -> Vec<(String, T)> {
        let Some(table) = self.typed(key, "a table of texts, { \"…\" = \"…\" }", DeValue::as_table)
        else {
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (word, value) in table.value {
            let word = word.get_ref().trim();
            let At { value, line } = self.at(value);
            let Some(text) = value.as_str() else {
                let found = format!("{} for `{word}` in `{key}`", kind_of(value));
                self.problem(line, found, Expected::new("a text in quotes"));
                continue;
            };
            match parse(text.trim()) {
                Ok(value) => entries.push((word.to_owned(), value)),
                Err(expected) => {
                    self.problem(line, format!("`{word} = {text:?}` in `{key}`"), expected);
                }
            }
        }
        entries
    }

    /// The table `key`; `name` is what mistakes call it.
    pub(super) fn table(&self, key: &'static str, name: String) -> Option<Self> {
        let At { value, line } = self.typed(key, &format!("a table, {name}"), DeValue::as_table)?;
        Some(Self::new(self.sheet, name, line, value))
    }

    /// The tables of the list `key`.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Self> {
        let allowed = format!("tables, [[{key}]]");
        let Some(list) = self.typed(key, &allowed, DeValue::as_array) else { return Vec::new() };
        let section_of = |item: &'a Spanned<DeValue<'a>>| {
            let At { value, line } = self.at(item);
            let table = value.as_table();
            if table.is_none() {
                self.problem(line, kind_of(value), Expected::new(allowed.clone()));
            }
            table.map(|table| Self::new(self.sheet, format!("[[{key}]]"), line, table))
        };
        list.value.iter().filter_map(section_of).collect()
    }

    /// Every entry that is a table, whatever its key, and the key; the rest is left to `finish`.
    pub(super) fn free_tables(&self, but: &[&str]) -> Vec<(String, Self)> {
        let entries = self.table.iter().filter(|(key, _)| !but.contains(&key.get_ref().as_ref()));
        let section_of = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let key: &std::borrow::Cow<'_, str> = key.get_ref();
            let At { value, line } = self.at(value);
            let inner = self.name.trim_end_matches(']');
            let table = value.as_table()?;
            let section = Self::new(self.sheet, format!("{inner}.{key}]"), line, table);
            Some((key.to_string(), section))
        };
        entries.filter_map(section_of).collect()
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self) {
        self.finish_but(|_| false);
    }

    /// Reports every key that nobody asked for and that `known` does not know.
    pub(super) fn finish_but(self, known: impl Fn(&str) -> bool) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let word = key.get_ref().as_ref();
            if asked.contains(&word) || known(word) {
                continue;
            }
            let line = line_of(self.sheet.text, key.span().start);
            let found = format!("unknown key `{word}` in {}", self.name);
            self.problem(line, found, Expected::one_of(asked.iter().copied(), word));
        }
    }
}

/// What a value is, without showing it: it may be a credential.
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
