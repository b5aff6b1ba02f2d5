//! What the parts of the page and its data have in common.

use std::collections::HashMap;

use super::super::help::{Help, help};
use super::super::model::{Cell, Cohort, Standing};
use super::super::since::{Change, Since};
use crate::verdict::sanitize;

/// Up to so many exercises have a column each at first; above, chapters are folded. So many fit on a wide screen.
const SPREAD: usize = 45;

/// A cohort as the page looks at it.
pub(super) struct View<'a> {
    pub(super) cohort: &'a Cohort,
    pub(super) since: Option<&'a Since>,
    /// In the order in which they need help.
    pub(super) helps: Vec<Help>,
    pub(super) chapters: Vec<Chapter<'a>>,
    /// By learner.
    changes: HashMap<usize, &'a Change>,
    needy: HashMap<usize, usize>,
}

/// A chapter: exercises that stand side by side.
pub(super) struct Chapter<'a> {
    pub(super) title: &'a str,
    /// The first one's place.
    pub(super) from: usize,
    pub(super) count: usize,
}

impl<'a> View<'a> {
    pub(super) fn new(cohort: &'a Cohort, since: Option<&'a Since>) -> Self {
        let helps = help(cohort);
        let changes = since.iter().flat_map(|since| &since.changes);
        Self {
            cohort,
            since,
            chapters: chapters(cohort),
            changes: changes.map(|change| (change.learner, change)).collect(),
            needy: helps.iter().enumerate().map(|(at, help)| (help.learner, at)).collect(),
            helps,
        }
    }

    /// Whether each exercise has its column at first.
    pub(super) fn spread(&self) -> bool {
        self.cohort.exercises.len() <= SPREAD
    }

    pub(super) fn help(&self, learner: usize) -> Option<&Help> {
        self.needy.get(&learner).map(|at| &self.helps[*at])
    }

    pub(super) fn change(&self, learner: usize) -> Option<&'a Change> {
        self.changes.get(&learner).copied()
    }

    /// Whether somebody should look at a cell's text.
    pub(super) fn reviewed(&self, cell: &Cell) -> bool {
        self.cohort.graded(cell).is_some_and(|graded| graded.review.is_some())
    }

    /// What the filter can ask about a learner's cells from `from` on: words of [`ASKED`].
    pub(super) fn flags(&self, learner: usize, cells: &[Cell], from: usize) -> Vec<&'static str> {
        let cohort = self.cohort;
        let passed = cells.iter().filter(|cell| cohort.standing(cell) == Standing::Passed).count();
        let changed = |list: fn(&Change) -> &Vec<usize>| {
            let list = self.change(learner).map(list);
            list.is_some_and(|list| list.iter().any(|at| (from..from + cells.len()).contains(at)))
        };
        let is = [
            ("refuted", cells.iter().any(|cell| cohort.refuted(cell))),
            ("review", cells.iter().any(|cell| self.reviewed(cell))),
            ("stuck", cells.iter().any(|cell| cohort.standing(cell).stuck())),
            ("idle", passed == 0),
            ("done", passed == cells.len()),
            ("newly-stuck", changed(|change| &change.stuck)),
            ("newly-solved", changed(|change| &change.solved)),
            ("lost", changed(|change| &change.lost)),
        ];
        is.into_iter().filter(|(_, holds)| *holds).map(|(word, _)| word).collect()
    }
}

/// What the filter offers: a word, what it means, and whether it needs a former run.
pub(super) const ASKED: [(&str, &str, bool); 10] = [
    ("needy", "who needs help", false),
    ("refuted", "refuted claims", false),
    ("review", "to be reviewed", false),
    ("stuck", "stuck somewhere", false),
    ("idle", "nothing solved", false),
    ("done", "all solved", false),
    ("problem", "folder not graded", false),
    ("newly-stuck", "newly stuck", true),
    ("newly-solved", "newly solved", true),
    ("lost", "no longer solved", true),
];

fn chapters(cohort: &Cohort) -> Vec<Chapter<'_>> {
    let mut chapters: Vec<(&str, Chapter<'_>)> = Vec::new();
    for (from, column) in cohort.exercises.iter().enumerate() {
        match chapters.last_mut() {
            Some((id, chapter)) if *id == column.chapter => chapter.count += 1,
            _ => chapters.push((&column.chapter, Chapter { title: &column.chapter_title, from, count: 1 })),
        }
    }
    chapters.into_iter().map(|(_, chapter)| chapter).collect()
}

/// A cell's class, which is also the order of sorting, and its sign: nothing is told by colour alone.
pub(super) fn sign(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Passed => ("p", "✓"),
        Standing::Failed => ("f", "✗"),
        Standing::Hung => ("h", "∞"),
        Standing::Crashed => ("k", "†"),
        Standing::DoesNotCompile => ("c", "E"),
        Standing::Untouched => ("u", "·"),
        Standing::Missing => ("m", "–"),
        Standing::Unreadable => ("o", "?"),
        Standing::Broken => ("b", "!"),
    }
}

/// Text that neither reorders what stands around it nor holds control characters.
pub(super) fn plain(text: &str) -> String {
    sanitize(text)
}

/// The text, if it is an address that a browser may be sent to: http and https alone, and shown as it is.
pub(super) fn address(text: &str) -> Option<&str> {
    let text = text.trim();
    let scheme =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    let length = ["https://", "http://"].into_iter().find(|name| scheme(name))?.len();
    let rest = &text[length..];
    (!rest.is_empty() && !rest.contains(char::is_whitespace) && plain(text) == text).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_or_https_and_nothing_else() {
        for yes in ["https://example.org/a?b=1&c=2", "http://x", " HTTPS://Example.org "] {
            assert_eq!(address(yes), Some(yes.trim()));
        }
        for no in [
            "javascript:alert(1)",
            " javascript:alert(1)//https://x",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "https://",
            "https:example.org",
            "https://a b",
            "https://a\u{202e}b",
            "ftp://example.org",
            "example.org",
            "",
            "ü",
        ] {
            assert_eq!(address(no), None, "{no}");
        }
    }
}
