//! A small workbook for the tests of this module, and what gradings of it find.

use crate::verdict::{Kind, Status, Verdict, sample_test, sample_verdict};
use crate::workbook::{Exercise, Quiz, Workbook, sample_exercise, sample_quiz, sample_workbook};

/// `first`, then the quiz `question`, then `second` and `third`.
pub(super) fn workbook() -> Workbook {
    sample_workbook(exercise)
}

pub(super) fn exercise(name: &str, chapter: &str) -> Exercise {
    Exercise {
        chapter: chapter.into(),
        hints: vec!["a nudge".into(), "the idea".into()],
        starter: format!("//! Make {name} speak.\n"),
        ..sample_exercise(name, &[])
    }
}

pub(super) fn quiz() -> Quiz {
    sample_quiz("question", "01_one")
}

/// Of one hidden test, which passes or fails.
pub(super) fn verdict(name: &str, kind: Kind) -> Verdict {
    let test = match kind {
        Kind::Passed => sample_test("speaks", Status::Passed, ""),
        _ => sample_test("speaks", Status::Failed, "It said nothing."),
    };
    sample_verdict(name, kind, vec![test])
}
