//! `tokiolings solution NAME`

use super::context::{Context, note};
use super::exit::{Exit, Failure};
use crate::screen;
use crate::workspace::Mark;

pub(super) fn run(context: &Context, name: &str, give_up: bool, diff: bool) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let exercise = context.exercise(name)?;
    let progress = context.progress(&workspace)?;
    let solved = progress.record(name).is_some_and(|record| record.mark == Some(Mark::Solved));
    if !solved && !give_up {
        note(Some(&format!(
            "`{name}` is not solved yet. Its hints help a lot: `tokiolings hint {name}`. To see the solution anyway, \
             which your progress will record: `tokiolings solution {name} --give-up`"
        )));
        return Ok(Exit::NotSolved);
    }
    if !solved {
        context.update(&workspace, |progress| progress.give_up(name))?;
    }
    if diff {
        let own = workspace.read_source(exercise)?;
        context.print(&screen::diff(&own, &exercise.solution, context.width()));
    } else {
        context.print_raw(&exercise.solution);
    }
    Ok(Exit::Success)
}
