//! A refusal, for the tests of this folder.

use crate::verdict::{Broken, Evidence, Kind, Status, TestResult, Verdict, judge};
use crate::workbook::sample_exercise;

/// One whose hidden tests ended like that, each with its name and its message.
pub(super) fn failed(messages: &[(&str, Status, &str)]) -> Verdict {
    let broken = Broken { problem: String::new(), remedy: String::new() };
    let verdict = judge(&sample_exercise("one", &[]), &Evidence::Broken(broken));
    let tests = messages.iter().map(|(name, status, message)| TestResult {
        name: (*name).to_owned(),
        status: *status,
        message: (*message).to_owned(),
        output: String::new(),
        seconds: 0.0,
        hang: None,
        timeline: None,
    });
    Verdict { kind: Kind::Failed, tests: tests.collect(), broken: None, ..verdict }
}
