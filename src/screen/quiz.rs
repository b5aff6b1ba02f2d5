//! A question, its choices, and what came of the answers. A prediction is a question about a program, and what that printed.

use crate::verdict::{Verdict, sanitize};
use crate::workbook::{Choice, Quiz};

use super::line::{Line, Role};
use super::markdown::{inline, markdown};
use super::stage::{Stage, running, spinner};
use super::text::hanging;

/// A quiz as this learner sees it.
#[derive(Debug, Clone)]
pub struct QuizView<'a> {
    /// The question.
    pub quiz: &'a Quiz,
    /// `order[shown] = index into choices`, see [`Quiz::order_for`].
    pub order: Vec<usize>,
    /// Wrong choices so far, as indices into [`Quiz::choices`], the newest last.
    pub wrong: Vec<usize>,
    /// Whether it has been answered rightly.
    pub solved: bool,
    /// What the program of a prediction does, or did, once there was an answer.
    pub ran: Option<Ran<'a>>,
}

/// A run of the program of a prediction.
#[derive(Debug, Clone, Copy)]
pub enum Ran<'a> {
    /// It is under way.
    Running {
        /// Its stage.
        stage: Stage<'a>,
        /// Turns the spinner.
        tick: usize,
    },
    /// It is over, and this is what was seen of it.
    Over(&'a Verdict),
    /// It could not even begin: what is wrong with the machine.
    Broken(&'a str),
}

impl<'a> Ran<'a> {
    /// What the program has printed; `None` when it did not come to its end, or has not yet.
    #[must_use]
    pub fn printed(&self) -> Option<&'a str> {
        match *self {
            Self::Over(verdict) => verdict.printed(),
            Self::Running { .. } | Self::Broken(_) => None,
        }
    }

    /// Why it did not come to its end.
    fn problem(&self) -> &'a str {
        match *self {
            Self::Over(Verdict { broken: Some(broken), .. }) => &broken.problem,
            Self::Over(Verdict { tests, .. }) => tests.first().map_or("", |test| &test.message),
            Self::Broken(problem) => problem,
            Self::Running { .. } => "",
        }
    }
}

/// The question, the numbered choices, what the program printed if there is one, and what came of the newest answer: the
/// reply to a wrong choice, or the explanation. That stands last, where the end of a small screen shows it beside the
/// choices.
#[must_use]
pub fn quiz(view: &QuizView<'_>, width: usize) -> Vec<Line> {
    let mut lines = question(view, width);
    lines.extend(reply(view, width));
    lines
}

/// The question and its choices.
pub(super) fn question(view: &QuizView<'_>, width: usize) -> Vec<Line> {
    let mut lines = program(view.quiz, width);
    lines.extend(markdown(&view.quiz.question, width));
    lines.push(Line::blank());
    for (shown, &choice) in view.order.iter().enumerate() {
        let Some(Choice { text, .. }) = view.quiz.choices.get(choice) else { continue };
        lines.extend(choice_line(view, shown, choice, text).wrap(width, 5));
    }
    lines
}

/// What came of the newest answer; nothing before there is one.
pub(super) fn reply(view: &QuizView<'_>, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(ran) = &view.ran {
        lines.push(Line::blank());
        lines.extend(output(ran, view.quiz.recorded(), width));
    }
    if view.solved {
        lines.extend([Line::blank(), Line::of(Role::Good, "Right!")]);
        lines.extend(markdown(&view.quiz.explain, width));
    } else if let Some((shown, choice)) = newest_wrong(view) {
        let reply = choice.says.as_deref().unwrap_or("Look again.");
        let line = Line::of(Role::Bad, format!("Not {}. ", shown + 1)).join(inline(reply, Role::Plain));
        lines.push(Line::blank());
        lines.extend(line.wrap(width, 0));
    }
    lines
}

/// The program of a prediction, above its question.
fn program(quiz: &Quiz, width: usize) -> Vec<Line> {
    let Some(prediction) = &quiz.prediction else { return Vec::new() };
    let mut lines = markdown(&format!("```rust\n{}```", prediction.program), width);
    lines.push(Line::blank());
    lines
}

/// What the program printed. Where it could not run, the workbook says what it prints elsewhere.
fn output(ran: &Ran<'_>, recorded: &str, width: usize) -> Vec<Line> {
    let (head, printed) = match (ran, ran.printed()) {
        (Ran::Running { stage, tick }, _) => return spinner(*tick).join(running(*stage)).wrap(width, 2),
        (_, Some(printed)) => {
            (Line::of(Role::Title, "The program ran, and printed:").wrap(width, 0), printed)
        }
        (_, None) => {
            let mut head = Line::of(Role::Warn, "The program could not run here. This is not your fault.")
                .wrap(width, 0);
            for line in sanitize(ran.problem()).lines() {
                head.extend(Line::of(Role::Dim, line).indent(2).wrap(width, 2));
            }
            head.extend(Line::of(Role::Title, "Where it was recorded, it printed:").wrap(width, 0));
            (head, recorded)
        }
    };
    let mut lines = head;
    let printed = sanitize(printed);
    if printed.trim().is_empty() {
        lines.push(Line::of(Role::Dim, "nothing").indent(2).cut(width));
    }
    for line in printed.trim_end().lines() {
        lines.extend(Line::of(Role::Plain, line).indent(2).wrap(width, hanging(line, 2, width)));
    }
    lines
}

/// The wrong choice to reply to, with its place on the screen.
fn newest_wrong<'a>(view: &QuizView<'a>) -> Option<(usize, &'a Choice)> {
    let newest = view.wrong.last()?;
    let shown = view.order.iter().position(|choice| choice == newest)?;
    Some((shown, view.quiz.choices.get(*newest)?))
}

fn choice_line(view: &QuizView<'_>, shown: usize, choice: usize, text: &str) -> Line {
    let number = format!("{} ", shown + 1);
    if view.solved && choice == view.quiz.answer {
        Line::of(Role::Good, format!(" ✓ {number}")).join(inline(text, Role::Plain))
    } else if view.wrong.contains(&choice) {
        Line::of(Role::Bad, " ✗ ").and(Role::Dim, number).and(Role::Dim, text)
    } else if view.solved {
        Line::of(Role::Dim, format!("   {number}")).and(Role::Dim, text)
    } else {
        Line::of(Role::Key, format!("   {number}")).join(inline(text, Role::Plain))
    }
}
