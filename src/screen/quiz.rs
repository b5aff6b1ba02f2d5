//! A question, its choices, and what came of the answers.

use crate::workbook::Quiz;

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

/// The question, the numbered choices, and the explanation once it is answered.
#[must_use]
pub fn quiz(view: &QuizView<'_>, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if view.solved {
        lines.push(Line::of(Role::Good, "Right!"));
        lines.push(Line::blank());
    } else if let Some(shown) = view.wrong.last().and_then(|wrong| view.order.iter().position(|o| o == wrong))
    {
        let text = format!("Not {}. Look again, and press another number.", shown + 1);
        lines.extend(Line::of(Role::Bad, text).wrap(width, 0));
        lines.push(Line::blank());
    }
    lines.extend(markdown(&view.quiz.question, width));
    lines.push(Line::blank());
    for (shown, &choice) in view.order.iter().enumerate() {
        let Some(text) = view.quiz.choices.get(choice) else { continue };
        lines.extend(choice_line(view, shown, choice, text).wrap(width, 5));
    }
    if view.solved {
        lines.push(Line::blank());
        lines.extend(markdown(&view.quiz.explain, width));
    }
    lines
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
