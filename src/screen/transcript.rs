//! The watcher as plain text that is only ever added to: after each change, what is new about it. For screen readers, for
//! files, and for terminals that can only print. Nothing in it is told by a color, a sign or a place alone.

mod pages;
mod program;
mod steps;

#[cfg(test)]
mod tests;

use super::bar::Tally;
use super::check::check_summary;
use super::heading::Heading;
use super::help::KeyHelp;
use super::line::{Line, Role};
use super::list::{Badge, ListFilter};
use super::watch::{Body, Notice, View};
use program::Heard;

/// What has been said so far.
#[derive(Debug, Default)]
pub struct Transcript {
    turn: u64,
    /// What was shown last.
    page: Option<Page>,
    /// The number of the step that it was about.
    number: usize,
    /// The number of the step that was named last.
    step: usize,
    /// Whether a grading is under way, as far as was said.
    grading: bool,
    /// Whether it was said that crates are built.
    building: bool,
    /// Whether the verdict was told that is shown.
    told: bool,
    /// Hints that were told.
    hints: usize,
    /// Wrong answers that were told, and whether the right one was.
    answers: (usize, bool),
    /// What is shown of the list, and where the cursor is.
    list: Option<(ListFilter, usize)>,
    /// Tenths of a check that were told.
    tenths: usize,
    /// Whether it was told what the last check found.
    summed_up: bool,
    heard: Heard,
    notices: Vec<Notice>,
    tallies: Option<(Tally, Tally)>,
    keys: Vec<KeyHelp>,
}

/// What takes most of the screen, where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Exercise,
    Quiz,
    List,
    Checking,
    Solution,
    Task,
    Book,
    Ending,
    Program,
    Timeline,
    Help,
    Welcome,
    Farewell,
}

impl Page {
    fn of(body: &Body<'_>) -> Self {
        match body {
            Body::Exercise(_) => Self::Exercise,
            Body::Quiz(_) => Self::Quiz,
            Body::List(_) => Self::List,
            Body::Checking { .. } => Self::Checking,
            Body::Solution { .. } => Self::Solution,
            Body::Task(_) => Self::Task,
            Body::Book(_) => Self::Book,
            Body::Ending(_) => Self::Ending,
            Body::Program(_) => Self::Program,
            Body::Timeline(_) => Self::Timeline,
            Body::Help(_) => Self::Help,
            Body::Welcome { .. } => Self::Welcome,
            Body::Farewell(_) => Self::Farewell,
        }
    }
}

impl Transcript {
    /// What is new in `view`, no line of it wider than `width`, but for diagrams and the compiler's.
    pub fn take(&mut self, view: &View<'_>, width: usize) -> Vec<Line> {
        let page = Page::of(&view.body);
        let moved = std::mem::replace(&mut self.number, view.heading.number) != view.heading.number;
        let opened = self.page.replace(page) != Some(page) || moved;
        let mut blocks = Vec::new();
        if let (Some(checked), Body::Exercise(_) | Body::Quiz(_)) = (view.checked, &view.body) {
            if !std::mem::replace(&mut self.summed_up, true) {
                blocks.push(check_summary(checked, width));
            }
        } else if view.checked.is_none() {
            self.summed_up = false;
        }
        let named = self.step;
        if let Body::Exercise(_) | Body::Quiz(_) = &view.body
            && named != view.heading.number
        {
            self.step = view.heading.number;
            (self.told, self.hints, self.answers) = (false, 0, (0, false));
            blocks.push(heading(&view.heading, width));
        }
        let arrived = named != self.step;
        let body = match &view.body {
            Body::Exercise(exercise) => self.exercise(exercise, opened, arrived, width),
            Body::Quiz(quiz) => self.quiz(quiz, opened || arrived, width),
            Body::List(list) => self.rows(list, opened, width),
            Body::Checking { done, total, stage, .. } => self.check(done, *total, *stage, opened, width),
            Body::Program(program) => self.heard.program(program, opened, width),
            other if opened => pages::page(other, width),
            _ => Vec::new(),
        };
        blocks.push(body);
        blocks.push(self.notices(view, width));
        let busy = match &view.body {
            Body::Exercise(exercise) => exercise.doing.is_some(),
            _ => false,
        };
        let tallies = (view.chapter, view.workbook);
        if matches!(page, Page::Exercise | Page::Quiz) && !busy && self.tallies != Some(tallies) {
            self.tallies = Some(tallies);
            blocks.push(solved(tallies).wrap(width, 2));
        }
        if !busy && self.keys != view.keys {
            self.keys.clone_from(&view.keys);
            blocks.push(keys(&view.keys).wrap(width, 2));
        }
        let blocks = blocks.into_iter().filter(|lines| lines.iter().any(|line| line.width() > 0));
        // What a program prints goes on where it stopped.
        let goes_on = page == Page::Program && !opened;
        let gap = |index: usize| (index > 0 || !goes_on).then(Line::blank);
        let blocks = blocks.enumerate().map(|(index, lines)| gap(index).into_iter().chain(trimmed(lines)));
        blocks.flatten().map(spoken).collect()
    }

    /// What was not said before, or not since the last key.
    fn notices(&mut self, view: &View<'_>, width: usize) -> Vec<Line> {
        let answer = std::mem::replace(&mut self.turn, view.turn) != view.turn;
        let new = view.notices.iter().filter(|notice| answer || !self.notices.contains(notice));
        let lines = new
            .flat_map(|notice| {
                notice.text.lines().flat_map(|line| Line::of(notice.role, line).wrap(width, 2))
            })
            .collect();
        self.notices.clone_from(&view.notices);
        lines
    }
}

/// Where in the workbook a step is.
fn heading(at: &Heading<'_>, width: usize) -> Vec<Line> {
    let badge = if at.badge == Badge::Pending { String::new() } else { format!(" ({})", at.badge.word()) };
    let place = format!("Step {} of {}: {}", at.number, at.total, at.step);
    let line = Line::of(Role::Title, place).and(Role::Plain, badge);
    line.and(Role::Plain, format!(", in the chapter \"{}\".", at.chapter)).wrap(width, 2)
}

/// What bars show on a screen.
fn solved((chapter, workbook): (Tally, Tally)) -> Line {
    let of = |tally: Tally| format!("{} of {}", tally.done, tally.total);
    Line::from(format!("Solved: {} in this chapter, {} in the workbook.", of(chapter), of(workbook)))
}

fn keys(keys: &[KeyHelp]) -> Line {
    let mut line = Line::of(Role::Title, "Keys: ");
    for (index, KeyHelp { key, short, .. }) in keys.iter().enumerate() {
        let gap = if index == 0 { "" } else { ", " };
        line = line.and(Role::Plain, gap).and(Role::Key, key).and(Role::Plain, format!(" {short}"));
    }
    line.and(Role::Plain, ".")
}

/// Without empty lines around them.
fn trimmed(lines: Vec<Line>) -> Vec<Line> {
    let full = |line: &Line| line.width() > 0;
    let start = lines.iter().position(full).unwrap_or(0);
    let end = lines.iter().rposition(full).map_or(0, |last| last + 1);
    lines.into_iter().take(end).skip(start).collect()
}

/// Signs that screen readers pass over or read in many words, as words.
const SIGNS: [(&str, &str); 3] = [("✗ ", "Failed: "), ("✓ ", "Passed: "), ("– ", "")];

/// The line with its first sign as a word.
fn spoken(mut line: Line) -> Line {
    if let Some(first) = line.spans.iter_mut().find(|span| !span.text.trim().is_empty()) {
        let indent = first.text.len() - first.text.trim_start().len();
        let sign = SIGNS.iter().find(|(sign, _)| first.text[indent..].starts_with(sign));
        if let Some((sign, word)) = sign {
            first.text.replace_range(indent..indent + sign.len(), word);
        }
    }
    line
}
