//! What a process was doing when its time was up: asleep, or burning a CPU.

use std::time::Duration;

pub(crate) use crate::system::look::{Sample, look};
use crate::verdict::{Hang, HangKind};

/// Between two looks. The scheduler gives a runnable thread a turn at least once in that time, on any machine that a
/// learner would call usable.
pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

/// Who prints this many bytes between two looks prints all the time: a screen of text.
const FLOOD: u64 = 4 * 1024;

/// What two looks, [`INTERVAL`] apart, and the number of bytes that were printed between them say.
///
/// A thread that prints faster than it is read is asleep at most looks, in its write.
pub(crate) fn explain(before: &Sample, after: &Sample, printed: u64) -> Hang {
    let used = after.cpu.saturating_sub(before.cpu);
    let printing = printed >= FLOOD;
    let runs = |sample: &Sample| sample.runnable.is_some_and(|threads| threads > 0);
    let kind = if after.processes.is_empty() {
        HangKind::Unknown
    } else if printing || runs(after) && (runs(before) || used > INTERVAL / 20) || used > INTERVAL / 5 {
        HangKind::Spinning
    } else if after.runnable.is_none() && !used.is_zero() {
        // Where nobody tells which threads run, a little time may be a wake-up, or all that a full machine had to give.
        HangKind::Unknown
    } else {
        HangKind::Parked
    };
    Hang {
        kind,
        stage: None,
        cpu_seconds: (after.cpu.as_secs_f64() * 100.0).round() / 100.0,
        threads: after.threads,
        printing,
        proven: false,
    }
}

/// A test that the kernel ended, for it had used so many CPU seconds.
pub(crate) fn burnt(seconds: u64) -> Hang {
    #[expect(clippy::cast_precision_loss, reason = "a handful of seconds")]
    let cpu_seconds = seconds as f64;
    Hang { kind: HangKind::Spinning, stage: None, cpu_seconds, threads: 0, printing: false, proven: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(cpu_ms: u64, threads: usize, runnable: usize) -> Sample {
        Sample {
            cpu: Duration::from_millis(cpu_ms),
            processes: vec![7],
            threads,
            runnable: Some(runnable),
            stillness: None,
        }
    }

    #[test]
    fn all_asleep_is_parked_whatever_was_used_before() {
        assert_eq!(explain(&sample(700, 3, 0), &sample(700, 3, 0), 0).kind, HangKind::Parked);
    }

    #[test]
    fn a_burning_cpu_is_spinning_also_on_a_loaded_machine() {
        assert_eq!(explain(&sample(700, 1, 1), &sample(798, 1, 1), 0).kind, HangKind::Spinning);
        assert_eq!(explain(&sample(700, 1, 1), &sample(703, 1, 1), 0).kind, HangKind::Spinning);
    }

    #[test]
    fn a_short_wake_up_is_not_spinning() {
        assert_eq!(explain(&sample(700, 2, 0), &sample(701, 2, 0), 0).kind, HangKind::Parked);
    }

    #[test]
    fn sleeping_between_polls_burns_enough_to_be_told_apart() {
        assert_eq!(explain(&sample(700, 1, 0), &sample(725, 1, 0), 0).kind, HangKind::Spinning);
    }

    #[test]
    fn whoever_prints_all_the_time_is_busy_though_its_writes_sleep() {
        let hang = explain(&sample(700, 1, 0), &sample(701, 1, 0), FLOOD);
        assert_eq!((hang.kind, hang.printing), (HangKind::Spinning, true));
        let hang = explain(&sample(700, 1, 0), &sample(701, 1, 0), FLOOD - 1);
        assert_eq!((hang.kind, hang.printing), (HangKind::Parked, false));
    }

    #[test]
    fn without_proc_nothing_is_claimed() {
        assert_eq!(explain(&Sample::default(), &Sample::default(), 0).kind, HangKind::Unknown);
    }

    #[test]
    fn without_the_states_of_threads_a_little_time_says_nothing() {
        let sample = |cpu_ms| Sample { runnable: None, threads: 0, ..sample(cpu_ms, 0, 0) };
        assert_eq!(explain(&sample(700), &sample(700), 0).kind, HangKind::Parked);
        assert_eq!(explain(&sample(700), &sample(716), 0).kind, HangKind::Unknown);
        assert_eq!(explain(&sample(700), &sample(790), 0).kind, HangKind::Spinning);
    }
}
