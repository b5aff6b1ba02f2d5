//! Values that nobody knows beforehand.

use std::hash::{BuildHasher as _, RandomState};
use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the values of this process come from, once the grader has said so.
static STATE: OnceLock<AtomicU64> = OnceLock::new();

/// A value within `range` that an answer cannot know by heart: it is another one for each submission and each test.
///
/// The grader says what a process draws from, so that the same submission is told the same again; the order of draws
/// decides who gets which value, so draw on the test's own thread. Outside of the grader each run has other values.
///
/// ```
/// let cents = testkit::pick(100..=9_999);
/// assert!((100..=9_999).contains(&cents));
/// ```
///
/// # Panics
/// When the range is empty.
#[must_use]
pub fn pick(range: RangeInclusive<u64>) -> u64 {
    let (first, last) = (*range.start(), *range.end());
    assert!(first <= last, "`pick` needs a range with at least one value");
    let drawn = match STATE.get() {
        Some(state) => mixed(state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP)),
        // A fresh `RandomState` has keys of its own, from the system.
        None => RandomState::new().hash_one(()),
    };
    // The bias of the remainder matters to nobody here.
    match (last - first).checked_add(1) {
        Some(values) => first + drawn % values,
        None => drawn,
    }
}

/// What all later values of this process follow from; the first call counts.
pub(crate) fn start_from(start: u64) {
    let _ = STATE.set(AtomicU64::new(start));
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a counter that takes odd steps, and a mixer of its bits. The standard library's
/// hashers promise no values, and the same submission is to be told the same by every compiler.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::{STEP, mixed, pick};

    #[test]
    fn values_stay_in_the_range_and_differ() {
        let picked: Vec<u64> = (0..200).map(|_| pick(5..=9)).collect();
        assert!(picked.iter().all(|value| (5..=9).contains(value)));
        assert!((5..=9).all(|value| picked.contains(&value)), "{picked:?}");
        assert_eq!(pick(7..=7), 7);
        let _ = pick(0..=u64::MAX);
    }

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // Its authors' reference implementation, started from 1234567.
        let mut state = 1_234_567_u64;
        let drawn = [(); 3].map(|()| {
            state = state.wrapping_add(STEP);
            mixed(state)
        });
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
