//! A quiz of a `chapter.toml`.

use super::walk::{At, Element, Table};
use super::{Choice, Quiz};

/// How a choice is written.
const FORM: &str = "`{ text = \"…\", says = \"…\" }`";

/// Reads a quiz. A plain string for a choice is how workbooks were written before choices had replies: whoever learns
/// with such a workbook goes on learning, and its author is told by `author check`.
pub(super) fn read_quiz(table: &Table<'_>, name: &str, chapter: &str) -> Quiz {
    table.text("quiz");
    let answer = answer(table);
    if !table.has("choices") {
        table.missing("choices", &format!("at least two, each {FORM}"));
    }
    let elements = table.elements("choices", "a choice", FORM);
    let choices = elements
        .into_iter()
        .enumerate()
        .map(|(index, element)| choice(element, answer == Some(index)))
        .collect();
    Quiz {
        name: name.to_owned(),
        chapter: chapter.to_owned(),
        core: table.flag("core"),
        question: table.needed_text("question"),
        choices,
        answer: answer.unwrap_or(0),
        explain: table.needed_text("explain"),
    }
}

/// The index of the right choice, if it is one.
fn answer(table: &Table<'_>) -> Option<usize> {
    let count = table.length("choices");
    if let Some(At { line, value: count @ (0 | 1) }) = count {
        table.fault(line, format!("`choices` has {count}, but a quiz needs at least two"));
    }
    if !table.has("answer") {
        table.missing("answer", "the index of the right choice, from 0");
    }
    let answer = table.number("answer", 0)?;
    let index = answer.value as usize;
    match count {
        Some(At { value: count @ 1.., .. }) if index >= count => {
            let last = count - 1;
            table
                .fault(answer.line, format!("`answer` is {index}, but the choices are numbered 0 to {last}"));
            None
        }
        _ => Some(index),
    }
}

/// One choice; empty where a fault hides it, so that the others keep their places.
fn choice(element: Option<Element<'_>>, right: bool) -> Choice {
    let table = match element {
        Some(Element::Table(table)) => table,
        Some(Element::Text(text)) => return Choice { text: text.value, says: None },
        None => return Choice { text: String::new(), says: None },
    };
    let text = table.needed_text("text");
    let says = table.text("says");
    table.finish();
    // Shown to nobody, or else the answer points at the wrong choice, and that would mislead every learner.
    if let (true, Some(says)) = (right, &says) {
        table.fault(
            says.line,
            "`says` is the reply to a wrong choice, but `answer` says that this choice is right, and its reply is \
             `explain`; remove `says`, or correct `answer`",
        );
    }
    Choice { text, says: says.map(|says| says.value) }
}
