//! How long a child wanted to run and had no core to run on: a busy machine's doing, which is not held against it.

use std::time::Duration;

use super::hang::Sample;

/// Time between two looks of which it had a smaller part than this counts as time in which it was kept from running.
const SHARE: u32 = 4;

/// At most so many times its limit, and at least [`LEAST`]: somebody waits for the verdict.
const MOST: u32 = 9;
const LEAST: Duration = Duration::from_secs(60);

/// What has been seen of one child.
#[derive(Debug, Default)]
pub(super) struct Starved {
    time: Duration,
    /// When it was last seen wanting to run, and the CPU time that it had used by then.
    wanted: Option<(Duration, Duration)>,
}

impl Starved {
    /// Adds a look, so long after the start. Where the system does not tell which threads want to run, none counts.
    pub(super) fn look(&mut self, at: Duration, sample: &Sample) {
        let now = sample.runnable.is_some_and(|threads| threads > 0).then_some((at, sample.cpu));
        if let (Some((before, used_before)), Some((now, used))) = (self.wanted, now) {
            let (passed, used) = (now.saturating_sub(before), used.saturating_sub(used_before));
            if used * SHARE < passed {
                self.time += passed - used;
            }
        }
        self.wanted = now;
    }

    /// How long it was kept from running, as far as that counts for a child with such a limit.
    pub(super) fn time(&self, limit: Duration) -> Duration {
        self.time.min((MOST * limit).max(LEAST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn seen(looks: &[(u64, u64, Option<usize>)]) -> Duration {
        let mut starved = Starved::default();
        for &(at, cpu, runnable) in looks {
            let sample = Sample { cpu: Duration::from_millis(cpu), runnable, ..Sample::default() };
            starved.look(Duration::from_millis(at), &sample);
        }
        starved.time(LIMIT)
    }

    #[test]
    fn who_wants_to_run_and_hardly_does_is_starved() {
        let ms = Duration::from_millis;
        assert_eq!(seen(&[(100, 5, Some(1)), (200, 8, Some(1)), (900, 10, Some(2))]), ms(97 + 698));
        // One that runs, one that sleeps, and one that was asleep in between.
        assert_eq!(seen(&[(100, 5, Some(1)), (200, 95, Some(1))]), ms(0));
        assert_eq!(seen(&[(100, 5, Some(0)), (900, 6, Some(0))]), ms(0));
        assert_eq!(seen(&[(100, 5, Some(1)), (200, 6, Some(0)), (900, 7, Some(1))]), ms(0));
        assert_eq!(seen(&[(100, 5, None), (900, 6, None)]), ms(0));
    }

    #[test]
    fn somebody_waits_for_the_verdict_so_it_has_an_end() {
        assert_eq!(seen(&[(0, 0, Some(1)), (900_000, 1, Some(1))]), 9 * LIMIT);
        let starved = Starved { time: Duration::from_secs(900), wanted: None };
        assert_eq!(starved.time(Duration::from_secs(3)), LEAST);
    }
}
