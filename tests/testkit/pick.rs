//! Values that nobody knows beforehand.

use std::hash::{BuildHasher as _, RandomState};
use std::ops::RangeInclusive;

/// A value within `range`, another one in each run: an answer that knows the tests' values by heart fails.
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
    // A fresh `RandomState` has keys of its own, from the system; the bias of the remainder matters to nobody here.
    let random = RandomState::new().hash_one(());
    match (last - first).checked_add(1) {
        Some(values) => first + random % values,
        None => random,
    }
}

#[cfg(test)]
mod tests {
    use super::pick;

    #[test]
    fn values_stay_in_the_range_and_differ() {
        let picked: Vec<u64> = (0..200).map(|_| pick(5..=9)).collect();
        assert!(picked.iter().all(|value| (5..=9).contains(value)));
        assert!((5..=9).all(|value| picked.contains(&value)), "{picked:?}");
        assert_eq!(pick(7..=7), 7);
        let _ = pick(0..=u64::MAX);
    }
}
