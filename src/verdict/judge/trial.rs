//! What came of a learner's tests on one implementation: on a right one they all pass, on a mutant one of them fails.

use crate::verdict::{End, Report, Run, Status, TestResult};
use crate::workbook::{HiddenTest, Implementation, TESTS};

/// Judges one run of a learner's tests. `seen` is what it would be for a hidden test.
pub(super) fn result(
    test: &HiddenTest,
    implementation: &Implementation,
    run: &Run,
    seen: TestResult,
) -> TestResult {
    let tests = run.stage.as_deref().unwrap_or("your tests");
    let about = test.about.as_deref().unwrap_or_default();
    if matches!(run.end, End::Waited(_)) {
        return TestResult { status: Status::Failed, message: waited(tests), ..seen };
    }
    match implementation {
        Implementation::Right => {
            let lead = match seen.status {
                Status::Failed => format!("Your test {tests} fails on a correct implementation. {about}"),
                Status::Hung => {
                    format!("Your test {tests} does not end on a correct implementation. {about}")
                }
                _ => return seen,
            };
            let message = format!("{lead}\n{}", seen.message);
            TestResult { message, ..seen }
        }
        Implementation::Mutant { says, hangs } => {
            let (status, message) = match (seen.status, hangs) {
                // Nobody but the test itself sends its report, and nothing but the test keeps it from one.
                (Status::Failed, _) | (Status::Hung, None) => (Status::Passed, String::new()),
                (Status::Hung, Some(hangs)) => {
                    (Status::Hung, format!("{}\n{}", hangs.replace(TESTS, tests), seen.message))
                }
                (Status::Passed, _) if run.report == Some(Report::Passed) => {
                    (Status::Failed, says.replace(TESTS, tests))
                }
                (status, _) => (status, seen.message.clone()),
            };
            let hang = seen.hang.filter(|_| status == Status::Hung);
            TestResult { status, message, hang, ..seen }
        }
    }
}

/// The same for all implementations, so that it is read once.
fn waited(test: &str) -> String {
    format!(
        "Your test {test} waits in real time: it slept for 2 s on the machine's clock, and was stopped.\n\
         Nobody likes to run tests that take seconds, and they take even longer on a busy machine. In a test with a \
         paused clock (`start_paused = true`), the same wait takes no time, and it is exact."
    )
}
