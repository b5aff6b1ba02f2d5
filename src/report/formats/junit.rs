//! JUnit XML, which CI systems show: a suite a chapter, a case an exercise.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::details::details;
use crate::report::{Basis, Doubt, Report, Row, Standing};

/// The report as JUnit XML. What XML cannot hold is left out of texts.
#[must_use]
pub fn junit(report: &Report) -> Vec<u8> {
    let mut xml = quick_junit::Report::new("tokiolings");
    xml.set_time(seconds(report.seconds));
    xml.add_test_suites(report.chapters.iter().map(|chapter| {
        let mut suite = TestSuite::new(chapter.id.as_str());
        suite.add_property(Property::new("title", printable(&chapter.title)));
        suite.add_property(Property::new("basis", report.basis.as_str()));
        suite.add_property(Property::new("at", report.at.as_str()));
        suite.add_test_cases(report.of_chapter(&chapter.id).map(|row| case(report.basis, row)));
        suite
    }));
    let mut bytes = Vec::new();
    xml.serialize(&mut bytes).expect("memory can be written");
    bytes
}

fn case(basis: Basis, row: &Row) -> TestCase {
    let failed = |kind, message: String, text: String| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(printable(&message)).set_type(row.found());
        if !text.is_empty() {
            status.set_description(printable(&text));
        }
        status
    };
    let reason = || row.reason().unwrap_or_default();
    let status = match row.standing() {
        Standing::Solved => TestCaseStatus::success(),
        Standing::NotSolved if basis == Basis::Recorded => failed(
            NonSuccessKind::Failure,
            format!("recorded as {}", row.recorded.state.as_str()),
            String::new(),
        ),
        Standing::NotSolved => failed(NonSuccessKind::Failure, reason(), details(row)),
        Standing::Refuted => {
            let message = format!("{}: {}", row.doubt().map_or("", Doubt::words), reason());
            failed(NonSuccessKind::Failure, message, details(row))
        }
        Standing::Ungraded => failed(NonSuccessKind::Error, reason(), details(row)),
    };
    let mut case = TestCase::new(row.exercise.name.as_str(), status);
    case.set_classname(row.exercise.chapter.as_str());
    case.set_time(seconds(row.verdict().map_or(0.0, |verdict| verdict.seconds.total)));
    case.add_property(Property::new("recorded", row.recorded.state.as_str()));
    case.add_property(Property::new("points", row.exercise.points.to_string()));
    case
}

/// The library leaves out control characters; these two are as forbidden, and a learner's program can print them.
fn printable(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// A verdict's seconds are measured, and so no less than 0; a file that was tampered with may say anything.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn read(report: &Report) -> quick_junit::Report {
        let xml = String::from_utf8(junit(report)).unwrap();
        quick_junit::Report::deserialize_from_str(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"))
    }

    #[test]
    fn a_reader_finds_a_suite_a_chapter_and_a_case_an_exercise() {
        let report = sample::report();
        let xml = read(&report);
        let names: Vec<&str> = xml.test_suites.iter().map(|suite| suite.name.as_str()).collect();
        assert_eq!(names, ["01_inert_plans", "02_engine"]);
        let cases: Vec<&TestCase> = xml.test_suites.iter().flat_map(|suite| &suite.test_cases).collect();
        assert_eq!(cases.len(), report.rows.len());
        for (case, row) in cases.iter().zip(&report.rows) {
            assert_eq!(case.name.as_str(), row.exercise.name);
            assert_eq!(case.classname.as_ref().unwrap().as_str(), row.exercise.chapter);
            match (&case.status, row.standing()) {
                (TestCaseStatus::Success { .. }, Standing::Solved) => {}
                (TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. }, Standing::Ungraded) => {}
                (
                    TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, message, .. },
                    Standing::NotSolved | Standing::Refuted,
                ) => assert!(!message.as_ref().unwrap().as_str().contains('\n')),
                other => panic!("{}: {other:?}", row.exercise.name),
            }
        }
    }

    #[test]
    fn nothing_that_xml_forbids_is_written() {
        let xml = String::from_utf8(junit(&sample::report())).unwrap();
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert_eq!(xml.chars().find(|c| !allowed(*c)), None);
        // The texts around them, markup among them, are still there.
        let xml = read(&sample::report());
        let evil = xml
            .test_suites
            .iter()
            .flat_map(|suite| &suite.test_cases)
            .find(|case| case.name.as_str() == "evil");
        let TestCaseStatus::NonSuccess { message, description, .. } = &evil.unwrap().status else { panic!() };
        assert_eq!(message.as_ref().unwrap().as_str(), "t: <a & \"b\"> ]]> before after");
        assert!(description.as_ref().unwrap().as_str().contains("]]> before after"), "{description:?}");
    }

    #[test]
    fn a_recorded_report_says_so() {
        let xml = read(&sample::report_of(Basis::Recorded));
        let property =
            xml.test_suites[0].properties.iter().find(|property| property.name.as_str() == "basis");
        assert_eq!(property.unwrap().value.as_str(), "recorded");
    }
}
