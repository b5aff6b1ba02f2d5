//! Outcomes as lines for people, as records to fill in, and as JSON.

use serde::Serialize;
use similar::TextDiff;

use super::{Outcome, Tally, by_test};
use crate::screen::{Line, Role};

/// The name and version of the JSON objects.
pub const SCHEMA: &str = "tokiolings/mutant/v1";

/// Lines of the solution around a change.
const CONTEXT: usize = 2;

/// A survivor: where it is and what it changes, as a unified diff.
#[must_use]
pub fn survivor(outcome: &Outcome) -> Vec<Line> {
    let head = Line::of(Role::Path, format!("{}:{}", outcome.file(), outcome.mutant.line))
        .and(Role::Plain, "  ")
        .and(Role::Title, outcome.mutant.operator.as_str())
        .and(Role::Plain, " in ")
        .and(Role::Code, &outcome.mutant.within);
    let mistake = Line::of(Role::Plain, outcome.mutant.operator.mistake()).indent(2);
    let lines = hunks(outcome);
    let lines = lines.lines().map(|line| {
        let role = match line.as_bytes().first() {
            Some(b'-') => Role::Bad,
            Some(b'+') => Role::Good,
            Some(b'@') => Role::Gutter,
            _ => Role::Plain,
        };
        Line::of(role, line).indent(2)
    });
    [head, mistake].into_iter().chain(lines).chain([Line::blank()]).collect()
}

/// The record that would name a survivor as equivalent; the reason is for its author to give.
#[must_use]
pub fn record(outcome: &Outcome) -> String {
    let text = |text: &str| toml::Value::from(text).to_string();
    let mutant = &outcome.mutant;
    let mut record = format!("[[mutant]]\noperator = \"{}\"\n", mutant.operator);
    record.push_str(&format!("in = {}\nbefore = {}\n", text(&mutant.within), text(&mutant.before)));
    if !mutant.after.is_empty() {
        record.push_str(&format!("after = {}\n", text(&mutant.after)));
    }
    if let Some(nth) = outcome.nth {
        record.push_str(&format!("nth = {nth}\n"));
    }
    record.push_str("reason = \"\"\n");
    record
}

/// A row for each name, and one for all; `what` says what the names are of.
#[must_use]
pub fn table(what: &str, rows: &[(String, Tally)], all: Tally) -> Vec<Line> {
    let total = ("all".to_owned(), all);
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(what.len());
    let mut heads = vec!["made", "no compile", "failed", "hung", "crashed", "equivalent", "survived"];
    if all.broken > 0 {
        heads.push("broken");
    }
    let mut lines = vec![Line::of(Role::Title, format!("{:widest$}  {}", what, heads.join("  ")))];
    for (name, tally) in rows.iter().chain((rows.len() > 1).then_some(&total)) {
        let Tally { made, does_not_compile, failed, hung, crashed, equivalent, survived, broken } = *tally;
        let counts = [made, does_not_compile, failed, hung, crashed, equivalent, survived, broken];
        let cells: String =
            heads.iter().zip(counts).map(|(head, count)| format!("  {count:>0$}", head.len())).collect();
        let role = if survived + broken > 0 { Role::Warn } else { Role::Plain };
        lines.push(Line::of(role, format!("{name:widest$}{cells}")));
    }
    lines
}

/// How many mutants of one exercise each of its hidden tests has refused, the idle ones marked; for more than one
/// exercise only those. Nothing where nothing was graded.
#[must_use]
pub fn tests_of(of_each: &[&[Outcome]]) -> Vec<Line> {
    let mut lines = Vec::new();
    for outcomes in of_each {
        let Some(Outcome { exercise, .. }) = outcomes.first() else { continue };
        for (test, refused) in by_test(exercise, outcomes) {
            if refused == 0 {
                let place = format!("{}: `{test}` refuses no mutant", exercise.name);
                lines.push(Line::of(Role::Warn, place));
            } else if of_each.len() == 1 {
                lines.push(Line::of(Role::Plain, format!("{}: `{test}` refuses {refused}", exercise.name)));
            }
        }
    }
    lines
}

/// One object on one line, without a line end.
#[must_use]
pub fn json(outcome: &Outcome) -> String {
    #[derive(Serialize)]
    struct Object<'a> {
        schema: &'a str,
        exercise: &'a str,
        chapter: &'a str,
        file: String,
        line: usize,
        operator: &'a str,
        mistake: &'a str,
        r#in: &'a str,
        before: &'a str,
        after: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        nth: Option<usize>,
        verdict: &'a str,
        test: Option<&'a str>,
        tests: &'a [String],
        equivalent: Option<&'a str>,
        survived: bool,
        diff: String,
    }

    let mutant = &outcome.mutant;
    let object = Object {
        schema: SCHEMA,
        exercise: &outcome.exercise.name,
        chapter: &outcome.exercise.chapter,
        file: outcome.file(),
        line: mutant.line,
        operator: mutant.operator.as_str(),
        mistake: mutant.operator.mistake(),
        r#in: &mutant.within,
        before: &mutant.before,
        after: &mutant.after,
        nth: outcome.nth,
        verdict: outcome.kind.as_str(),
        test: outcome.tests.first().map(String::as_str),
        tests: &outcome.tests,
        equivalent: outcome.record.as_ref().map(|record| record.reason.as_str()),
        survived: outcome.state() == super::State::Survived,
        diff: hunks(outcome),
    };
    serde_json::to_string(&object).expect("strings and numbers are valid JSON")
}

/// The hunks of the unified diff from the solution to the mutant.
fn hunks(outcome: &Outcome) -> String {
    TextDiff::from_lines(outcome.exercise.solution.as_str(), outcome.mutant.text.as_str())
        .unified_diff()
        .context_radius(CONTEXT)
        .to_string()
}
