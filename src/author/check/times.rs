//! How long the hidden tests of a right answer may take, and how much CPU time.

use crate::verdict::{TestResult, Verdict};
use crate::workbook::Exercise;

/// A hidden test and how long it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Slowest {
    /// Its name.
    pub test: String,
    /// Wall-clock seconds.
    pub seconds: f64,
}

/// A right answer takes a tenth of the limit at most, apart from what its tests sleep: what is slow here is ten times slower
/// on a machine that is old, or busy, and a sleep is as long everywhere.
const MARGIN: u32 = 10;

/// A right answer uses a fifth at most of the CPU time that proves a hang.
const CPU_MARGIN: u32 = 5;

/// The slowest hidden test of a verdict.
pub(super) fn slowest(verdict: &Verdict) -> Slowest {
    let slowest = verdict.tests.iter().max_by(|one, other| one.seconds.total_cmp(&other.seconds));
    slowest.map_or(Slowest { test: String::new(), seconds: 0.0 }, |test| Slowest {
        test: test.name.clone(),
        seconds: test.seconds,
    })
}

/// What is wrong with how long it took.
pub(super) fn too_slow(verdict: &Verdict, exercise: &Exercise) -> Option<String> {
    let Slowest { test, seconds } = slowest(verdict);
    let Exercise { limit, idle, .. } = exercise;
    let most = (*idle + *limit / MARGIN).as_secs_f64();
    (seconds > most).then(|| {
        format!(
            "`{test}` takes {seconds} s of its {} s; at most a tenth of the limit may be used, because other \
             machines are slower: make the test faster, or raise `limit`; if it sleeps in real time, say how long \
             with `idle`",
            limit.as_secs_f64()
        )
    })
}

/// What is wrong with the CPU time that it used.
pub(super) fn too_busy(verdict: &Verdict, exercise: &Exercise) -> Option<String> {
    let used = |test: &TestResult| Some((test.cpu_seconds?, test.name.clone()));
    let (seconds, test) =
        verdict.tests.iter().filter_map(used).max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (seconds > (exercise.cpu / CPU_MARGIN).as_secs_f64()).then(|| {
        format!(
            "`{test}` uses {seconds} s of CPU time, and at {} s the grader decides that a test hangs; at most a \
             fifth may be used, because other machines are slower: give the test less to do, or raise `cpu`",
            exercise.cpu.as_secs_f64()
        )
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::verdict::{Kind, Status, sample_test, sample_verdict};
    use crate::workbook::sample_exercise;

    #[test]
    fn what_a_test_sleeps_comes_on_top_of_a_tenth_of_the_limit() {
        let took = |seconds| {
            let test = crate::verdict::TestResult { seconds, ..sample_test("t", Status::Passed, "") };
            sample_verdict("e", Kind::Passed, vec![test])
        };
        let awake = Exercise { limit: Duration::from_secs(10), ..sample_exercise("e", &["t"]) };
        let sleepy = Exercise { idle: Duration::from_millis(1500), ..awake.clone() };
        for (exercise, seconds, slow) in
            [(&awake, 0.9, false), (&awake, 1.1, true), (&sleepy, 2.4, false), (&sleepy, 2.6, true)]
        {
            assert_eq!(too_slow(&took(seconds), exercise).is_some(), slow, "{seconds} s");
        }
    }

    #[test]
    fn a_fifth_of_the_cpu_time_that_proves_a_hang_may_be_used() {
        let used = |seconds| {
            let tests = [0.001, seconds].map(|seconds| crate::verdict::TestResult {
                cpu_seconds: Some(seconds),
                ..sample_test("t", Status::Passed, "")
            });
            sample_verdict("e", Kind::Passed, tests.to_vec())
        };
        let exercise = Exercise { cpu: Duration::from_secs(2), ..sample_exercise("e", &["t"]) };
        assert_eq!(too_busy(&used(0.39), &exercise), None);
        assert!(
            too_busy(&used(0.41), &exercise)
                .is_some_and(|told| told.contains("0.41 s of CPU time, and at 2 s"))
        );
    }
}
