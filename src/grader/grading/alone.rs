//! Behind walls one person's submission runs beside another's, and what one takes is missing to the other. So what came
//! of a want of processes, memory or disk is not believed: the submission is graded once more, while nothing else is. If
//! that is no better, it is the submission's own doing, unless the starter, which does next to nothing, fares the same.
//!
//! Nor is it believed that something has not passed beside a crowd of threads that may have taken the cores ([`crowd`]).

use std::time::Duration;

use tokio::sync::RwLock;

use super::{build, crowd};
use crate::grader::bench::Grading;
use crate::verdict::{Broken, CompileEnd, Compiled, End, Evidence, HangKind, Report, Run};

/// Held to read by a grading beside others, and to write by one that wants to be alone.
pub(in crate::grader) type Turns = RwLock<()>;

/// What the system says when something has run out.
const SCARCE: &[&str] = &[
    "Cannot allocate memory",
    "No space left on device",
    "Resource temporarily unavailable",
    "Too many open files in system",
    "memory allocation of",
];

const KILL: i32 = 9;

/// Compiles and tests a submission: beside others, or else alone.
pub(in crate::grader) async fn gather(
    grading: &Grading<'_>,
    source: &str,
    turns: &Turns,
) -> Result<Evidence, Broken> {
    if grading.bench.options.confinement.is_none() {
        return once(grading, source).await;
    }
    let (beside_others, crowd) = {
        let _turn = turns.read().await;
        crowd::beside(once(grading, source)).await
    };
    let doubtful = crowd && !beside_others.as_ref().is_ok_and(has_passed);
    if !doubtful && !wanted_for_something(&beside_others) {
        return beside_others;
    }
    let _alone = turns.write().await;
    let alone = once(grading, source).await;
    if !wanted_for_something(&alone) {
        return alone;
    }
    let starter = once(grading, &grading.exercise.starter).await;
    decide(alone, wanted_for_something(&starter))
}

async fn once(grading: &Grading<'_>, source: &str) -> Result<Evidence, Broken> {
    build::gather(grading, source, 1).await.map(|mut one| one.swap_remove(0))
}

/// Whether every hidden test has passed, or was refused by the compiler.
fn has_passed(evidence: &Evidence) -> bool {
    let Evidence::Seen { runs, attempts, .. } = evidence else { return false };
    !runs.is_empty()
        && runs.iter().all(|run| run.report == Some(Report::Passed))
        && attempts.iter().all(|attempt| attempt.compiled.end == CompileEnd::Failed)
}

/// Who is to blame for what was wanting when nothing else ran.
fn decide(alone: Result<Evidence, Broken>, starter_fares_the_same: bool) -> Result<Evidence, Broken> {
    match alone {
        Ok(_) if starter_fares_the_same => Err(Broken {
            problem: "processes, memory or disk space ran out, even with the starter".to_owned(),
            remedy: "free some memory or disk, or close other programs, then try again".to_owned(),
        }),
        // The starter can be graded, so the machine is not at fault.
        Err(broken) if !starter_fares_the_same => {
            let end = CompileEnd::Crashed(broken.problem);
            let compiled = Compiled { end, diagnostics: Vec::new(), took: Duration::ZERO };
            let (runs, attempts) = (Vec::new(), Vec::new());
            let (testing, total) = (Duration::ZERO, Duration::ZERO);
            Ok(Evidence::Seen {
                submission: vec![compiled],
                hidden: None,
                review: None,
                runs,
                attempts,
                testing,
                total,
            })
        }
        other => other,
    }
}

fn wanted_for_something(found: &Result<Evidence, Broken>) -> bool {
    found.as_ref().map_or(true, is_scarce)
}

/// Whether what was seen may have come of something that had run out.
pub(in crate::grader) fn is_scarce(evidence: &Evidence) -> bool {
    let Evidence::Seen { submission, hidden, runs, attempts, .. } = evidence else { return true };
    let crashed = |compiled: &Compiled| matches!(compiled.end, CompileEnd::Crashed(_));
    let tried = attempts.iter().map(|attempt| &attempt.compiled);
    submission.iter().chain(hidden).chain(tried).any(crashed) || runs.iter().any(was_short)
}

fn was_short(run: &Run) -> bool {
    if run.report == Some(Report::Passed) {
        return false;
    }
    let said = |text: &str| SCARCE.iter().any(|words| text.contains(words));
    let message = match &run.report {
        Some(Report::Failed { message, .. }) => message.as_str(),
        _ => "",
    };
    // Its time was up before any thread of it was seen: the walls were still being built.
    let never_began = matches!(&run.end, End::Hung(_, hang) if hang.kind == HangKind::Unknown);
    // The kernel kills when memory has run out.
    said(message) || said(&run.output) || run.end == End::Signalled(KILL) || never_began
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Hang;

    fn seen(end: CompileEnd, runs: Vec<Run>) -> Evidence {
        let compiled = Compiled { end, diagnostics: Vec::new(), took: Duration::ZERO };
        let (testing, total) = (Duration::ZERO, Duration::ZERO);
        let (submission, attempts) = (vec![compiled], Vec::new());
        Evidence::Seen { submission, hidden: None, review: None, runs, attempts, testing, total }
    }

    fn run(end: End, report: Option<Report>, output: &str) -> Run {
        Run {
            test: "a".to_owned(),
            report,
            end,
            stage: None,
            measured: false,
            closing: false,
            clock_held: false,
            cpu: None,
            memory: None,
            timeline: None,
            output: output.to_owned(),
            took: Duration::ZERO,
        }
    }

    fn broken() -> Broken {
        Broken { problem: "rustc: linking failed".to_owned(), remedy: "free some space".to_owned() }
    }

    #[test]
    fn what_ran_out_is_seen_in_what_was_said() {
        let out = "called `Result::unwrap()`: Os { code: 11, message: \"Resource temporarily unavailable\" }";
        let short = run(End::Exited(101), None, out);
        assert!(is_scarce(&seen(CompileEnd::Succeeded, vec![short])));
        assert!(is_scarce(&seen(CompileEnd::Succeeded, vec![run(End::Signalled(KILL), None, "")])));
        assert!(is_scarce(&seen(CompileEnd::Crashed("the compiler died".to_owned()), Vec::new())));
        assert!(is_scarce(&Evidence::Broken(broken())));
    }

    #[test]
    fn what_never_began_is_not_believed_to_hang() {
        let hung = |kind| {
            let hang =
                Hang { kind, stage: None, cpu_seconds: 0.0, threads: 0, printing: false, proven: false };
            seen(CompileEnd::Succeeded, vec![run(End::Hung(Duration::from_secs(10), hang), None, "")])
        };
        assert!(is_scarce(&hung(HangKind::Unknown)));
        assert!(!is_scarce(&hung(HangKind::Parked)) && !is_scarce(&hung(HangKind::Spinning)));
    }

    #[test]
    fn who_passes_or_fails_by_itself_is_believed() {
        let passed = run(End::Exited(0), Some(Report::Passed), "No space left on device");
        assert!(!is_scarce(&seen(CompileEnd::Succeeded, vec![passed])));
        let refused = run(End::Exited(101), None, "Connection refused (os error 111)");
        assert!(!is_scarce(&seen(CompileEnd::Succeeded, vec![refused])));
        assert!(!is_scarce(&seen(CompileEnd::Failed, Vec::new())));
    }

    #[test]
    fn only_what_has_passed_is_believed_beside_a_crowd() {
        let passed = run(End::Exited(0), Some(Report::Passed), "");
        let hung = run(End::Exited(0), None, "");
        assert!(has_passed(&seen(CompileEnd::Succeeded, vec![passed.clone()])));
        assert!(!has_passed(&seen(CompileEnd::Succeeded, vec![passed, hung])));
        assert!(!has_passed(&seen(CompileEnd::TimedOut(Duration::ZERO), Vec::new())));
    }

    #[test]
    fn the_starter_decides_who_is_to_blame() {
        assert_eq!(decide(Err(broken()), true), Err(broken()));
        let own = decide(Err(broken()), false).unwrap();
        assert_eq!(own, seen(CompileEnd::Crashed(broken().problem), Vec::new()));
        let short = seen(CompileEnd::Succeeded, vec![run(End::Signalled(KILL), None, "")]);
        assert_eq!(decide(Ok(short.clone()), false), Ok(short.clone()));
        assert!(decide(Ok(short), true).is_err());
    }
}
