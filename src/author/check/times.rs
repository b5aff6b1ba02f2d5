//! How long the hidden tests of a right answer may take.

use std::time::Duration;

use crate::verdict::Verdict;

/// A hidden test and how long it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Slowest {
    /// Its name.
    pub test: String,
    /// Wall-clock seconds.
    pub seconds: f64,
}

/// A right answer takes a tenth of the limit at most: what is slow here is ten times slower on a machine that is old, or
/// busy.
const MARGIN: u32 = 10;

/// The slowest hidden test of a verdict.
pub(super) fn slowest(verdict: &Verdict) -> Slowest {
    let slowest = verdict.tests.iter().max_by(|one, other| one.seconds.total_cmp(&other.seconds));
    slowest.map_or(Slowest { test: String::new(), seconds: 0.0 }, |test| Slowest {
        test: test.name.clone(),
        seconds: test.seconds,
    })
}

/// What is wrong with how long it took.
pub(super) fn too_slow(verdict: &Verdict, limit: Duration) -> Option<String> {
    let Slowest { test, seconds } = slowest(verdict);
    let most = (limit / MARGIN).as_secs_f64();
    (seconds > most).then(|| {
        format!(
            "`{test}` takes {seconds} s of its {} s; at most a tenth of the limit may be used, for the sake of slow machines: \
             make the test faster, or raise `limit`",
            limit.as_secs_f64()
        )
    })
}
