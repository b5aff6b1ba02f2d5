//! Gradescope: the `results.json` of its autograders.

use serde::Serialize;

use super::details::details;
use super::json;
use crate::report::{Basis, Doubt, Report, Row, Standing};

#[derive(Serialize)]
struct WireResults<'a> {
    score: u32,
    /// Seconds.
    execution_time: f64,
    output: String,
    visibility: &'static str,
    stdout_visibility: &'static str,
    extra_data: Extra<'a>,
    tests: Vec<WireTest<'a>>,
}

/// What Gradescope keeps for the instructor's own programs.
#[derive(Serialize)]
struct Extra<'a> {
    schema: &'static str,
    workbook: &'a str,
    basis: &'static str,
    graded_at: &'a str,
    max_score: u32,
    refuted: Vec<&'a str>,
    ungraded: Vec<&'a str>,
}

#[derive(Serialize)]
struct WireTest<'a> {
    score: u32,
    max_score: u32,
    status: &'static str,
    name: &'a str,
    name_format: &'static str,
    number: String,
    output: String,
    output_format: &'static str,
    tags: Vec<&'a str>,
    visibility: &'static str,
}

/// The report as a `results.json`: a test is an exercise, numbered by chapter.
#[must_use]
pub fn gradescope(report: &Report) -> Vec<u8> {
    let totals = report.totals();
    let names = |standing| {
        report.rows.iter().filter(move |row| row.standing() == standing).map(|row| row.exercise.name.as_str())
    };
    let tests = report.chapters.iter().enumerate().flat_map(|(chapter, names)| {
        report
            .of_chapter(&names.id)
            .enumerate()
            .map(move |(index, row)| test(report.basis, row, (chapter, index)))
    });
    let wire = WireResults {
        score: totals.score,
        execution_time: report.seconds,
        output: format!("{} {}", report.sentence(), report.basis.sentence()),
        visibility: "visible",
        stdout_visibility: "hidden",
        extra_data: Extra {
            schema: json::SCHEMA,
            workbook: &report.workbook,
            basis: report.basis.as_str(),
            graded_at: &report.at,
            max_score: totals.max_score,
            refuted: names(Standing::Refuted).collect(),
            ungraded: names(Standing::Ungraded).collect(),
        },
        tests: tests.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&wire).expect("strings and finite numbers are valid JSON");
    bytes.push(b'\n');
    bytes
}

fn test(basis: Basis, row: &Row, (chapter, index): (usize, usize)) -> WireTest<'_> {
    let output = match row.standing() {
        Standing::Solved if basis == Basis::Recorded => "Recorded as solved.".to_owned(),
        Standing::Solved => "Every hidden test passed.".to_owned(),
        Standing::NotSolved if basis == Basis::Recorded => "Not recorded as solved.".to_owned(),
        Standing::Refuted => {
            let of = match row.doubt() {
                Some(Doubt::Changed) => " That claim is for a different text: the file was changed since.",
                Some(Doubt::PutBack) => " That claim is for a different text: the starter is back.",
                Some(Doubt::ThisText) | None => "",
            };
            format!(
                "The progress file says solved; grading from source says otherwise.{of}\n\n{}",
                details(row)
            )
        }
        Standing::NotSolved | Standing::Ungraded => details(row),
    };
    WireTest {
        score: row.score(),
        max_score: row.exercise.points,
        status: if row.standing() == Standing::Solved { "passed" } else { "failed" },
        name: &row.exercise.name,
        name_format: "text",
        number: format!("{}.{}", chapter + 1, index + 1),
        output,
        output_format: "text",
        tags: vec![&row.exercise.chapter, if row.exercise.core { "core" } else { "extra" }, row.found()],
        visibility: "visible",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_format_fits_its_schema_and_says_what_it_rests_on() {
        for basis in [Basis::Regraded, Basis::RegradedConfined, Basis::Recorded] {
            let value = sample::check("gradescope", &gradescope(&sample::report_of(basis)));
            assert!(value["output"].as_str().unwrap().ends_with(basis.sentence()));
            assert_eq!(value["extra_data"]["basis"], basis.as_str());
        }
    }

    #[test]
    fn the_score_is_the_sum_and_a_claim_is_named() {
        let report = sample::report();
        let value = sample::check("gradescope", &gradescope(&report));
        let tests = value["tests"].as_array().unwrap();
        assert_eq!(tests.len(), report.rows.len());
        let sum: u64 = tests.iter().map(|test| test["score"].as_u64().unwrap()).sum();
        assert_eq!(value["score"].as_u64(), Some(sum));
        assert_eq!(value["extra_data"]["refuted"], serde_json::json!(["plan_order", "put_back", "changed"]));
        assert_eq!(value["extra_data"]["ungraded"], serde_json::json!(["broken"]));
        let refuted = tests.iter().find(|test| test["name"] == "plan_order").unwrap();
        assert!(refuted["output"].as_str().unwrap().contains("says solved"), "{refuted}");
        assert_eq!((&refuted["number"], &refuted["status"]), (&"1.2".into(), &"failed".into()));
    }
}
