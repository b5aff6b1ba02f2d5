//! Where things stand in a `chapter.toml`.

use std::collections::BTreeMap;
use std::ops::Range;

use toml_edit::{Document, Item, Table, TableLike, Value};

/// The lines of each step, from 1.
#[derive(Debug, Default)]
pub(super) struct Places {
    exercises: BTreeMap<String, Place>,
    quizzes: BTreeMap<String, QuizPlace>,
}

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

/// The lines of one quiz's step, or of a prediction's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct QuizPlace {
    /// Of its choices.
    pub(super) choices: Vec<ChoicePlace>,
    /// From the header to the last line.
    pub(super) all: Range<usize>,
}

/// Where one choice is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChoicePlace {
    /// Its first line.
    pub(super) line: Option<usize>,
    /// The line of its reply.
    pub(super) says: Option<usize>,
    /// Whether it is a string, with no place for a reply.
    pub(super) plain: bool,
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
        let mut places = Self::default();
        for (at, step) in steps.iter().enumerate() {
            let all = starts[at]..starts.get(at + 1).copied().unwrap_or(end);
            if let Some(name) = step.get("quiz").or(step.get("predict")).and_then(Item::as_str) {
                let choices =
                    step.get("choices").map(|choices| places_of(choices, &line)).unwrap_or_default();
                places.quizzes.insert(name.to_owned(), QuizPlace { choices, all });
                continue;
            }
            let Some(name) = step.get("exercise").and_then(Item::as_str) else { continue };
            let line_of = |key: &str| step.get_key_value(key).and_then(|(key, _)| line(key.span()));
            let hints = step.get("hints").and_then(Item::as_array);
            let hints = hints.into_iter().flatten().filter_map(|hint| line(hint.span())).collect();
            let place = Place { name: line_of("exercise"), starter: line_of("starter"), hints, all };
            places.exercises.insert(name.to_owned(), place);
        }
        places
    }

    /// The lines of an exercise's step.
    pub(super) fn of(&self, exercise: &str) -> Place {
        self.exercises.get(exercise).cloned().unwrap_or_default()
    }

    /// The lines of a quiz's step, or of a prediction's.
    pub(super) fn of_quiz(&self, quiz: &str) -> QuizPlace {
        self.quizzes.get(quiz).cloned().unwrap_or_default()
    }
}

/// The places of choices, which are an array of tables, of inline tables, or of strings.
fn places_of(choices: &Item, line: &impl Fn(Option<Range<usize>>) -> Option<usize>) -> Vec<ChoicePlace> {
    let table = |table: &dyn TableLike, span| ChoicePlace {
        line: line(span),
        says: table.get_key_value("says").and_then(|(key, _)| line(key.span())),
        plain: false,
    };
    if let Some(tables) = choices.as_array_of_tables() {
        return tables.iter().map(|choice| table(choice, choice.span())).collect();
    }
    let value = |choice: &Value| match choice.as_inline_table() {
        Some(inline) => table(inline, choice.span()),
        None => ChoicePlace { line: line(choice.span()), says: None, plain: choice.is_str() },
    };
    choices.as_array().into_iter().flatten().map(value).collect()
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
        assert_eq!(places.of_quiz("ask"), QuizPlace { choices: Vec::new(), all: 11..13 });
        assert_eq!(Places::read("title = ").of("first"), Place::default());
    }

    #[test]
    fn choices_are_found_however_they_are_written() {
        let places = Places::read(
            "[[step]]\nquiz = \"inline\"\nchoices = [\n  { text = \"a\" },\n  { text = \"b\", says = \"No.\" },\n  \"c\",\n]\n\
             [[step]]\nquiz = \"tables\"\n[[step.choices]]\ntext = \"a\"\n[[step.choices]]\ntext = \"b\"\nsays = \"No.\"\n\
             [[step]]\nexercise = \"last\"\n",
        );
        let place = |line, says, plain| ChoicePlace { line: Some(line), says, plain };
        let inline = vec![place(4, None, false), place(5, Some(5), false), place(6, None, true)];
        assert_eq!(places.of_quiz("inline"), QuizPlace { choices: inline, all: 1..8 });
        let tables = vec![place(10, None, false), place(12, Some(14), false)];
        assert_eq!(places.of_quiz("tables"), QuizPlace { choices: tables, all: 8..15 });
        assert_eq!(places.of("last").all, 15..17);
    }
}
