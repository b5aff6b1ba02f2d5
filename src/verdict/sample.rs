//! A verdict and its parts, for the tests of other modules.

use super::{Kind, Seconds, Status, TestResult, Verdict};

/// A verdict on an exercise of that name, which took no time.
pub(crate) fn sample_verdict(exercise: &str, kind: Kind, tests: Vec<TestResult>) -> Verdict {
    Verdict {
        exercise: exercise.to_owned(),
        chapter: "01_inert_plans".to_owned(),
        kind,
        diagnostics: Vec::new(),
        tests,
        broken: None,
        review: None,
        seconds: Seconds::default(),
    }
}

/// A hidden test that printed nothing and took no time.
pub(crate) fn sample_test(name: &str, status: Status, message: &str) -> TestResult {
    TestResult {
        name: name.to_owned(),
        status,
        message: message.to_owned(),
        output: String::new(),
        seconds: 0.0,
        cpu_seconds: None,
        hang: None,
        timeline: None,
    }
}
