//! A call of cargo that builds what exercises may use, or downloads it, and what cargo's complaints mean.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::{Toolchain, cargo_home, remedy};
use crate::grader::activity::Watcher;
use crate::grader::child::environment;
use crate::grader::child::process::{self, Priority, Spec};
use crate::grader::store::home::Home;
use crate::grader::walls::Confinement;
use crate::verdict::{Broken, sanitize};
use crate::workbook::Workbook;

/// What is to be built, with what, and who is told how it goes on.
#[derive(Clone, Copy)]
pub(in crate::grader) struct Order<'a> {
    pub(in crate::grader) workbook: &'a Workbook,
    pub(in crate::grader) toolchain: &'a Toolchain,
    pub(in crate::grader) tier: Option<&'a str>,
    /// The walls that submissions are behind.
    pub(in crate::grader) confinement: Option<&'a Confinement>,
    pub(in crate::grader) priority: Priority,
    pub(in crate::grader) watch: Watcher<'a>,
}

/// The base tier takes 15 s on a laptop; a slow machine on a slow line gets a hundred times that.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// The package's own, below its folder.
pub(super) const MANIFEST: &str = "Cargo.toml";

/// A call of cargo, with all rights.
pub(super) fn cargo(
    home: &Home,
    folder: &Path,
    order: Order<'_>,
    args: Vec<OsString>,
) -> Result<Spec, Broken> {
    let mut env = environment::cargo();
    env.push(("RUSTC".into(), order.toolchain.program("rustc")));
    env.push(("CARGO_HOME".into(), cargo_home::prepare(home)?.into()));
    Ok(Spec {
        program: order.toolchain.program("cargo"),
        args,
        env,
        // Cargo also reads the configurations of all folders above the one that it runs in.
        cwd: folder.ancestors().last().unwrap_or(folder).to_owned(),
        limit: LIMIT,
        priority: order.priority,
        ..Spec::default()
    })
}

pub(super) fn no_cargo(error: &process::SpawnError) -> Broken {
    Broken {
        problem: format!("cannot build the exercises' dependencies: failed to {error}"),
        remedy: "install Rust from https://rustup.rs, then open a new terminal".to_owned(),
    }
}

/// Cargo's complaint → what the machine lacks.
pub(super) fn explain(stderr: &str, errors: &str, folder: &Path, walled: bool) -> Broken {
    // A macro may have had a say in it.
    let all = sanitize(&format!("{stderr}\n{errors}"));
    let has = |needles: &[&str]| needles.iter().any(|needle| all.contains(needle));
    let remedy = if let Some(remedy) = remedy_of_walled(&all).filter(|_| walled) {
        remedy
    } else if let Some(remedy) = remedy::remedy(&all, folder) {
        remedy
    } else if has(&[
        "failed to download",
        "Could not resolve host",
        "Couldn't connect",
        "failed to query replaced source",
        "spurious network error",
        "failed to get `",
        "offline",
        "download of config.json failed",
        "Couldn't resolve host",
    ]) {
        "connect to the network and try again; it is needed once, to download Tokio".to_owned()
    } else if has(&["lock file", "--locked"]) {
        "run `cargo generate-lockfile` for the workbook's dependencies, or delete exercises/workbook.lock"
            .to_owned()
    } else if walled {
        LAST_RESORT.to_owned()
    } else {
        format!("run `cargo build` in {} to see it in full", folder.display())
    };
    let lines: Vec<&str> = all.lines().filter(|line| !line.trim().is_empty()).collect();
    // Progress comes first, the reason last.
    let reason = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .map_or(&lines[lines.len().saturating_sub(8)..], |at| &lines[at..]);
    let reason = reason.iter().take(8).copied().collect::<Vec<_>>().join("\n");
    Broken { problem: format!("cargo could not build the exercises' dependencies:\n{reason}"), remedy }
}

/// What to do where code that the build runs fails behind walls, if a complaint is about that.
fn remedy_of_walled(complaint: &str) -> Option<String> {
    let code = ["custom build command", "proc macro panicked", "derive panicked", "attribute panicked"];
    code.iter().any(|words| complaint.contains(words)).then(|| {
        "fix the build script or macro of the workbook's dependencies that failed: in the sandbox, it has no \
         network, and can write only to OUT_DIR; or grade with all your rights, if you trust the workbook and the \
         submissions: `grade --unconfined`, `cohort --unconfined`, `report` without `--confined`"
            .to_owned()
    })
}

/// What to do where nothing tells what is wrong. To build it by hand is no remedy: that has no walls.
const LAST_RESORT: &str = "fix the dependencies in exercises/workbook.toml, or exercises/workbook.lock: `tokiolings \
                           --workbook DIR author check` builds them, too";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_complains_about_has_a_remedy() {
        let folder = Path::new("home");
        let cases = [
            ("error: linker `cc` not found", crate::system::limits::NO_LINKER),
            ("error: failed to download from x\n\nCaused by:\n  Could not resolve host", "network"),
        ];
        for (complaint, remedy) in cases {
            let broken = explain(complaint, "", folder, false);
            assert!(broken.remedy.contains(remedy), "{complaint}: {broken:?}");
            assert!(broken.problem.contains(complaint.lines().next().unwrap()), "{broken:?}");
        }
    }

    #[test]
    fn code_that_fails_behind_walls_is_told_from_what_cargo_cannot_build() {
        let code = "error: failed to run custom build command for `evil v0.1.0`\n  Read-only file system";
        assert!(remedy_of_walled(code).is_some_and(|remedy| remedy.contains("--unconfined")));
        assert_eq!(remedy_of_walled("error[E0425]: cannot find value `x`"), None);
    }
}
