//! `tokiolings hint [NAME]`

use super::context::{Context, tell_lost};
use super::exit::{Exit, Failure};
use crate::screen::{self, Line, Role};
use crate::workbook::Step;

pub(super) fn run(context: &Context, name: Option<&str>) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    let exercise = match context.step(name, &progress)? {
        Step::Exercise(exercise) => exercise,
        Step::Quiz(quiz) => {
            let noun = quiz.noun();
            return Err(Failure::Usage(format!(
                "give a hint: `{}` is a {noun}, and a {noun} explains itself when you have answered it",
                quiz.name
            )));
        }
    };
    let kept = context.keep(&workspace, &progress, |progress| progress.take_hint(exercise).is_some());
    let taken = kept.progress.record(&exercise.name).map_or(0, |record| record.hints as usize);
    let mut lines = screen::hints(&exercise.hints, taken, context.width());
    if !kept.value {
        lines.push(Line::of(Role::Dim, "There are no more hints for this exercise."));
    }
    context.print(&lines);
    tell_lost(kept.lost.as_ref());
    Ok(Exit::Success)
}
