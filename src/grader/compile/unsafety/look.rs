//! What is said about a text.

use proc_macro2::{LineColumn, TokenStream};

use super::shapes;
use super::tokens::{MOST_TOKENS, Text, Token};
use crate::verdict::{Diagnostic, Place};

/// What is to be said about a text that compiles.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::grader) struct Look {
    /// Why it is refused: the first reason, as an error.
    pub(in crate::grader) refused: Option<Diagnostic>,
    /// What somebody should look at, in one line.
    pub(in crate::grader) review: Option<String>,
}

const WORD: &str = "`unsafe` is not allowed in this exercise, in any spelling";

const LONG: &str = "the file is too long to be checked for ways around `unsafe`; an answer needs far less";

/// The compiler skips such a line; who reads it as Rust may take what follows for a comment.
const SCRIPT: &str = "a first line that begins with `#!`, as in scripts, is not allowed in this exercise: it could \
                      hide a way around `unsafe`; leave the line out";

/// The compiler takes the text, and the reader here does not: what nobody has looked at is not let through.
const UNREADABLE: &str = "the file cannot be checked for ways around `unsafe`: it has syntax that only the compiler \
                          understands; write it in a simpler way";

/// Looks at the code of a text that compiles; comments and strings do not count.
pub(in crate::grader) fn look(text: &str, file: &str) -> Look {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = LineColumn { line: 1, column: 0 };
    if text.strip_prefix("#!").is_some_and(|rest| !rest.trim_start().starts_with('[')) {
        return refused(start, SCRIPT, file);
    }
    let tokens = match text.parse::<TokenStream>() {
        Ok(tokens) => tokens,
        Err(error) => return refused(error.span().start(), UNREADABLE, file),
    };
    let text = Text::new(tokens);
    if text.tokens.len() > MOST_TOKENS {
        return refused(text.place(MOST_TOKENS), LONG, file);
    }
    let words = (0..text.tokens.len()).filter(|at| text.tokens[*at] == Token::Word("unsafe".to_owned()));
    let shapes = shapes::refused(&text).into_iter().map(|(at, shape)| (at, shape.words()));
    if let Some((at, message)) = words.map(|at| (at, WORD)).chain(shapes).min() {
        return refused(text.place(at), message, file);
    }
    let review = shapes::doubtful(&text).map(|(at, what)| format!("line {}: {what}", text.place(at).line));
    Look { refused: None, review }
}

/// Reads a file while the text is compiled. That of a learner's tests is compiled beside what they are run against.
const INCLUDING: [&str; 2] = ["include_str", "include_bytes"];

const INCLUDES: &str = "`include_str!` and `include_bytes!` are not allowed where tests are graded: write the text into the test";

/// What tells two implementations apart that behave alike.
const FINGERPRINTS: [&str; 8] = [
    "type_name",
    "type_name_of_val",
    "TypeId",
    "type_id",
    "size_of",
    "size_of_val",
    "align_of",
    "align_of_val",
];

/// Looks at tests that are graded, in a text that [`look`] lets through.
pub(in crate::grader) fn look_at_tests(text: &str, file: &str) -> Look {
    let Ok(tokens) = text.strip_prefix('\u{feff}').unwrap_or(text).parse::<TokenStream>() else {
        return Look::default();
    };
    let text = Text::new(tokens);
    let first = |words: &[&str]| {
        (0..text.tokens.len()).find_map(|at| match &text.tokens[at] {
            Token::Word(word) if words.contains(&word.as_str()) => Some((text.place(at), word.clone())),
            _ => None,
        })
    };
    if let Some((place, _)) = first(&INCLUDING) {
        return refused(place, INCLUDES, file);
    }
    let review = first(&FINGERPRINTS).map(|(place, word)| {
        format!("line {}: `{word}` can tell implementations apart that behave the same", place.line)
    });
    Look { refused: None, review }
}

fn refused(place: LineColumn, message: &str, file: &str) -> Look {
    let LineColumn { line, column } = place;
    let place = Place { file: file.to_owned(), line, column: column + 1 };
    Look { refused: Some(Diagnostic::error(Some("unsafe_code"), message, place)), review: None }
}
