//! CSV: one row an exercise, for spreadsheets.

use std::borrow::Cow;

use crate::report::{Doubt, Report, Row};
use crate::verdict::sanitize;

const COLUMNS: [&str; 15] = [
    "chapter",
    "exercise",
    "core",
    "points",
    "score",
    "standing",
    "recorded",
    "solved_at",
    "attempts",
    "hints",
    "gave_up",
    "found",
    "reason",
    "basis",
    "refuted",
];

/// The report as CSV with a header, UTF-8, lines ended as RFC 4180 asks.
#[must_use]
pub fn csv(report: &Report) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let rows = report.rows.iter().map(|row| cells(report, row));
    let header = COLUMNS.map(str::to_owned);
    for record in std::iter::once(header).chain(rows) {
        writer.write_record(record.iter().map(|text| cell(text))).expect("memory can be written");
    }
    writer.into_inner().expect("memory can be written")
}

fn cells(report: &Report, row: &Row) -> [String; 15] {
    let (exercise, recorded) = (&row.exercise, &row.recorded);
    [
        exercise.chapter.clone(),
        exercise.name.clone(),
        exercise.core.to_string(),
        exercise.points.to_string(),
        row.score().to_string(),
        row.standing().as_str().to_owned(),
        recorded.state.as_str().to_owned(),
        recorded.solved_at.clone().unwrap_or_default(),
        recorded.attempts.to_string(),
        recorded.hints.to_string(),
        recorded.gave_up.to_string(),
        row.found().to_owned(),
        row.reason().unwrap_or_default(),
        report.basis.as_str().to_owned(),
        row.doubt().map_or("", Doubt::as_str).to_owned(),
    ]
}

/// A text as a cell: without what a terminal would obey when somebody looks at the file, and nothing that a spreadsheet
/// runs.
pub(crate) fn cell(text: &str) -> String {
    defused(&sanitize(text)).into_owned()
}

/// A cell that no spreadsheet runs as a formula: an apostrophe, which spreadsheets take as "this is text", before what
/// would start one. Other programs see the apostrophe.
fn defused(cell: &str) -> Cow<'_, str> {
    // The wide forms are signs for input methods of East Asian languages, and some spreadsheets take them as the sign.
    let starts_a_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if starts_a_formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn what_would_run_is_text_and_the_rest_is_as_it_was() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0"]
        {
            assert_eq!(defused(formula), format!("'{formula}"), "{formula:?}");
        }
        for text in ["", "a=b", "1", "'=1", " x", "plan_order: -1"] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn a_cell_moves_no_terminal_and_hides_no_formula_behind_an_escape() {
        assert_eq!(cell("a\u{1b}[31mb\u{202e}c\u{7}"), "ab\u{fffd}c\u{fffd}");
        assert_eq!(cell("\u{1b}[0m=1+1"), "'=1+1");
        assert_eq!(cell("Zoë\nSmith"), "Zoë\nSmith");
    }

    #[test]
    fn a_reader_gets_every_cell_back() {
        let report = sample::report();
        let bytes = csv(&report);
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().unwrap(), COLUMNS.as_slice());
        let rows: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.len(), report.rows.len());
        for (found, row) in rows.iter().zip(&report.rows) {
            let expected = cells(&report, row).map(|text| cell(&text));
            assert_eq!(found, expected.as_slice());
        }
        let reason = |name: &str| rows.iter().find(|row| &row[1] == name).unwrap()[12].to_owned();
        assert_eq!(reason("formula"), "'=HYPERLINK(\"http://x\",\"y\"), a, b");
    }
}
