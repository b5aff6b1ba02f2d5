//! A `[[step]]` of a `chapter.toml`: an exercise, a quiz or a prediction.

use std::time::Duration;

use super::hidden::HiddenTests;
use super::names::is_snake_case;
use super::prediction::FOLDER;
use super::quiz::{read_prediction, read_quiz};
use super::walk::{At, Table, nearest, suggestion};
use super::{DEFAULT_CPU, DEFAULT_LIMIT, Exercise, Quiz};

/// One `[[step]]` with a name to go by.
pub(super) struct Entry {
    pub(super) name: At<String>,
    pub(super) kind: Kind,
    /// Names that it had before.
    pub(super) was: Vec<At<String>>,
}

/// What a step is. The files of an exercise are not read yet.
pub(super) enum Kind {
    Exercise {
        exercise: Box<Exercise>,
        /// The step that it builds on, to be looked for among those before it.
        after: Option<At<String>>,
        /// What its starter fails at, to be read when its hidden tests are known.
        starter: Option<At<String>>,
    },
    /// A quiz or a prediction. The program of a prediction is not read yet.
    Quiz(Quiz),
}

/// Reads a step, and adds each name that it has to `names`. `tiers` are the tiers of the workbook, if they could be
/// read. `None` when there is no name to find the step's files by.
pub(super) fn read_step(
    table: Table<'_>,
    chapter: &str,
    tiers: Option<&[&str]>,
    names: &mut Vec<String>,
) -> Option<Entry> {
    let (exercise, quiz, predict) = (table.text("exercise"), table.text("quiz"), table.text("predict"));
    names.extend(exercise.iter().chain(&quiz).chain(&predict).map(|name| name.value.clone()));
    let kinds = KINDS.iter().filter(|kind| table.has(kind)).count();
    if kinds > 1 {
        table.fault(
            table.line(),
            "a step is an exercise, a quiz or a prediction, and one of them only; make several steps of it",
        );
        return None;
    }
    if kinds == 0 {
        let slip = table
            .entries()
            .into_iter()
            .find_map(|(key, _)| nearest(key.value, &KINDS).map(|meant| (key.value, meant)));
        let hint = match slip {
            Some((found, meant)) => format!("`{found}` looks like `{meant}`"),
            None => {
                "add `exercise = \"its_name\"`, `quiz = \"its_name\"` or `predict = \"its_name\"`".to_owned()
            }
        };
        let problem =
            format!("a step is an exercise, a quiz or a prediction, and this is none of them; {hint}");
        table.fault(table.line(), problem);
        return None;
    }
    let (is_exercise, is_quiz) = (exercise.is_some(), quiz.is_some());
    let what = match (is_exercise, is_quiz) {
        (true, _) => "an exercise",
        (_, true) => "a quiz",
        _ => "a prediction",
    };
    let name = exercise.or(quiz).or(predict)?;
    // The name's line, not the header's: it is the one that an author looks for.
    let table = table.named(what, name.line);
    let kind = if is_exercise {
        let exercise = Box::new(read_exercise(&table, &name.value, chapter, tiers));
        Kind::Exercise { exercise, after: table.text("after"), starter: table.text("starter") }
    } else if is_quiz {
        Kind::Quiz(read_quiz(&table, &name.value, chapter))
    } else {
        let quiz = read_prediction(&table, &name.value, chapter, needs(&table, tiers));
        // So that the file is known to be a step's.
        let program = quiz.prediction.as_ref().and_then(|prediction| prediction.file.strip_suffix(".rs"));
        names.extend(program.map(|stem| format!("{FOLDER}/{stem}")));
        Kind::Quiz(quiz)
    };
    let was = table.texts("was");
    table.finish();
    if !is_snake_case(&name.value) {
        table.fault(
            name.line,
            format!("`{}` cannot name a step: use snake_case, as in `lazy_call`", name.value),
        );
        return None;
    }
    Some(Entry { name, kind, was })
}

/// The keys that say what a step is, with its name.
const KINDS: [&str; 3] = ["exercise", "quiz", "predict"];

fn read_exercise(table: &Table<'_>, name: &str, chapter: &str, tiers: Option<&[&str]>) -> Exercise {
    // Asked for when it was found; here only so that it counts as a key.
    table.text("exercise");
    if !table.has("hints") {
        table.missing("hints", "at least one: a nudge, the idea, almost the answer");
    }
    let hints = values(table.texts("hints"));
    if let Some(At { line, value: 0 }) = table.length("hints") {
        table.fault(line, "`hints` is empty; an exercise needs at least one");
    }
    let needs = needs(table, tiers);
    let points = table.number("points", 1);
    let hang = table.table("hang", "`hang`");
    let exercise = Exercise {
        name: name.to_owned(),
        chapter: chapter.to_owned(),
        core: table.flag("core"),
        points: points.map_or(1, |points| points.value),
        hints,
        needs,
        program: table.flag("program"),
        deny: lints(table, "deny"),
        clippy: lints(table, "clippy"),
        allow_unsafe: table.flag("unsafe"),
        limit: time(table, "limit").unwrap_or(DEFAULT_LIMIT),
        idle: time(table, "idle").unwrap_or_default(),
        cpu: time(table, "cpu").unwrap_or(DEFAULT_CPU),
        parked: hang.as_ref().and_then(|hang| hang.text("parked")).map(|text| text.value),
        spinning: hang.as_ref().and_then(|hang| hang.text("spinning")).map(|text| text.value),
        starter: String::new(),
        starter_fails: None,
        solution: String::new(),
        subject: subject(table),
        after: None,
        hidden: HiddenTests::of(String::new(), Vec::new()),
    };
    if let Some(hang) = hang {
        hang.finish();
    }
    exercise
}

/// The tier that a step needs.
fn needs(table: &Table<'_>, tiers: Option<&[&str]>) -> Option<String> {
    let needs = table.text("needs")?;
    if let Some(tiers) = tiers.filter(|tiers| !tiers.contains(&needs.value.as_str())) {
        let hint = suggestion(&needs.value, tiers.iter().copied());
        table
            .fault(needs.line, format!("`{}` is not a tier of exercises/workbook.toml; {hint}", needs.value));
    }
    Some(needs.value)
}

/// The module that hidden implementations take the place of.
fn subject(table: &Table<'_>) -> Option<String> {
    let (graded_by, subject) = (table.text("graded_by"), table.text("subject"));
    if let Some(At { line, value }) = graded_by.as_ref().filter(|by| by.value != MUTANTS) {
        table.fault(*line, format!("`graded_by` is \"{value}\", but can only be \"{MUTANTS}\""));
    }
    match (&graded_by, subject) {
        (Some(At { line, .. }), None) => {
            let problem = "the module that mutants replace has no name; add `subject = \"its_name\"`";
            table.fault(*line, problem.to_owned());
            None
        }
        (None, Some(At { line, .. })) => {
            let problem = format!(
                "`subject` belongs to an exercise that is graded by mutants; add `graded_by = \"{MUTANTS}\"`"
            );
            table.fault(line, problem);
            None
        }
        (_, subject) => subject.map(|subject| subject.value),
    }
}

/// Who grades an exercise whose tests the learner writes.
const MUTANTS: &str = "mutants";

fn lints(table: &Table<'_>, key: &'static str) -> Vec<String> {
    let lints = table.texts(key);
    for At { line, value } in &lints {
        if let Some(lint) = value.strip_prefix("clippy::") {
            table.fault(*line, format!("`{value}` is written `clippy = [\"{lint}\"]`"));
        } else if !is_snake_case(value) {
            table.fault(*line, format!("`{value}` is not the name of a lint, which is snake_case"));
        }
    }
    values(lints)
}

fn time(table: &Table<'_>, key: &'static str) -> Option<Duration> {
    let At { line, value } = table.text(key)?;
    let time = duration(&value);
    if time.is_none() {
        table.fault(
            line,
            format!("`{key}` is \"{value}\", but must be a time above 0: \"500ms\", \"10s\" or \"2m\""),
        );
    }
    time
}

fn duration(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let milliseconds: u64 = match &text[unit..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    let count: u64 = text[..unit].parse().ok()?;
    count.checked_mul(milliseconds).filter(|total| *total > 0).map(Duration::from_millis)
}

fn values(texts: Vec<At<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_and_is_above_zero() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("10s"), Some(Duration::from_secs(10)));
        assert_eq!(duration("2m"), Some(Duration::from_secs(120)));
        for bad in ["", "10", "s", "0s", "1.5s", "-1s", "1h", "99999999999999999999s", "999999999999999999m"]
        {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}
