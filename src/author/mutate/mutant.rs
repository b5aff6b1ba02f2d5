//! Mutants, and how they are found.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use proc_macro2::TokenStream;

use super::finder::Finder;
use super::helpers::Helpers;
use super::operators::Operator;
use super::source::{Edit, lines_of};
use super::{reach, source};
use crate::verdict::Verdict;
use crate::workbook::Exercise;

/// How long a hidden test of a mutant may run where the solution is fast. A mutant that hangs is caught however long one
/// waits for it.
const LIMIT: Duration = Duration::from_secs(2);

/// A solution is fast if its slowest hidden test takes this part of [`LIMIT`] at most.
const MARGIN: f64 = 10.0;

/// How long a hidden test of a mutant may run: a short time, unless the solution itself comes too near to it.
#[must_use]
pub fn limit(exercise: &Exercise, solution: &Verdict) -> Duration {
    limit_beside(exercise, solution.tests.iter().map(|test| test.seconds).fold(0.0, f64::max))
}

/// As [`limit`], where the solution's slowest hidden test takes so many seconds.
pub(in crate::author) fn limit_beside(exercise: &Exercise, slowest: f64) -> Duration {
    if slowest * MARGIN <= LIMIT.as_secs_f64() { exercise.limit.min(LIMIT) } else { exercise.limit }
}

/// A solution with one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// What kind of change.
    pub operator: Operator,
    /// The function (or constant) that it is in: `greet`, `Signal::poll`.
    pub within: String,
    /// The line of the solution where it is, from 1.
    pub line: usize,
    /// The lines of the solution that it touches, as one: without comments, indentation and line ends.
    pub before: String,
    /// What stands there instead, as one line; empty when nothing does.
    pub after: String,
    /// The whole file, without what the change calls.
    pub text: String,
    /// What the change calls; empty when it calls nothing.
    pub appendix: String,
}

impl Mutant {
    /// What is graded.
    #[must_use]
    pub fn source(&self) -> String {
        [self.text.as_str(), &self.appendix].concat()
    }
}

/// Every mutant of a solution, in the order of its lines; each differs in its tokens from the solution and from the
/// others. `main` is left alone unless hidden tests run it as a `program`, and so is what only `main` uses.
///
/// # Errors
/// Why the solution does not parse.
pub fn mutants(solution: &str, program: bool) -> Result<Vec<Mutant>, syn::Error> {
    let file = syn::parse_file(solution)?;
    let mut finder = Finder::new(solution);
    for item in reach::tested(&file, program) {
        finder.look(item);
    }
    let mut found = finder.into_edits();
    found.sort_by_key(|(_, edit)| {
        let (range, _) = &edit.pieces[0];
        (range.start, range.end)
    });
    let mut seen = BTreeSet::from([tokens(solution)]);
    Ok(found
        .into_iter()
        .filter_map(|(within, edit)| {
            let mutant = mutant(solution, within, &edit);
            // An operator that cannot know all of the syntax around it may make what is no Rust at all.
            let parses = syn::parse_file(&mutant.text).is_ok();
            (parses && seen.insert(tokens(&mutant.text))).then_some(mutant)
        })
        .collect())
}

fn mutant(solution: &str, within: String, edit: &Edit) -> Mutant {
    let mut text = solution.to_owned();
    for (range, new) in edit.in_order().into_iter().rev() {
        text.replace_range(range.clone(), new);
    }
    let (before, after) = touched(solution, edit);
    Mutant {
        operator: edit.operator,
        within,
        line: 1 + solution[..edit.pieces[0].0.start].matches('\n').count(),
        before,
        after,
        text,
        appendix: edit.helpers.map(Helpers::appendix).unwrap_or_default(),
    }
}

/// The lines that an edit touches, and what becomes of them.
fn touched(solution: &str, edit: &Edit) -> (String, String) {
    let pieces = edit.in_order();
    let mut lines: Vec<Range<usize>> = Vec::new();
    for (range, _) in &pieces {
        let lines_of = lines_of(solution, range);
        match lines.last_mut() {
            Some(last) if lines_of.start <= last.end => last.end = last.end.max(lines_of.end),
            _ => lines.push(lines_of),
        }
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for lines in lines {
        before.push(source::as_one_line(&solution[lines.clone()]));
        let mut text = String::new();
        let mut at = lines.start;
        for (range, new) in
            pieces.iter().filter(|(range, _)| lines.start <= range.start && range.start <= lines.end)
        {
            text.push_str(&solution[at..range.start]);
            text.push_str(new);
            at = range.end;
        }
        text.push_str(&solution[at..lines.end.max(at)]);
        after.push(source::as_one_line(&text));
    }
    let joined = |parts: Vec<String>| {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" … ")
    };
    (joined(before), joined(after))
}

/// What the compiler sees: neither layout nor comments.
fn tokens(text: &str) -> String {
    text.parse::<TokenStream>().map(|tokens| tokens.to_string()).unwrap_or_default()
}
