//! Exercism: the `results.json` of its test runners, version 3. A task is an exercise, a test is a hidden test.

use serde::Serialize;

use super::details::compiler_messages;
use crate::report::{Basis, Finding, Report, Row, Standing};
use crate::verdict::{Kind, Status, TestResult, Verdict};

/// Of printed text, in characters: the platform's limit.
const MAX_OUTPUT: usize = 500;
/// Ends a text that was too long.
const TRUNCATED: &str = "\n[cut here: longer than 500 characters]";
/// Of the message on top, in characters: the platform stores 65,535 bytes at most, and a character has up to four.
const MAX_MESSAGE: usize = 16_000;

#[derive(Serialize)]
struct WireResults {
    version: u8,
    status: &'static str,
    message: Option<String>,
    tests: Vec<WireTest>,
}

#[derive(Serialize)]
struct WireTest {
    name: String,
    status: &'static str,
    message: Option<String>,
    output: Option<String>,
    /// Shown to the learner, who has not seen the tests.
    test_code: String,
    /// From 1, in the workbook's order.
    task_id: usize,
}

const PASS: &str = "pass";
const FAIL: &str = "fail";
const ERROR: &str = "error";

/// The report as a `results.json`. `error` on top means that not one test could run. A report that graded nothing has
/// one test an exercise, which says so.
#[must_use]
pub fn exercism(report: &Report) -> Vec<u8> {
    let tests: Vec<WireTest> = report
        .rows
        .iter()
        .enumerate()
        .flat_map(|(index, row)| match report.basis {
            Basis::Recorded => vec![recorded(row, index + 1)],
            Basis::Regraded | Basis::RegradedConfined => graded(row, index + 1),
        })
        .collect();
    let status = if !tests.is_empty() && tests.iter().all(|test| test.status == PASS) {
        PASS
    } else if report.rows.iter().any(anything_ran) {
        FAIL
    } else {
        ERROR
    };
    let first_trouble =
        || tests.iter().find_map(|test| test.message.clone()).unwrap_or_else(|| report.sentence());
    let message = (status == ERROR).then(|| head(&first_trouble(), MAX_MESSAGE, "…"));
    let wire = WireResults { version: 3, status, message, tests };
    let mut bytes = serde_json::to_vec_pretty(&wire).expect("strings and integers are valid JSON");
    bytes.push(b'\n');
    bytes
}

fn anything_ran(row: &Row) -> bool {
    match &row.finding {
        Finding::Unchecked => true,
        Finding::NoSource(_) => false,
        Finding::Graded(verdict) => verdict.tests.iter().any(|test| test.status != Status::NotRun),
    }
}

fn recorded(row: &Row, task_id: usize) -> WireTest {
    WireTest {
        name: row.exercise.name.clone(),
        status: if row.standing() == Standing::Solved { PASS } else { FAIL },
        message: Some(Basis::Recorded.sentence().to_owned()),
        output: None,
        test_code: row
            .exercise
            .hidden
            .tests()
            .iter()
            .map(|test| row.exercise.hidden.body(test))
            .collect::<Vec<_>>()
            .join("\n\n"),
        task_id,
    }
}

fn graded(row: &Row, task_id: usize) -> Vec<WireTest> {
    let name = |test: &str| format!("{}: {test}", row.exercise.name);
    match &row.finding {
        Finding::Graded(verdict) => verdict
            .tests
            .iter()
            .enumerate()
            .map(|(index, test)| WireTest {
                name: name(&test.name),
                status: match test.status {
                    Status::Passed => PASS,
                    Status::Failed => FAIL,
                    Status::Hung | Status::Crashed | Status::NotRun => ERROR,
                },
                message: message(row, verdict, test, index == 0),
                output: (!test.output.is_empty()).then(|| head(&test.output, MAX_OUTPUT, TRUNCATED)),
                test_code: code_of(row, &test.name),
                task_id,
            })
            .collect(),
        Finding::NoSource(_) | Finding::Unchecked => row
            .exercise
            .hidden
            .tests()
            .iter()
            .map(|test| WireTest {
                name: name(&test.name),
                status: ERROR,
                message: row.reason(),
                output: None,
                test_code: row.exercise.hidden.body(test),
                task_id,
            })
            .collect(),
    }
}

/// The body of a hidden test; a verdict in the cache may name one that is gone.
fn code_of(row: &Row, name: &str) -> String {
    let hidden = &row.exercise.hidden;
    hidden.tests().iter().find(|test| test.name == name).map_or(String::new(), |test| hidden.body(test))
}

/// The platform shows the first failure alone, so the first test of a file that does not compile has all of the
/// compiler's words, and the others the first line.
fn message(row: &Row, verdict: &Verdict, test: &TestResult, first: bool) -> Option<String> {
    match (test.status, verdict.kind) {
        (Status::Passed, _) => None,
        (Status::NotRun, Kind::DoesNotCompile) if first => Some(compiler_messages(verdict)),
        (Status::NotRun, Kind::DoesNotCompile | Kind::Broken) => row.reason(),
        _ => Some(test.message.clone()),
    }
}

/// The start of a text, of at most `max` characters with the mark of what is missing.
fn head(text: &str, max: usize, mark: &str) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    text.chars().take(max - mark.chars().count()).chain(mark.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_format_fits_its_schema() {
        for basis in [Basis::Regraded, Basis::RegradedConfined, Basis::Recorded] {
            let value = sample::check("exercism", &exercism(&sample::report_of(basis)));
            assert_eq!(value["status"], "fail");
        }
    }

    #[test]
    fn tests_are_in_source_order_and_name_their_task() {
        let report = sample::report();
        let value = sample::check("exercism", &exercism(&report));
        let found: Vec<(String, u64)> = value["tests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|test| (test["name"].as_str().unwrap().to_owned(), test["task_id"].as_u64().unwrap()))
            .collect();
        let expected: Vec<(String, u64)> = (1..)
            .zip(&report.rows)
            .flat_map(|(task, row)| {
                let tests = row.exercise.hidden.tests().iter();
                tests.map(move |test| (format!("{}: {}", row.exercise.name, test.name), task))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn printed_text_is_cut_by_characters() {
        assert_eq!(head(&"é".repeat(500), MAX_OUTPUT, TRUNCATED), "é".repeat(500));
        let cut = head(&"é".repeat(501), MAX_OUTPUT, TRUNCATED);
        assert_eq!(cut.chars().count(), 500);
        assert!(cut.starts_with('é') && cut.ends_with(TRUNCATED));
    }

    #[test]
    fn nothing_that_ran_is_an_error_with_a_message() {
        let mut report = sample::report();
        report.rows.retain(|row| !anything_ran(row));
        let value = sample::check("exercism", &exercism(&report));
        assert_eq!(value["status"], "error");
        assert!(!value["message"].as_str().unwrap().is_empty(), "{value}");

        report.rows.clear();
        report
            .rows
            .extend(sample::report().rows.into_iter().filter(|row| row.standing() == Standing::Solved));
        let value = sample::check("exercism", &exercism(&report));
        assert_eq!((&value["status"], &value["message"]), (&"pass".into(), &serde_json::Value::Null));

        report.rows.clear();
        let value = sample::check("exercism", &exercism(&report));
        assert_eq!(value["status"], "error", "no test has run");
        assert!(value["message"].as_str().unwrap().contains("no exercises"), "{value}");
    }

    #[test]
    fn a_test_brings_its_code() {
        for basis in [Basis::Regraded, Basis::Recorded] {
            let value = sample::check("exercism", &exercism(&sample::report_of(basis)));
            for test in value["tests"].as_array().unwrap() {
                let code = test["test_code"].as_str().unwrap();
                assert!(code.contains("assert!"), "{test}");
            }
        }
    }
}
