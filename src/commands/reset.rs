//! `tokiolings reset NAME`

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::screen::{Line, Role};
use crate::workspace::Reset;

pub(super) fn run(context: &Context, name: &str) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let exercise = context.exercise(name)?;
    let path = exercise.path();
    let line = match workspace.reset(exercise)? {
        Reset::Saved(backup) => Line::of(Role::Good, "The starter is back. ")
            .and(Role::Plain, "Your file is kept in ")
            .and(Role::Path, backup.display().to_string()),
        Reset::AlreadyStarter => Line::of(Role::Plain, "Nothing to do: ")
            .and(Role::Path, path)
            .and(Role::Plain, " is the starter."),
        Reset::WrittenAnew => {
            Line::of(Role::Good, "The file was missing; the starter is in ").and(Role::Path, path)
        }
    };
    context.print(&[line]);
    Ok(Exit::Success)
}
