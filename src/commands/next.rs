//! `tokiolings next`

use super::context::{Context, note};
use super::exit::{Exit, Failure};
use crate::screen::{self, Line, Role};
use crate::watch;
use crate::workbook::Step;

pub(super) fn run(context: &Context, path: bool) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    let Some(step) = progress.current(&context.workbook) else {
        note(Some("every step is solved"));
        return Ok(Exit::Success);
    };
    let file = step.as_exercise().map(|exercise| workspace.path_of(exercise));
    if path {
        let Some(file) = file else {
            note(Some(&format!("`{}` is a {} and has no file", step.name(), step.kind())));
            return Ok(Exit::NotSolved);
        };
        context.print_raw(&format!("{}\n", file.display()));
        return Ok(Exit::Success);
    }
    let mut lines: Vec<Line> = watch::heading_of(&context.workbook, &progress, step.name())
        .map(|at| screen::heading(&at, context.width()))
        .into_iter()
        .collect();
    lines.push(match step {
        Step::Exercise(exercise) => Line::of(Role::Path, exercise.path()),
        Step::Quiz(quiz) => Line::of(Role::Plain, format!("a {}: ", quiz.noun()))
            .and(Role::Code, format!("tokiolings answer {} NUMBER", quiz.name)),
    });
    lines.push(Line::of(Role::Dim, progress.state(step).as_str()));
    context.print(&lines);
    Ok(Exit::Success)
}
