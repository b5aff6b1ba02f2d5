//! `tokiolings author …`

use std::path::{Path, PathBuf};

use super::author_mutate;
use super::console::Console;
use super::context::current_folder;
use super::exit::{Exit, Failure};
use crate::author::check;
use crate::cli::{AuthorCommand, Output};
use crate::screen::{Line, Role};
use crate::workbook::Workbook;

pub(super) fn run(workbook: Option<&Path>, command: AuthorCommand) -> Result<Exit, Failure> {
    match command {
        AuthorCommand::Check { names, repeat, output } => check(&root(workbook)?, &names, repeat, output),
        AuthorCommand::Mutate { names, records, output } => {
            let root = root(workbook)?;
            super::block_on(author_mutate::run(&root, &names, records, output))
        }
    }
}

/// The folder of the workbook that is worked on.
fn root(workbook: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(root) = workbook {
        return Ok(root.to_path_buf());
    }
    let folder = current_folder()?;
    Workbook::find(&folder).ok_or_else(|| {
        Failure::Usage(format!(
            "find a workbook to work on: there is no exercises/workbook.toml in {} or above it; go into a workbook's folder, \
             name one with --workbook DIR, or start one with `tokiolings author new --workbook DIR`",
            folder.display()
        ))
    })
}

fn check(root: &Path, _names: &[String], _repeat: u32, _output: Output) -> Result<Exit, Failure> {
    let found = check::format(root);
    let lines: Vec<Line> = found.iter().map(|fault| Line::of(Role::Plain, fault.to_string())).collect();
    Console::new().print(&lines);
    Ok(if found.is_empty() { Exit::Success } else { Exit::Usage })
}
