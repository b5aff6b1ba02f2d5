//! A quiz of a `chapter.toml`, or a prediction: a quiz about a program.

use super::names::is_snake_case;
use super::prediction::FOLDER;
use super::walk::{At, Element, Table};
use super::{Choice, Prediction, Quiz};

/// How a choice is written.
const FORM: &str = "`{ text = \"…\", says = \"…\" }`";

/// What a choice is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Quiz,
    Prediction,
}

/// Reads a quiz. A plain string for a choice is how workbooks were written before choices had replies: whoever learns
/// with such a workbook goes on learning, and its author is told by `author check`.
pub(super) fn read_quiz(table: &Table<'_>, name: &str, chapter: &str) -> Quiz {
    table.text("quiz");
    read(table, name, chapter, None)
}

/// Reads a prediction. Its program's text is not read yet.
pub(super) fn read_prediction(table: &Table<'_>, name: &str, chapter: &str, needs: Option<String>) -> Quiz {
    table.text("predict");
    let file = table.text("program").map_or_else(|| format!("{name}.rs"), |At { line, value }| {
        if value.contains('/') || value.strip_suffix(".rs").is_none_or(|stem| !is_snake_case(stem)) {
            table.fault(
                line,
                format!(
                    "`program` is \"{value}\", but must be the name of a file in exercises/{chapter}/{FOLDER}: \
                     `program = \"{name}.rs\"`"
                ),
            );
        }
        value
    });
    let lanes = table.texts("lanes").into_iter().map(|lane| lane.value).collect();
    read(table, name, chapter, Some(Prediction { file, program: String::new(), needs, lanes }))
}

fn read(table: &Table<'_>, name: &str, chapter: &str, prediction: Option<Prediction>) -> Quiz {
    let of = if prediction.is_some() { Of::Prediction } else { Of::Quiz };
    let answer = answer(table, of);
    if !table.has("choices") {
        table.missing("choices", &format!("at least two, each {FORM}"));
    }
    let elements = table.elements("choices", "a choice", FORM);
    let choices = elements
        .into_iter()
        .enumerate()
        .map(|(index, element)| choice(element, answer == Some(index), of))
        .collect();
    Quiz {
        name: name.to_owned(),
        chapter: chapter.to_owned(),
        core: table.flag("core"),
        question: table.needed_text("question"),
        choices,
        answer: answer.unwrap_or(0),
        explain: table.needed_text("explain"),
        prediction,
    }
}

/// The index of the right choice, if it is one.
fn answer(table: &Table<'_>, of: Of) -> Option<usize> {
    let count = table.length("choices");
    let what = if of == Of::Quiz { "a quiz" } else { "a prediction" };
    if let Some(At { line, value: count @ (0 | 1) }) = count {
        table.fault(line, format!("`choices` has {count}, but {what} needs at least two"));
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
fn choice(element: Option<Element<'_>>, right: bool, of: Of) -> Choice {
    let unread = |text: String| Choice { text, says: None, prints: None };
    let table = match element {
        Some(Element::Table(table)) => table,
        Some(Element::Text(text)) => return unread(text.value),
        None => return unread(String::new()),
    };
    let text = table.needed_text("text");
    let says = table.text("says");
    let prints = (of == Of::Prediction).then(|| table.raw_text("prints")).flatten();
    table.finish();
    if of == Of::Prediction && right && !table.has("prints") {
        let problem = "`prints` is missing: the right choice of a prediction has it, what the program prints word for word";
        table.fault(table.line(), problem);
    }
    // Shown to nobody, or else the answer points at the wrong choice, and that would mislead every learner.
    if let (true, Some(says)) = (right, &says) {
        table.fault(
            says.line,
            "`says` is the reply to a wrong choice, but `answer` says that this choice is right, and its reply is \
             `explain`; remove `says`, or correct `answer`",
        );
    }
    Choice { text, says: says.map(|says| says.value), prints }
}
