//! Whether a submission was refused for the reason that its author gave.

use std::iter;

use super::compare::without_numbers;
use crate::verdict::{Diagnostic, Kind, Level, Status, Verdict};
use crate::workbook::{Expectation, Fails};

/// Whether the verdict refuses by the named test, or compiler error, with the named message.
#[must_use]
pub fn refused_as(expectation: &Expectation, verdict: &Verdict) -> bool {
    if verdict.passed() {
        return false;
    }
    match &expectation.fails {
        Fails::Compile(code) => {
            verdict.kind == Kind::DoesNotCompile
                && verdict.diagnostics.iter().any(|diagnostic| {
                    is_code(diagnostic, code)
                        && format!("{}\n{}", diagnostic.message, diagnostic.rendered)
                            .contains(&expectation.says)
                })
        }
        Fails::Test(test) => verdict.tests.iter().any(|result| {
            result.name == *test
                && !matches!(result.status, Status::Passed | Status::NotRun)
                && result.message.contains(&expectation.says)
        }),
    }
}

/// The hidden tests that refuse, in their order. One that was not run, because the compiler refused or the time was used up,
/// has not refused.
pub(super) fn refused_by(verdict: &Verdict) -> impl Iterator<Item = &str> {
    let refuses = |status: Status| !matches!(status, Status::Passed | Status::NotRun);
    verdict.tests.iter().filter(move |test| refuses(test.status)).map(|test| test.name.as_str())
}

/// Whether an error has that code. Some of the compiler's errors have none: `-`.
fn is_code(diagnostic: &Diagnostic, code: &str) -> bool {
    match &diagnostic.code {
        Some(found) => found == code,
        None => code == NO_CODE && diagnostic.level == Level::Error,
    }
}

/// The code of an error that has none.
pub(super) const NO_CODE: &str = "-";

/// Everything that a learner would read.
#[must_use]
pub fn said(verdict: &Verdict) -> String {
    let mut text = String::new();
    for diagnostic in &verdict.diagnostics {
        let code = diagnostic.code.as_deref().unwrap_or(NO_CODE);
        text.push_str(&format!("[{code}] {}\n{}\n", diagnostic.message, diagnostic.rendered));
    }
    for test in &verdict.tests {
        text.push_str(&format!("{} {}: {}\n", test.status.as_str(), test.name, test.message));
    }
    if let Some(broken) = &verdict.broken {
        text.push_str(&format!("{} ({})\n", broken.problem, broken.remedy));
    }
    text
}

/// What a verdict says, in one line: the tests that refused, or the compiler's first error.
pub(super) fn summary(verdict: &Verdict) -> String {
    if verdict.passed() {
        return "it is accepted".to_owned();
    }
    if verdict.kind == Kind::DoesNotCompile {
        let first = verdict.diagnostics.first();
        let code = first.and_then(|diagnostic| diagnostic.code.as_deref()).unwrap_or("no code");
        let message = first.map_or("without a message", |diagnostic| diagnostic.message.as_str());
        return format!("it does not compile: {code}: {}", first_line(message));
    }
    let refused: Vec<String> = verdict
        .tests
        .iter()
        .filter(|test| test.status != Status::Passed)
        .map(|test| format!("{} {}: {}", test.name, test.status.as_str(), first_line(&test.message)))
        .collect();
    match refused.as_slice() {
        [] => format!("it is {}", verdict.kind.as_str()),
        [first] => first.clone(),
        [first, rest @ ..] => {
            let names: Vec<&str> =
                rest.iter().map(|test| test.split(' ').next().unwrap_or_default()).collect();
            format!("{first} (and {})", names.join(", "))
        }
    }
}

/// As [`summary`], with all that the first test says: where an answer should have been accepted, its author wants to see
/// what was expected and what was found.
pub(super) fn in_full(verdict: &Verdict) -> String {
    let first = verdict.tests.iter().find(|test| test.status != Status::Passed);
    let more = first.map(|test| test.message.lines().skip(1).map(str::trim).collect::<Vec<_>>().join(" "));
    match more.filter(|more| !more.is_empty()) {
        Some(more) => format!("{}; {}", summary(verdict), cut(&more)),
        None => summary(verdict),
    }
}

/// Why the verdict refuses, as the expectation would have it: the first line of the named test, or of the compiler's error,
/// with a `#` for every number.
pub(super) fn reason(expectation: &Expectation, verdict: &Verdict) -> String {
    let message = match &expectation.fails {
        Fails::Compile(code) => {
            let error = verdict.diagnostics.iter().find(|diagnostic| is_code(diagnostic, code));
            error.map(|diagnostic| diagnostic.message.as_str())
        }
        Fails::Test(test) => {
            let result = verdict.tests.iter().find(|result| result.name == *test);
            result.map(|result| result.message.as_str())
        }
    };
    without_numbers(first_line(message.unwrap_or_default()))
}

/// What two verdicts say that is not the same: their summaries, or the first lines that differ further down.
pub(super) fn difference(one: &Verdict, other: &Verdict) -> (String, String) {
    let (first, second) = (summary(one), summary(other));
    if without_numbers(&first) != without_numbers(&second) {
        return (first, second);
    }
    let (one, other) = (said(one), said(other));
    let lines = one.lines().map(Some).chain(iter::repeat(None));
    let pairs = lines.zip(other.lines().map(Some).chain(iter::repeat(None)));
    let plain = |line: Option<&str>| line.map(without_numbers);
    pairs.take_while(|pair| *pair != (None, None)).find(|(one, other)| plain(*one) != plain(*other)).map_or(
        (first, second),
        |(one, other)| {
            let line = |line: Option<&str>| line.map_or("nothing more".to_owned(), |line| cut(line.trim()));
            (line(one), line(other))
        },
    )
}

/// Enough of a text to recognise it by.
fn cut(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::sample::failed;

    fn expects(fails: Fails, says: &str) -> Expectation {
        Expectation { fails, says: says.to_owned() }
    }

    #[test]
    fn the_named_test_must_refuse_with_the_named_message() {
        let verdict = failed(&[
            ("heard", Status::Failed, "\"hi\" was never said.\nMore."),
            ("again", Status::Passed, ""),
            ("late", Status::NotRun, "never"),
        ]);
        let by = |test: &str, says| refused_as(&expects(Fails::Test(test.to_owned()), says), &verdict);
        assert!(by("heard", "never said"));
        assert!(!by("heard", "said twice"));
        assert!(!by("again", ""));
        assert!(!by("late", "never"));
        assert!(!refused_as(&expects(Fails::Compile("E0752".to_owned()), ""), &verdict));
        assert_eq!(reason(&expects(Fails::Test("heard".to_owned()), ""), &verdict), "\"hi\" was never said.");
        assert_eq!(summary(&verdict), "heard failed: \"hi\" was never said. (and late)");
        assert_eq!(in_full(&verdict), "heard failed: \"hi\" was never said. (and late); More.");
    }

    #[test]
    fn two_verdicts_are_told_apart_by_what_differs() {
        let says = |message: &str| failed(&[("heard", Status::Failed, message)]);
        let told = |one: &str, other: &str| difference(&says(one), &says(other));
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        assert_eq!(told("Late.", "Early."), pair("heard failed: Late.", "heard failed: Early."));
        assert_eq!(told("After 3 ms.\n  found: a", "After 4 ms.\n  found: b"), pair("found: a", "found: b"));
        assert_eq!(told("Late.\nMore.", "Late."), pair("More.", "nothing more"));
    }
}
