//! `tokiolings completions SHELL`, `tokiolings man [DIR]`: both follow from the definition of the command line.

use std::fs;
use std::io::Write;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use super::console::{Console, Stdout};
use super::exit::{Exit, Failure};
use crate::cli::Cli;
use crate::screen::{Line, Role, counted};

pub(super) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), env!("CARGO_PKG_NAME"), &mut script);
    print(&script)
}

pub(super) fn pages(dir: Option<&Path>) -> Result<Exit, Failure> {
    let Some(dir) = dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command())
            .render(&mut page)
            .map_err(|error| failed(Path::new("it"), &error))?;
        return print(&page);
    };
    let write = || {
        fs::create_dir_all(dir)?;
        clap_mangen::generate_to(Cli::command(), dir)?;
        Ok(fs::read_dir(dir)?.count())
    };
    let count = write().map_err(|error: std::io::Error| failed(dir, &error))?;
    let line = Line::of(Role::Plain, format!("{} in ", counted(count, "file")));
    Console::new().print(&[line.and(Role::Path, dir.display().to_string())]);
    Ok(Exit::Success)
}

fn print(text: &[u8]) -> Result<Exit, Failure> {
    // Standard output keeps its errors for the end of the command.
    let _ = Stdout.write_all(text);
    Ok(Exit::Success)
}

fn failed(dir: &Path, error: &std::io::Error) -> Failure {
    Failure::Machine(format!("write the manual into {}: {error}", dir.display()))
}
