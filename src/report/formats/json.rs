//! JSON, our own format: everything that a report knows. `tests/schemas/report.json` describes it.

use serde::Serialize;

use crate::report::{Doubt, Recorded, Report, Row, Totals};
use crate::verdict::wire;

/// The name and version of the format.
pub(super) const SCHEMA: &str = "tokiolings/report/v1";

#[derive(Serialize)]
struct WireReport<'a> {
    schema: &'static str,
    tokiolings: &'static str,
    workbook: &'a str,
    edition: &'a str,
    basis: &'static str,
    at: &'a str,
    seconds: f64,
    totals: WireTotals,
    exercises: Vec<WireRow<'a>>,
}

#[derive(Serialize)]
struct WireTotals {
    exercises: usize,
    solved: usize,
    refuted: usize,
    not_solved: usize,
    ungraded: usize,
    score: u32,
    max_score: u32,
}

#[derive(Serialize)]
struct WireRow<'a> {
    exercise: &'a str,
    chapter: &'a str,
    core: bool,
    points: u32,
    score: u32,
    standing: &'static str,
    refuted: Option<&'static str>,
    untouched: bool,
    recorded: WireRecorded<'a>,
    found: &'static str,
    reason: Option<String>,
    verdict: Option<wire::Verdict>,
}

#[derive(Serialize)]
struct WireRecorded<'a> {
    state: &'static str,
    solved_at: Option<&'a str>,
    attempts: u32,
    hints: u32,
    gave_up: bool,
}

/// The report as one object on one line.
#[must_use]
pub fn json(report: &Report) -> Vec<u8> {
    let Report { workbook, edition, basis, at, seconds, chapters: _, rows } = report;
    let wire = WireReport {
        schema: SCHEMA,
        tokiolings: env!("CARGO_PKG_VERSION"),
        workbook,
        edition,
        basis: basis.as_str(),
        at,
        seconds: *seconds,
        totals: report.totals().into(),
        exercises: rows.iter().map(WireRow::from).collect(),
    };
    let mut bytes = serde_json::to_vec(&wire).expect("strings and finite numbers are valid JSON");
    bytes.push(b'\n');
    bytes
}

impl From<Totals> for WireTotals {
    fn from(totals: Totals) -> Self {
        let Totals { exercises, solved, refuted, not_solved, ungraded, score, max_score } = totals;
        Self { exercises, solved, refuted, not_solved, ungraded, score, max_score }
    }
}

impl<'a> From<&'a Row> for WireRow<'a> {
    fn from(row: &'a Row) -> Self {
        let Recorded { state, solved_at, attempts, hints, gave_up } = &row.recorded;
        Self {
            exercise: &row.exercise.name,
            chapter: &row.exercise.chapter,
            core: row.exercise.core,
            points: row.exercise.points,
            score: row.score(),
            standing: row.standing().as_str(),
            refuted: row.doubt().map(Doubt::as_str),
            untouched: row.untouched,
            recorded: WireRecorded {
                state: state.as_str(),
                solved_at: solved_at.as_deref(),
                attempts: *attempts,
                hints: *hints,
                gave_up: *gave_up,
            },
            found: row.found(),
            reason: row.reason(),
            verdict: row.verdict().map(wire::Verdict::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Basis, sample};

    #[test]
    fn the_format_fits_its_schema() {
        for basis in [Basis::Regraded, Basis::RegradedConfined, Basis::Recorded] {
            let value = sample::check("report", &json(&sample::report_of(basis)));
            assert_eq!(value["basis"], basis.as_str());
        }
    }

    #[test]
    fn verdicts_are_whole() {
        let report = sample::report();
        let value: serde_json::Value = serde_json::from_slice(&json(&report)).unwrap();
        for (found, row) in value["exercises"].as_array().unwrap().iter().zip(&report.rows) {
            match row.verdict() {
                Some(verdict) => {
                    let text = found["verdict"].to_string();
                    assert_eq!(&wire::Verdict::read(text.as_bytes()).unwrap(), verdict);
                }
                None => assert!(found["verdict"].is_null()),
            }
        }
    }
}
