//! From nothing to the first verdict, as a newcomer gets there: each program is built, sets a workspace up, and grades its first
//! exercise. The crates have been downloaded before.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::programs::{command, time_until};
use crate::{Outcome, VERSION};

/// rustlings' own README: `cargo install`, `init`, and its first exercise, which uses no Tokio.
pub(crate) fn rustlings() -> Outcome<Duration> {
    let place = place()?;
    let mut install = in_folder(place.path(), "cargo");
    install.args(["install", "rustlings", "--locked", "--version", VERSION, "--root"]).arg(place.path());
    let mut took = time_until(install, None, &[0])?;

    let binary = place.path().join("bin/rustlings");
    // It waits for Enter.
    let enter = place.path().join("enter");
    fs::write(&enter, "\n").map_err(|error| format!("write {}: {error}", enter.display()))?;
    let mut init = in_folder(place.path(), &binary);
    init.arg("init");
    took += time_until(init, Some(&enter), &[0])?;

    let mut run = in_folder(&place.path().join("rustlings"), &binary);
    run.arg("run");
    took += time_until(run, None, &[0, 1])?;
    Ok(took)
}

/// Our README: a clone of what is committed here, `cargo run`, and the first exercise, whose dependencies are built on the way.
pub(crate) fn tokiolings(repository: &Path) -> Outcome<Duration> {
    let place = place()?;
    let clone = place.path().join("clone");
    let mut git = command(Path::new("git"));
    git.args(["clone", "--quiet"]).arg(repository).arg(&clone);
    let mut took = time_until(git, None, &[0])?;

    let home = place.path().join("home");
    let mut set_up = in_folder(&clone, "cargo");
    set_up.args(["run", "--locked", "--", "init"]).env("TOKIOLINGS_HOME", &home);
    took += time_until(set_up, None, &[0])?;

    let mut run = in_folder(&clone.join("tokiolings"), clone.join("target/debug/tokiolings"));
    run.arg("run").env("TOKIOLINGS_HOME", &home);
    took += time_until(run, None, &[1])?;
    Ok(took)
}

/// Outside of the repository: rustlings makes no workspace inside of a Cargo package.
fn place() -> Outcome<TempDir> {
    TempDir::new().map_err(|error| format!("make a temporary folder: {error}"))
}

fn in_folder(folder: &Path, program: impl AsRef<Path>) -> Command {
    let mut command = command(program.as_ref());
    command.current_dir(folder);
    command
}
