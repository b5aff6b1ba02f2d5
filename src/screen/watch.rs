//! The watcher's screen: where we are, what came of the last save, what can be done next.

use crate::verdict::{Diagnostic, Verdict};
use crate::workbook::Exercise;

use super::bar::{Tally, bars};
use super::book::{BookView, book};
use super::check::{Checked, check_summary, checking};
use super::diff::diff;
use super::heading::{Heading, heading};
use super::help::{KeyHelp, help, key_line};
use super::hint::hints;
use super::line::{Line, Role};
use super::list::{ListView, list_head, list_rows};
use super::markdown::markdown;
use super::program::{ProgramView, program};
use super::quiz::{QuizView, quiz};
use super::stage::{Stage, spinner, stage};
use super::text::hanging;
use super::timeline::timelines;
use super::verdict::{diagnosed, headline, reasons, where_to_look};

/// Everything that the screen shows.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// Where in the workbook the learner is.
    pub heading: Heading<'a>,
    /// What takes most of the screen.
    pub body: Body<'a>,
    /// What a check of everything found, when one has just ended: it stands above the step.
    pub checked: Option<&'a [Checked]>,
    /// What there is to say just now: what matters most comes first.
    pub notices: Vec<Notice>,
    /// How much of the chapter is solved.
    pub chapter: Tally,
    /// How much of the workbook is solved.
    pub workbook: Tally,
    /// The keys that do something now.
    pub keys: Vec<KeyHelp>,
    /// Lines of the body that are scrolled out at the top. Too large a number means the end.
    pub scroll: usize,
    /// How many keys have come: what is said after another one is an answer to it, though it be the same as before.
    pub turn: u64,
}

/// What takes most of the screen.
#[derive(Debug, Clone)]
pub enum Body<'a> {
    /// An exercise and its last verdict.
    Exercise(ExerciseView<'a>),
    /// A question.
    Quiz(QuizView<'a>),
    /// All steps.
    List(ListView<'a>),
    /// A check of everything, under way.
    Checking {
        /// What has been found so far.
        done: &'a [Checked],
        /// How many exercises there are.
        total: usize,
        /// What is built before the first result, if anything is.
        stage: Stage<'a>,
        /// Turns the spinner.
        tick: usize,
    },
    /// A solved exercise beside its reference solution.
    Solution {
        /// The learner's text.
        own: &'a str,
        /// The reference solution.
        reference: &'a str,
    },
    /// The page about the chapter.
    Book(BookView<'a>),
    /// The end of a chapter: what was learned, and what comes next.
    Ending(&'a str),
    /// What to do, and the starter.
    Task(&'a Exercise),
    /// The learner's own program, at work or over.
    Program(ProgramView<'a>),
    /// What the hidden tests recorded.
    Timeline(&'a Verdict),
    /// Every key.
    Help(&'a [KeyHelp]),
    /// Text of the author's, before the first step, while that one is graded already.
    Welcome {
        /// The text.
        text: &'a str,
        /// The first step, when it is an exercise.
        first: Option<ExerciseView<'a>>,
    },
    /// Text of the author's: the workbook is done.
    Farewell(&'a str),
}

/// An exercise and its last verdict.
#[derive(Debug, Clone, Copy)]
pub struct ExerciseView<'a> {
    /// The exercise.
    pub exercise: &'a Exercise,
    /// The grading under way.
    pub doing: Option<Doing<'a>>,
    /// The last verdict; out of date while a grading is under way.
    pub verdict: Option<&'a Verdict>,
    /// Whether there is no file to grade.
    pub gone: bool,
    /// How many hints are shown.
    pub hints: usize,
    /// Whether the learner has not tried anything yet: then the task stands on the screen too.
    pub fresh: bool,
}

/// A grading under way.
#[derive(Debug, Clone, Copy)]
pub struct Doing<'a> {
    /// Its stage.
    pub stage: Stage<'a>,
    /// What the compiler said, once it has spoken.
    pub diagnosed: Option<&'a [Diagnostic]>,
    /// Turns the spinner.
    pub tick: usize,
}

/// A word about what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Good, bad or worth a look.
    pub role: Role,
    /// The text.
    pub text: String,
}

/// So many turns of the spinner a grading may take before what stands below it is called old: most are over by then, and
/// a screen that changes twice in a blink flickers.
const BLINK: usize = 10;

/// The screen: exactly `height` lines, none wider than `width`.
#[must_use]
pub fn frame(view: &View<'_>, width: usize, height: usize) -> Vec<Line> {
    let layout = Layout::of(view, width, height);
    let (margin, body_margin) = (layout.margin, layout.body_margin);
    let shown = layout.offset.min(layout.body.len());
    let below = layout.body.len().saturating_sub(shown + layout.room);
    let mut lines: Vec<Line> = layout.head.into_iter().map(|line| line.indent(margin)).collect();
    lines.extend(layout.body.into_iter().skip(shown).take(layout.room).map(|line| line.indent(body_margin)));
    if layout.overflows {
        let foot_start = height.saturating_sub(layout.foot.len() + 1);
        lines.resize(foot_start, Line::blank());
        lines.push(more(shown, below).cut(layout.width).indent(margin));
    }
    lines.resize(height.saturating_sub(layout.foot.len()), Line::blank());
    lines.extend(layout.foot.into_iter().map(|line| line.indent(margin)));
    lines.truncate(height);
    lines.into_iter().map(|line| line.cut(width)).collect()
}

/// The largest [`View::scroll`] that still moves anything.
#[must_use]
pub fn scroll_limit(view: &View<'_>, width: usize, height: usize) -> usize {
    let layout = Layout::of(view, width, height);
    layout.body.len().saturating_sub(layout.room)
}

/// How many lines of the body a screen shows: a page.
#[must_use]
pub fn page(view: &View<'_>, width: usize, height: usize) -> usize {
    Layout::of(view, width, height).room.max(1)
}

struct Layout {
    /// Columns kept free at the left.
    margin: usize,
    /// The same for the body.
    body_margin: usize,
    /// Columns between the margins.
    width: usize,
    head: Vec<Line>,
    body: Vec<Line>,
    foot: Vec<Line>,
    /// Lines of the body that fit.
    room: usize,
    /// The first of them.
    offset: usize,
    /// Whether a line below the body says how much more there is.
    overflows: bool,
}

impl Layout {
    fn of(view: &View<'_>, width: usize, height: usize) -> Self {
        let margin = usize::from(width >= 50);
        let full = width;
        let width = width.saturating_sub(2 * margin).max(1);
        let mut head = vec![heading(&view.heading, width)];
        if let Body::List(list) = &view.body {
            head.extend(list_head(list, width).into_iter().take((height / 6).max(1)));
        }
        if height >= 8 {
            head.push(Line::blank());
        }
        let foot = foot(view, width, height);
        // A diagram may need every column: such a page keeps its own margins.
        let own_margins = matches!(view.body, Body::Book(_) | Body::Ending(_));
        let (body_margin, body_width) = if own_margins { (0, full) } else { (margin, width) };
        let (mut body, focus) = body(&view.body, body_width);
        if let (Some(checked), Body::Exercise(_) | Body::Quiz(_)) = (view.checked, &view.body) {
            let mut summary = check_summary(checked, width);
            summary.push(Line::blank());
            body.splice(..0, summary);
        }
        let space = height.saturating_sub(head.len() + foot.len());
        let overflows = body.len() > space && space > 1;
        let room = if overflows { space - 1 } else { space };
        let limit = body.len().saturating_sub(room);
        let offset = match focus {
            Some(line) => line.saturating_sub(room / 2).min(limit),
            None => view.scroll.min(limit),
        };
        Self { margin, body_margin, width, head, body, foot, room, offset, overflows }
    }
}

/// Notice, progress and keys. What helps least goes first when the screen is low.
fn foot(view: &View<'_>, width: usize, height: usize) -> Vec<Line> {
    let words = |notice: &Notice| {
        let lines = notice.text.lines().flat_map(|line| Line::of(notice.role, line).wrap(width, 2));
        lines.collect::<Vec<_>>()
    };
    let notices: Vec<Line> = view.notices.iter().flat_map(words).collect();
    let mut lines = Vec::new();
    if height >= 12 {
        lines.push(Line::blank());
    }
    if !notices.is_empty() {
        let room = (height / 3).max(1);
        lines.extend(notices.into_iter().take(room));
        if height >= 16 {
            lines.push(Line::blank());
        }
    }
    if height >= 10 {
        let bars = bars((view.heading.chapter, view.chapter), ("Workbook", view.workbook), width);
        lines.extend(bars.into_iter().take(if height >= 16 { 2 } else { 1 }));
    }
    lines.extend(keys_in(view.keys.clone(), (height / 5).max(1), width));
    lines
}

/// The keys on so many lines. Where they do not fit, those go that stand before the last two: the page of keys, which has
/// all of them, and the way out.
fn keys_in(mut keys: Vec<KeyHelp>, room: usize, width: usize) -> Vec<Line> {
    loop {
        let mut lines = key_line(&keys, width);
        if lines.len() <= room || keys.len() <= 2 {
            lines.truncate(room);
            return lines;
        }
        keys.remove(keys.len() - 3);
    }
}

/// The body's lines, and the one that must be in view.
pub(super) fn body(body: &Body<'_>, width: usize) -> (Vec<Line>, Option<usize>) {
    match body {
        Body::Exercise(view) => (exercise(view, width), None),
        Body::Quiz(view) => (quiz(view, width), None),
        Body::List(view) => {
            let (lines, focus) = list_rows(view, width);
            (lines, Some(focus))
        }
        Body::Checking { done, total, stage, tick } => {
            let mut lines = checking(done, *total, *stage, width);
            if let Some(first) = lines.first_mut() {
                *first = spinner(*tick).join(std::mem::take(first)).cut(width);
            }
            (lines, None)
        }
        Body::Solution { own, reference } => (diff(own, reference, width), None),
        Body::Task(exercise) => (task_and_starter(exercise, width), None),
        Body::Book(view) => (book(view, width), None),
        Body::Ending(text) => (book(&BookView { text, shift: 0 }, width), None),
        Body::Program(view) => (program(view, width), None),
        Body::Timeline(verdict) => (timelines(verdict, width), None),
        Body::Help(keys) => (help(keys, width), None),
        Body::Welcome { text, first } => {
            let mut lines = markdown(text, width);
            if let Some(first) = first {
                lines.push(Line::blank());
                lines.extend(what_now(first).wrap(width, 2));
                lines.extend(where_to_look(first.verdict, first.exercise, width));
            }
            (lines, None)
        }
        Body::Farewell(text) => {
            let mut lines = Line::of(Role::Good, "You have solved the whole workbook.").wrap(width, 0);
            lines.push(Line::blank());
            lines.extend(markdown(text, width));
            (lines, None)
        }
    }
}

fn exercise(view: &ExerciseView<'_>, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(what_now(view).wrap(width, 2));
    lines.extend(where_to_look(view.verdict, view.exercise, width));
    if view.fresh {
        lines.extend(task(view.exercise, width));
    }
    let hints = hints(&view.exercise.hints, view.hints, width);
    if !hints.is_empty() {
        lines.push(Line::blank());
        lines.extend(hints);
    }
    match (&view.doing, view.verdict) {
        // The compiler's errors are shown as soon as they are there. Without any, the old text stays, dimmed, so
        // that a grading of a blink does not make the screen flicker.
        (Some(Doing { diagnosed: Some(found), .. }), _) if !found.is_empty() => {
            lines.extend(diagnosed(found, width));
        }
        (Some(Doing { tick, .. }), Some(old)) if *tick < BLINK => {
            lines.extend(reasons(old, view.exercise, width).into_iter().map(|line| line.all(Role::Dim)));
        }
        // It takes longer: from now on old words are called old, and an old praise would only mislead.
        (Some(_), Some(old)) if !old.passed() => {
            lines.push(Line::blank());
            lines.push(Line::of(Role::Title, "What the previous grading said:").cut(width));
            lines.extend(reasons(old, view.exercise, width).into_iter().map(|line| line.all(Role::Dim)));
        }
        (Some(_), Some(_)) => {}
        // What the compiler remarks comes before the reasons of a solution that may be another one.
        (None, Some(verdict)) if verdict.passed() && verdict.diagnostics.is_empty() => {
            lines.extend(why(view.exercise, width));
            lines.extend(reasons(verdict, view.exercise, width));
        }
        (None, Some(verdict)) => {
            lines.extend(reasons(verdict, view.exercise, width));
            if verdict.passed() {
                lines.extend(why(view.exercise, width));
            }
        }
        (_, None) => {}
    }
    lines
}

/// What the reference solution says about itself.
pub(super) fn why(exercise: &Exercise, width: usize) -> Vec<Line> {
    let text = leading(&exercise.solution, width);
    if text.is_empty() {
        return text;
    }
    let title = Line::of(Role::Title, "Why it works")
        .and(Role::Dim, " (about the reference solution; s compares yours with it)");
    [vec![Line::blank()], title.wrap(width, 2), text].concat()
}

/// The task, and the starter below it, whatever has become of the file.
fn task_and_starter(exercise: &Exercise, width: usize) -> Vec<Line> {
    let mut lines = vec![Line::of(Role::Title, "What to do").cut(width)];
    lines.extend(task(exercise, width));
    lines.push(Line::blank());
    lines.push(
        Line::of(Role::Title, "The starter").and(Role::Dim, " (x puts it back into your file)").cut(width),
    );
    lines.push(Line::blank());
    let code = exercise.starter.lines().skip_while(|line| line.starts_with("//!"));
    for line in code.skip_while(|line| line.trim().is_empty()) {
        lines.extend(Line::of(Role::Code, line).indent(2).wrap(width, hanging(line, 2, width)));
    }
    lines
}

/// The task, as the starter's first lines have it.
pub(super) fn task(exercise: &Exercise, width: usize) -> Vec<Line> {
    leading(&exercise.starter, width)
}

/// The first lines of a file, which are about it.
fn leading(source: &str, width: usize) -> Vec<Line> {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let text: String = lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect();
    if text.trim().is_empty() {
        return Vec::new();
    }
    std::iter::once(Line::blank()).chain(markdown(text.trim_end(), width)).collect()
}

/// What the grading does, or what came of it, in one line.
fn what_now(view: &ExerciseView<'_>) -> Line {
    match (&view.doing, view.verdict) {
        (Some(doing), _) => spinner(doing.tick).join(stage(doing.stage)),
        (None, Some(verdict)) => headline(verdict),
        (None, None) if view.gone => Line::of(Role::Warn, "There is nothing to grade: the file is gone."),
        (None, None) => Line::of(Role::Dim, "Not graded yet. Save the file, or press ").and(Role::Key, "r"),
    }
}

fn more(above: usize, below: usize) -> Line {
    let count = |lines: usize, side: &str| {
        format!("{lines} more {} {side}", if lines == 1 { "line" } else { "lines" })
    };
    let text = match (above, below) {
        (0, below) => count(below, "below"),
        (above, 0) => count(above, "above"),
        (above, below) => format!("{above} lines above, {}", count(below, "below")),
    };
    Line::of(Role::Dim, format!("── {text} · ")).and(Role::Key, "PgUp PgDn").and(Role::Dim, " ──")
}
