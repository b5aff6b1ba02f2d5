//! Times as a learner reads them.

use std::time::Duration;

const UNITS: [(&str, u128); 4] = [("days", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000)];

/// A time in the largest unit of which it holds two, with two digits behind the point at most: `7 ms`, `2.5 s`, `36 h`.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(testkit::in_words(Duration::from_millis(2_500)), "2.5 s");
/// ```
#[must_use]
pub fn in_words(time: Duration) -> String {
    let millis = time.as_millis();
    let Some((unit, length)) = UNITS.into_iter().find(|(_, length)| millis >= 2 * length) else {
        return format!("{millis} ms");
    };
    let hundredths = millis * 100 / length;
    let number = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{} {unit}", number.trim_end_matches('0').trim_end_matches('.'))
}

/// So many of a thing whose plural ends in `s`: `1 login`, `2 logins`.
///
/// ```
/// assert_eq!(testkit::counted(1, "login"), "1 login");
/// assert_eq!(testkit::counted(0, "login"), "0 logins");
/// ```
#[must_use]
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_the_unit_that_suits_it() {
        let said = |millis| in_words(Duration::from_millis(millis));
        assert_eq!(said(0), "0 ms");
        assert_eq!(said(1_999), "1999 ms");
        assert_eq!(said(2_000), "2 s");
        assert_eq!(said(63_070), "63.07 s");
        assert_eq!(said(3_600_000), "60 min");
        assert_eq!(said(9_000_000), "2.5 h");
        assert_eq!(said(400 * 86_400_000 + 8_640_000), "400.1 days");
    }
}
