//! Where things stand in a `chapter.toml`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml_edit::{Document, Item, Table};

/// The lines of each exercise's step, from 1.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<String, Place>);

/// The lines of one exercise's step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Of its name.
    pub(super) name: Option<usize>,
    /// Of what the starter fails at.
    pub(super) starter: Option<usize>,
    /// Of its hints.
    pub(super) hints: Vec<usize>,
    /// From the header to the last line.
    pub(super) all: Range<usize>,
}

impl Places {
    /// Reads the text of a `chapter.toml`; one that does not parse has no places.
    pub(super) fn read(text: &str) -> Self {
        let Ok(document) = Document::parse(text) else { return Self::default() };
        let line = |span: Option<Range<usize>>| span.map(|span| line_at(text, span.start));
        let steps: Vec<&Table> = document
            .get("step")
            .and_then(Item::as_array_of_tables)
            .map(|steps| steps.iter().collect())
            .unwrap_or_default();
        let end = text.lines().count() + 1;
        let starts: Vec<usize> = steps.iter().map(|step| line(step.span()).unwrap_or(end)).collect();
        let mut places = BTreeMap::new();
        for (at, step) in steps.iter().enumerate() {
            let Some(name) = step.get("exercise").and_then(Item::as_str) else { continue };
            let line_of = |key: &str| step.get_key_value(key).and_then(|(key, _)| line(key.span()));
            let hints = step.get("hints").and_then(Item::as_array);
            let hints = hints.into_iter().flatten().filter_map(|hint| line(hint.span())).collect();
            let all = starts[at]..starts.get(at + 1).copied().unwrap_or(end);
            let place = Place { name: line_of("exercise"), starter: line_of("starter"), hints, all };
            places.insert(name.to_owned(), place);
        }
        Self(places)
    }

    /// The lines of an exercise's step.
    pub(super) fn of(&self, exercise: &str) -> Place {
        self.0.get(exercise).cloned().unwrap_or_default()
    }
}

/// The line, from 1, of a byte.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_knows_its_lines() {
        let places = Places::read(
            "title = \"One\"\n\n[[step]]\nexercise = \"first\"\nstarter = \"heard\"\nhints = [\n  \"a\",\n  \"b\",\n]\n\n\
             [[step]]\nquiz = \"ask\"\n[[step]]\nhints = [\"a\"]\nexercise = \"second\"\n",
        );
        let first = Place { name: Some(4), starter: Some(5), hints: vec![7, 8], all: 3..11 };
        assert_eq!(places.of("first"), first);
        let second = Place { name: Some(15), starter: None, hints: vec![14], all: 13..16 };
        assert_eq!(places.of("second"), second);
        assert_eq!(places.of("ask"), Place::default());
        assert_eq!(Places::read("title = ").of("first"), Place::default());
    }
}
