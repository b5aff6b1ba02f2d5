//! Every exercise of this repository, graded: the starter is refused, the solution and each right answer are accepted,
//! each wrong answer is refused by the test that it names with the message that it names.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use futures_util::stream::{self, StreamExt};
use tokiolings::grader::{Grader, Home, Options, Source};
use tokiolings::verdict::{Kind, Status, Verdict};
use tokiolings::workbook::{Answer, Exercise, Fails, Workbook, answers};

/// One grader for all tests of this file: it lets only as many children run as there are cores.
static GRADER: LazyLock<Grader> = LazyLock::new(|| {
    let workbook = Workbook::read(&root()).unwrap_or_else(|faults| panic!("failed to {faults}"));
    let home = Home::at(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("home"));
    // Verdicts from an earlier run would hide what a change of the grader breaks.
    Grader::new(Arc::new(workbook), home, Options { cache: false, ..Options::default() })
});

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn exercises() -> Vec<Arc<Exercise>> {
    GRADER.workbook().exercises().cloned().collect()
}

fn found(exercise: &Exercise) -> Vec<Answer> {
    answers(&root(), exercise).unwrap_or_else(|error| panic!("{}: {error}", exercise.name))
}

/// Grades all texts, a few at once, and gives what `complain` says about them.
fn complaints(
    submissions: Vec<(Arc<Exercise>, String, String)>,
    complain: impl Fn(&str, &Verdict) -> Option<String>,
) -> Vec<String> {
    assert!(!submissions.is_empty(), "nothing to grade");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(
        stream::iter(submissions)
            .map(|(exercise, name, source)| async move {
                let verdict = GRADER.grade(&exercise, &Source::Text(source), &|_| {}).await;
                (name, verdict)
            })
            .buffer_unordered(4)
            .filter_map(|(name, verdict)| {
                let complaint = complain(&name, &verdict);
                async move { complaint }
            })
            .collect(),
    )
}

fn must_pass(name: &str, verdict: &Verdict) -> Option<String> {
    (!verdict.passed()).then(|| format!("{name} is {}: {}", verdict.kind.as_str(), said(verdict)))
}

/// Everything that a learner would read.
fn said(verdict: &Verdict) -> String {
    let mut text = String::new();
    for diagnostic in &verdict.diagnostics {
        text.push_str(&format!(
            "[{}] {}\n{}\n",
            diagnostic.code.as_deref().unwrap_or("-"),
            diagnostic.message,
            diagnostic.rendered
        ));
    }
    for test in &verdict.tests {
        text.push_str(&format!("{} {}: {}\n", test.status.as_str(), test.name, test.message));
    }
    if let Some(broken) = &verdict.broken {
        text.push_str(&format!("{} ({})\n", broken.problem, broken.remedy));
    }
    text
}

#[test]
fn starters_are_refused() {
    let starters = exercises()
        .into_iter()
        .map(|e| (e.clone(), format!("the starter of {}", e.name), e.starter.clone()))
        .collect();
    let complaints = complaints(starters, |name, verdict| {
        matches!(verdict.kind, Kind::Passed | Kind::Broken)
            .then(|| format!("{name} is {}: {}", verdict.kind.as_str(), said(verdict)))
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn solutions_are_accepted() {
    let solutions = exercises()
        .into_iter()
        .map(|e| (e.clone(), format!("the solution of {}", e.name), e.solution.clone()))
        .collect();
    let complaints = complaints(solutions, must_pass);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn right_answers_are_accepted() {
    let mut right = Vec::new();
    for exercise in exercises() {
        for answer in found(&exercise).into_iter().filter(|answer| answer.expectation.is_none()) {
            right.push((exercise.clone(), answer.path.clone(), answer.source));
        }
    }
    let complaints = complaints(right, must_pass);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn wrong_answers_are_refused_as_they_say() {
    let mut wrong = Vec::new();
    let mut expected = std::collections::BTreeMap::new();
    for exercise in exercises() {
        for answer in found(&exercise) {
            let Some(expectation) = answer.expectation else { continue };
            expected.insert(answer.path.clone(), expectation);
            wrong.push((exercise.clone(), answer.path.clone(), answer.source));
        }
    }
    let complaints = complaints(wrong, |name, verdict| {
        let expectation = &expected[name];
        let told = match &expectation.fails {
            Fails::Compile(code) => {
                verdict.kind == Kind::DoesNotCompile
                    && verdict.diagnostics.iter().any(|d| {
                        d.code.as_deref() == Some(code)
                            && format!("{}\n{}", d.message, d.rendered).contains(&expectation.says)
                    })
            }
            Fails::Test(test) => verdict.tests.iter().any(|result| {
                result.name == *test
                    && !matches!(result.status, Status::Passed | Status::NotRun)
                    && result.message.contains(&expectation.says)
            }),
        };
        (!told || verdict.passed()).then(|| {
            format!("{name} should say {expectation:?}, but is {}: {}", verdict.kind.as_str(), said(verdict))
        })
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
