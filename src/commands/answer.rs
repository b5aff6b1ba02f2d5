//! `tokiolings answer NAME CHOICE`

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::screen::{self, Line, Role};
use crate::watch;
use crate::workbook::Quiz;
use crate::workspace::{Answered, Progress};

pub(super) fn run(context: &Context, name: &str, choice: Option<usize>) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    let quiz = context.step(Some(name), &progress)?.as_quiz().ok_or_else(|| {
        Failure::Usage(format!("answer `{name}`: it is an exercise; grade it with `tokiolings run {name}`"))
    })?;
    let Some(choice) = choice else { return show(context, quiz, &progress) };
    let order = quiz.order_for(progress.learner());
    let Some(&index) = choice.checked_sub(1).and_then(|shown| order.get(shown)) else {
        return Err(Failure::Usage(format!("answer `{name}`: choose a number from 1 to {}", order.len())));
    };
    let now = std::time::SystemTime::now();
    let (answered, progress) =
        context.update(&workspace, |progress| progress.answer_quiz(quiz, index, now))?;
    show(context, quiz, &progress)?;
    Ok(if answered == Answered::Right { Exit::Success } else { Exit::NotSolved })
}

/// Prints the question as it stands for this learner.
pub(super) fn show(context: &Context, quiz: &Quiz, progress: &Progress) -> Result<Exit, Failure> {
    let view = watch::quiz_of(quiz, progress);
    let mut lines = screen::quiz(&view, context.width());
    lines.push(Line::blank());
    if view.solved {
        lines.extend(watch::onward(&context.workbook, progress, &quiz.name));
    } else {
        lines.push(
            Line::of(Role::Dim, "Answer with ")
                .and(Role::Code, format!("tokiolings answer {} NUMBER", quiz.name)),
        );
    }
    context.print(&lines);
    Ok(if view.solved { Exit::Success } else { Exit::NotSolved })
}
