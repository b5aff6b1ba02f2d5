//! The line that says where in the workbook we are.

use super::line::{Line, Role};
use super::list::Badge;

/// Where in the workbook a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading<'a> {
    /// The chapter's title.
    pub chapter: &'a str,
    /// The step's name.
    pub step: &'a str,
    /// Its place in the workbook, from 1.
    pub number: usize,
    /// How many steps the workbook has.
    pub total: usize,
    /// How it stands.
    pub badge: Badge,
}

/// `Inert plans · lazy_call                       step 3 of 120`
#[must_use]
pub fn heading(at: &Heading<'_>, width: usize) -> Line {
    let left = Line::of(Role::Dim, at.chapter).and(Role::Dim, " · ").and(Role::Title, at.step);
    let place = format!("step {} of {}", at.number, at.total);
    let right = match at.badge {
        Badge::Pending => Line::of(Role::Dim, place),
        Badge::Solved | Badge::Skipped | Badge::Stale => {
            Line::of(at.badge.role(), format!("{} · ", at.badge.word())).and(Role::Dim, place)
        }
    };
    if left.width() + 2 > width {
        return Line::of(Role::Title, at.step).cut(width);
    }
    left.flush_right(right, width)
}
