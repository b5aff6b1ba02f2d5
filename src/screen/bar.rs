//! Progress bars.

use super::line::{Line, Role};

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Done so far.
    pub done: usize,
    /// All of them.
    pub total: usize,
}

/// `name ████████░░░░ 3/12`, as wide as `width` allows, with a bar of at most 40 columns. Without room for a bar of
/// four columns, the numbers stand alone.
pub(super) fn bar(name: &str, tally: Tally, width: usize) -> Line {
    let Tally { done, total } = tally;
    let numbers = format!("{done}/{total}");
    let named = Line::of(Role::Plain, format!("{name} "));
    let room = width.saturating_sub(named.width() + numbers.len() + 1).min(40);
    if room < 4 || total == 0 {
        return named.and(Role::Plain, numbers).cut(width);
    }
    // A bar is full only when everything is done, and not empty once something is.
    let filled = (done * room / total).max(usize::from(done > 0)).min(room);
    named
        .and(Role::Good, "█".repeat(filled))
        .and(Role::Dim, "░".repeat(room - filled))
        .and(Role::Plain, format!(" {numbers}"))
}

/// Two bars side by side where there is room, else one above the other.
pub(super) fn bars(first: (&str, Tally), second: (&str, Tally), width: usize) -> Vec<Line> {
    let half = width.saturating_sub(3) / 2;
    if half < 28 {
        return vec![bar(first.0, first.1, width), bar(second.0, second.1, width)];
    }
    let left = bar(first.0, first.1, half);
    let right = bar(second.0, second.1, half);
    let gap = half + 3 - left.width();
    vec![left.and(Role::Plain, " ".repeat(gap)).join(right)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_only_when_all_is_done() {
        let shown = |done| bar("a", Tally { done, total: 100 }, 30).text();
        assert_eq!(shown(0).matches('█').count(), 0);
        assert_eq!(shown(1).matches('█').count(), 1);
        assert!(shown(99).contains('░'));
        assert!(!shown(100).contains('░'));
    }

    #[test]
    fn narrow_screens_get_the_numbers_alone() {
        assert_eq!(bar("chapter", Tally { done: 3, total: 12 }, 14).text(), "chapter 3/12");
        assert_eq!(bar("x", Tally::default(), 40).text(), "x 0/0");
    }
}
