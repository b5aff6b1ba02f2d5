//! A question, its choices, and what came of the answers.

use crate::workbook::{Choice, Quiz};

use super::line::{Line, Role};
use super::markdown::{inline, markdown};

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
}

/// The question, the numbered choices, and what came of the newest one: the reply to a wrong choice, or the explanation.
/// That stands last, where the end of a small screen shows it beside the choices.
#[must_use]
pub fn quiz(view: &QuizView<'_>, width: usize) -> Vec<Line> {
    let mut lines = question(view, width);
    lines.extend(reply(view, width));
    lines
}

/// The question and its choices.
pub(super) fn question(view: &QuizView<'_>, width: usize) -> Vec<Line> {
    let mut lines = markdown(&view.quiz.question, width);
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
