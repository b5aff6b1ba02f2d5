//! What a verdict holds against a submission, in full, as plain text for the systems that show one text an exercise.

use crate::report::{Finding, Row};
use crate::verdict::{Kind, Level, Status, Verdict};

/// Everything that keeps a row from being solved; empty when it is, or when nothing was graded.
pub(super) fn details(row: &Row) -> String {
    match &row.finding {
        Finding::Unchecked => String::new(),
        Finding::NoSource(why) => why.clone(),
        Finding::Graded(verdict) => of_verdict(verdict),
    }
}

fn of_verdict(verdict: &Verdict) -> String {
    match verdict.kind {
        Kind::Passed => String::new(),
        Kind::Broken => match &verdict.broken {
            Some(broken) => format!("This could not be graded: {}\n{}", broken.problem, broken.remedy),
            None => "This could not be graded.".to_owned(),
        },
        Kind::DoesNotCompile => compiler_messages(verdict),
        Kind::Failed | Kind::Hung | Kind::Crashed => {
            let told: Vec<String> = verdict
                .tests
                .iter()
                .filter(|test| test.status != Status::Passed)
                .map(|test| format!("✗ {}\n{}", test.name, test.message.trim_end()))
                .collect();
            told.join("\n\n")
        }
    }
}

/// What the compiler said, with the coach's words: the errors, or where there is none what fails the exercise instead.
pub(super) fn compiler_messages(verdict: &Verdict) -> String {
    let is_error = |level| level == Level::Error;
    let any_error = verdict.diagnostics.iter().any(|diagnostic| is_error(diagnostic.level));
    let told: Vec<String> = verdict
        .diagnostics
        .iter()
        .filter(|diagnostic| !any_error || is_error(diagnostic.level))
        .map(|diagnostic| match &diagnostic.coach {
            Some(coach) => format!("{}\n{coach}", diagnostic.rendered.trim_end()),
            None => diagnostic.rendered.trim_end().to_owned(),
        })
        .collect();
    told.join("\n\n")
}
