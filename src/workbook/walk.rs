//! A walk through a TOML file that notes every fault on its way and goes on.
//!
//! Derived deserialisation stops at the first fault, and an author would meet their faults one per run. Here each
//! value is asked for by key; a fault is noted with its line and the value is absent. The keys that were asked for
//! are the keys that exist, so a misspelt one is found without a second list of them.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::fault::{Fault, Faults};
use super::files::NotUtf8;

/// The faults found so far, shared by everybody who reads a part of the workbook.
#[derive(Debug, Default)]
pub(super) struct Findings(RefCell<Vec<Fault>>);

impl Findings {
    pub(super) fn add(&self, file: &str, line: Option<usize>, problem: impl Into<String>) {
        self.0.borrow_mut().push(Fault { file: file.to_owned(), line, problem: problem.into() });
    }

    /// A file that is there and cannot be read.
    pub(super) fn unreadable(&self, file: &str, error: &std::io::Error) {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<NotUtf8>()) {
            Some(NotUtf8 { line }) => {
                self.add(file, Some(*line), "is not UTF-8 from here on; save it as UTF-8");
            }
            None => self.add(file, None, format!("could not be read: {error}")),
        }
    }

    /// The faults in file and line order, if there is one.
    pub(super) fn into_result(self) -> Result<(), Faults> {
        let mut faults = self.0.into_inner();
        faults.sort();
        faults.dedup();
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }
}

/// One TOML file.
pub(super) struct Document<'a> {
    file: &'a str,
    text: &'a str,
    root: Spanned<DeTable<'a>>,
    /// `None` when the file does not parse: what the parser recovered is worth reading, but what seems missing
    /// from it may only be lost.
    findings: Option<&'a Findings>,
}

impl<'a> Document<'a> {
    /// Parses a file and notes each of its syntax errors.
    pub(super) fn parse(file: &'a str, text: &'a str, findings: &'a Findings) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let line = error.span().map(|span| line_at(text, span.start));
            findings.add(file, line, format!("is not valid TOML: {}", error.message()));
        }
        Self { file, text, root, findings: errors.is_empty().then_some(findings) }
    }

    /// Whether the file parsed.
    pub(super) fn whole(&self) -> bool {
        self.findings.is_some()
    }

    /// The top of the file; `what` names it in messages ("a chapter").
    pub(super) fn top(&'a self, what: &'static str) -> Table<'a> {
        Table { document: self, entries: self.root.get_ref(), line: None, what, asked: RefCell::default() }
    }

    fn line(&self, span: &Range<usize>) -> usize {
        line_at(self.text, span.start)
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}

/// A key or a value with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

/// An element of an array that holds tables, and in which a string may stand for one.
pub(super) enum Element<'a> {
    Text(At<String>),
    Table(Table<'a>),
}

/// One table of a document.
pub(super) struct Table<'a> {
    document: &'a Document<'a>,
    entries: &'a DeTable<'a>,
    line: Option<usize>,
    what: &'static str,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    /// Notes a fault of this file.
    pub(super) fn fault(&self, line: impl Into<Option<usize>>, problem: impl Into<String>) {
        if let Some(findings) = self.document.findings {
            findings.add(self.document.file, line.into(), problem);
        }
    }

    /// The line where the table begins, if it is not the file itself.
    pub(super) fn line(&self) -> Option<usize> {
        self.line
    }

    /// The same table under a name and a line that tell more, with no key asked for yet.
    pub(super) fn named(&self, what: &'static str, line: usize) -> Self {
        self.inner(self.entries, what, line)
    }

    /// Notes that a key must be there and is not.
    pub(super) fn missing(&self, key: &str, kind: &str) {
        self.fault(self.line, format!("`{key}` is missing: {} needs {kind}", self.what));
    }

    /// A non-blank string.
    pub(super) fn text(&self, key: &'static str) -> Option<At<String>> {
        let found = self.typed(key, "a string", DeValue::as_str)?;
        if found.value.trim().is_empty() {
            self.fault(found.line, format!("`{key}` is empty; write it or remove it"));
        }
        Some(At { line: found.line, value: found.value.to_owned() })
    }

    /// A string, which may be empty.
    pub(super) fn raw_text(&self, key: &'static str) -> Option<String> {
        self.typed(key, "a string", DeValue::as_str).map(|found| found.value.to_owned())
    }

    /// A non-blank string that must be there; empty when it is not.
    pub(super) fn needed_text(&self, key: &'static str) -> String {
        if !self.entries.contains_key(key) {
            self.missing(key, "it, as a string");
        }
        self.text(key).map(|at| at.value).unwrap_or_default()
    }

    /// `true` or `false`; `false` when absent.
    pub(super) fn flag(&self, key: &'static str) -> bool {
        self.typed(key, "true or false", DeValue::as_bool).is_some_and(|at| at.value)
    }

    /// A whole number from `least`.
    pub(super) fn number(&self, key: &'static str, least: u32) -> Option<At<u32>> {
        self.typed(key, &format!("a whole number, {least} or more"), |value| {
            let integer = value.as_integer()?;
            u32::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| *number >= least)
        })
    }

    /// An array of non-blank strings; empty when absent.
    pub(super) fn texts(&self, key: &'static str) -> Vec<At<String>> {
        let Some(array) = self.typed(key, "an array of strings", DeValue::as_array) else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (index, element) in array.value.iter().enumerate() {
            let line = self.document.line(&element.span());
            match element.get_ref().as_str() {
                Some(text) if text.trim().is_empty() => {
                    self.fault(line, format!("`{key}[{index}]` is empty; write it or remove it"));
                }
                Some(text) => texts.push(At { line, value: text.to_owned() }),
                None => {
                    let found = kind(element.get_ref());
                    self.fault(line, format!("`{key}[{index}]` is {found}, but must be a string"));
                }
            }
        }
        texts
    }

    /// How many elements the array under a key has.
    pub(super) fn length(&self, key: &'static str) -> Option<At<usize>> {
        let (name, value) = self.entries.get_key_value(key)?;
        let value = value.get_ref().as_array()?.len();
        Some(At { line: self.document.line(&name.span()), value })
    }

    /// The table under a key.
    pub(super) fn table(&self, key: &'static str, what: &'static str) -> Option<Table<'a>> {
        let found = self.typed(key, "a table", DeValue::as_table)?;
        Some(self.inner(found.value, what, found.line))
    }

    /// The tables of an array of tables; none when absent.
    pub(super) fn tables(&self, key: &'static str, what: &'static str) -> Vec<Table<'a>> {
        let Some(array) = self.typed(key, "an array of tables", DeValue::as_array) else { return Vec::new() };
        let mut tables = Vec::new();
        for element in array.value.iter() {
            let line = self.document.line(&element.span());
            match element.get_ref().as_table() {
                Some(entries) => tables.push(self.inner(entries, what, line)),
                None => {
                    let found = kind(element.get_ref());
                    self.fault(line, format!("`{key}` holds {found}, but must hold tables"));
                }
            }
        }
        tables
    }

    /// The elements of an array of tables in which a non-blank string may stand for a table; none when absent. `None`
    /// keeps the place of one that is neither. `form` is how such a table is written.
    pub(super) fn elements(
        &self,
        key: &'static str,
        what: &'static str,
        form: &str,
    ) -> Vec<Option<Element<'a>>> {
        let wanted = format!("an array of tables, each {form}");
        let Some(array) = self.typed(key, &wanted, DeValue::as_array) else { return Vec::new() };
        let element = |(index, element): (usize, &'a Spanned<DeValue<'a>>)| {
            let line = self.document.line(&element.span());
            match element.get_ref() {
                DeValue::Table(entries) => Some(Element::Table(self.inner(entries, what, line))),
                DeValue::String(text) if text.trim().is_empty() => {
                    self.fault(line, format!("`{key}[{index}]` is empty; write it or remove it"));
                    None
                }
                DeValue::String(text) => Some(Element::Text(At { line, value: text.as_ref().to_owned() })),
                other => {
                    let found = kind(other);
                    self.fault(line, format!("`{key}[{index}]` is {found}, but must be a table: {form}"));
                    None
                }
            }
        };
        array.value.iter().enumerate().map(element).collect()
    }

    /// Every entry in the order of the file, for tables whose keys are the author's own.
    pub(super) fn entries(&self) -> Vec<(At<&'a str>, &'a Spanned<DeValue<'a>>)> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let at = |key: &'a Spanned<DeString<'a>>| {
            let line = self.document.line(&key.span());
            At { line, value: key.get_ref().as_ref() }
        };
        entries.into_iter().map(|(key, value)| (at(key), value)).collect()
    }

    /// The table in an entry's value.
    pub(super) fn inner(&self, entries: &'a DeTable<'a>, what: &'static str, line: usize) -> Table<'a> {
        Table { document: self.document, entries, line: Some(line), what, asked: RefCell::default() }
    }

    /// Whether the key is there; does not count as asking for it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Notes every key that nobody asked for. Call it when everything was asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries() {
            if !asked.contains(&key.value) {
                let hint = suggestion(key.value, asked.iter().copied());
                self.fault(key.line, format!("`{}` is not a key of {}; {hint}", key.value, self.what));
            }
        }
    }

    fn typed<T>(
        &self,
        key: &'static str,
        wanted: &str,
        pick: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<At<T>> {
        self.asked.borrow_mut().push(key);
        let (name, value) = self.entries.get_key_value(key)?;
        let line = self.document.line(&name.span());
        let picked = pick(value.get_ref());
        if picked.is_none() {
            self.fault(line, format!("`{key}` is {}, but must be {wanted}", kind(value.get_ref())));
        }
        picked.map(|value| At { line, value })
    }
}

/// A value as messages show it.
pub(super) fn kind(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Array(_) => "an array".to_owned(),
        other => format!("a {}", other.type_str()),
    }
}

/// What an author may have meant: the nearest known name, or all of them when none is near.
pub(super) fn suggestion<'k>(found: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(found, &known) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("there is {}", known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")),
    }
}

/// The known name within a slip of the pen: a third of its letters, and two at least.
pub(super) fn nearest<'k>(found: &str, known: &[&'k str]) -> Option<&'k str> {
    let scored = known.iter().map(|name| (distance(found, name), *name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= (name.chars().count() / 3).max(2) && distance < name.chars().count()).then_some(name)
}

/// How many letters to insert, remove or replace (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for j in 0..b.len() {
            let replaced = diagonal + usize::from(letter != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_a_different_word_is_not() {
        assert_eq!(nearest("hint", &["hints", "needs"]), Some("hints"));
        assert_eq!(nearest("excercise", &["exercise", "quiz"]), Some("exercise"));
        assert_eq!(nearest("timeout", &["limit", "core"]), None);
        assert_eq!(nearest("ab", &["cd"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
