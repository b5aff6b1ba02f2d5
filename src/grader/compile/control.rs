//! The control of a doubtful compile: a file that is known to be good, compiled in just the same way. If it fails as well,
//! the machine is at fault, and not the learner's text.

use std::path::Path;

use super::rustc::{self, Unit};
use crate::grader::bench::Bench;
use crate::grader::bench::layout::{
    HIDDEN, HIDDEN_FILE, IMPLEMENTATIONS, REFUSABLE, SUBMISSION, TRIAL, TRIAL_FILE,
};
use crate::grader::store::files;
use crate::grader::toolchain::remedy;
use crate::verdict::{Broken, CompileEnd};
use crate::workbook::Exercise;

/// The chapter of its build folder: no chapter of a workbook has that name.
const CHAPTER: &str = "control";

/// Compiles a good file in place of this unit's.
///
/// # Errors
/// That the machine cannot compile, and the remedy.
pub(super) async fn compiles(bench: &Bench<'_>, unit: Unit<'_>) -> Result<(), Broken> {
    let (name, file, text, unit) = match unit {
        Unit::Library(exercise) | Unit::Program(exercise) => {
            (exercise.name.as_str(), Path::new(SUBMISSION).join(exercise.path()), text(bench, exercise), unit)
        }
        Unit::Implementation(exercise, test) => {
            let file = Path::new(IMPLEMENTATIONS).join(test).join(HIDDEN_FILE);
            (exercise.name.as_str(), file, externs(bench), unit)
        }
        Unit::Trial(exercise, _) => {
            let file = Path::new(TRIAL).join(TRIAL_FILE);
            (exercise.name.as_str(), file, externs(bench), Unit::Trial(exercise, &[]))
        }
        Unit::HiddenTests(_) => {
            let program = bench.bundled("extern crate testkit as _;\n\nfn main() {}\n");
            (HIDDEN, Path::new(HIDDEN).join(HIDDEN_FILE), program, Unit::HiddenTests(&[]))
        }
        Unit::Refusable(_) => {
            let text = "extern crate testkit as _;\n".to_owned();
            (REFUSABLE, Path::new(REFUSABLE).join(HIDDEN_FILE), text, Unit::Refusable(&[]))
        }
    };
    let slot = bench.slot(CHAPTER, name)?;
    files::write(&slot.root.join(file), &text)?;
    let said = rustc::run(bench, &slot.root, unit, None).await?;
    if said.end == CompileEnd::Succeeded {
        return Ok(());
    }
    let complaint = said.complaint();
    let problem = format!("the compiler fails on a file that is known to be good: {complaint}");
    if let Some(remedy) = remedy::for_the_compiler(&complaint, bench.home.path()) {
        return Err(Broken { problem, remedy });
    }
    // Nothing tells why, so what it was given may be damaged.
    bench.dependencies.discard();
    let remedy = "try again: that rebuilds the crates that exercises use; if it does not help, reinstall Rust with \
                  `rustup toolchain install stable --force`";
    Err(Broken { problem, remedy: remedy.to_owned() })
}

/// The exercise's own solution, which needs as much of everything as a submission does, and every crate that a submission
/// may use.
fn text(bench: &Bench<'_>, exercise: &Exercise) -> String {
    format!("{}\n{}", exercise.solution, externs(bench))
}

fn externs(bench: &Bench<'_>) -> String {
    bench.dependencies.crates.keys().map(|name| format!("extern crate {name} as _;\n")).collect()
}
