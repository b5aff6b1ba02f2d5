//! `tokiolings reset NAME`

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::screen::{Line, Role};
use crate::workspace::Reset;

pub(super) fn run(context: &Context, name: &str, from_mine: bool) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let exercise = context.exercise(name)?;
    let (reset, what) = match (from_mine, &exercise.after) {
        (false, _) => (workspace.reset(exercise)?, "the starter".to_owned()),
        (true, Some(before)) => {
            let code = format!("your code of {before}");
            (workspace.go_on(exercise, context.exercise(before)?)?, code)
        }
        (true, None) => return Err(Failure::NoStepBefore(name.to_owned())),
    };
    let path = exercise.path();
    let line = match reset {
        Reset::Saved(backup) if from_mine => Line::of(Role::Path, path)
            .and(Role::Good, format!(" starts from {what}. "))
            .and(Role::Plain, "Its old content is kept in ")
            .and(Role::Path, backup.display().to_string()),
        Reset::Saved(backup) => Line::of(Role::Good, "The starter is back. ")
            .and(Role::Plain, "Your file is kept in ")
            .and(Role::Path, backup.display().to_string()),
        Reset::Unchanged => Line::of(Role::Plain, "Nothing to do: ")
            .and(Role::Path, path)
            .and(Role::Plain, format!(" is the same as {what}.")),
        Reset::WrittenAnew => {
            Line::of(Role::Good, format!("The file was missing; {what} is in ")).and(Role::Path, path)
        }
    };
    context.print(&[line]);
    Ok(Exit::Success)
}
