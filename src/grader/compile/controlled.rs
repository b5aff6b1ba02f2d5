//! What a grading compiles: the submission, and the hidden tests against it. A doubtful compile is controlled.

use std::path::{Path, PathBuf};

use super::control;
use super::rustc::{Linked, Said, Unit, run};
use crate::grader::bench::Bench;
use crate::grader::bench::layout::{HIDDEN, HIDDEN_FILE, HIDDEN_PROGRAM, IMPLEMENTATIONS, REFUSABLE, TESTS};
use crate::grader::store::files;
use crate::grader::store::home::unwritable;
use crate::grader::walls::Enclosure;
use crate::system::compiler::executable;
use crate::system::files::execute_only;
use crate::verdict::{Broken, CompileEnd, Compiled};
use crate::workbook::{Exercise, HiddenTest};

/// Compiles a submission in the build folder `slot`.
pub(in crate::grader) async fn compile(
    bench: &Bench<'_>,
    slot: &Path,
    unit: Unit<'_>,
) -> Result<Compiled, Broken> {
    controlled(bench, slot, unit, None).await.map(Said::of_submission)
}

/// Compiles one unit in the build folder `slot`; what may be the machine's doing is believed only when a file that is known
/// to be good compiles in the same way.
async fn controlled(
    bench: &Bench<'_>,
    slot: &Path,
    unit: Unit<'_>,
    built: Option<&Enclosure>,
) -> Result<Said, Broken> {
    let said = run(bench, slot, unit, built).await?;
    if !said.is_doubtful() {
        return Ok(said);
    }
    control::compiles(bench, unit).await?;
    run(bench, slot, unit, built).await
}

/// Where the program of the hidden tests is, once they are compiled.
pub(in crate::grader) fn program(slot: &Path) -> PathBuf {
    slot.join(TESTS).join(executable(HIDDEN_PROGRAM))
}

/// Compiles the hidden tests in `program`, in the build folder `slot`, against these libraries, behind the walls that have been
/// built for that.
pub(in crate::grader) async fn link(
    bench: &Bench<'_>,
    slot: &Path,
    program: &str,
    linked: &[Linked],
    built: Option<&Enclosure>,
) -> Result<Said, Broken> {
    files::write(&slot.join(HIDDEN).join(HIDDEN_FILE), &bench.bundled(program))?;
    let (made, place) = (slot.join(HIDDEN).join(executable(HIDDEN_PROGRAM)), self::program(slot));
    files::remove(&made)?;
    files::remove(&place)?;
    let said = controlled(bench, slot, Unit::HiddenTests(linked), built).await?;
    if said.end == CompileEnd::Succeeded {
        hide(&made)?;
        files::move_to(&made, &place)?;
    }
    Ok(said)
}

/// Compiles an implementation for learners' tests in the build folder `slot`, and says where it is.
pub(in crate::grader) async fn implementation(
    bench: &Bench<'_>,
    slot: &Path,
    exercise: &Exercise,
    test: &HiddenTest,
) -> Result<Said, Broken> {
    let folder = slot.join(IMPLEMENTATIONS);
    files::write(&folder.join(&test.name).join(HIDDEN_FILE), exercise.hidden.implementation(test))?;
    controlled(bench, slot, Unit::Implementation(exercise, &test.name), None).await
}

/// Compiles copies of a learner's file in the build folder `slot`, each against one of these implementations.
pub(in crate::grader) async fn trial(
    bench: &Bench<'_>,
    slot: &Path,
    exercise: &Exercise,
    linked: &[Linked],
) -> Result<Said, Broken> {
    controlled(bench, slot, Unit::Trial(exercise, linked), None).await
}

/// Compiles a text that must not compile, in the build folder `slot`, against this library.
pub(in crate::grader) async fn attempt(
    bench: &Bench<'_>,
    slot: &Path,
    text: &str,
    linked: &Linked,
) -> Result<Compiled, Broken> {
    files::write(&slot.join(REFUSABLE).join(HIDDEN_FILE), text)?;
    let unit = Unit::Refusable(std::slice::from_ref(linked));
    controlled(bench, slot, unit, None).await.map(Said::of_attempt)
}

/// Takes away every right but to execute. The kernel then lets the running program open neither its own file, which
/// holds the texts of the hidden tests, nor its own memory through `/proc`, which holds the key of its report; except
/// for root, whom only confinement keeps out.
fn hide(program: &Path) -> Result<(), Broken> {
    execute_only(program).map_err(|error| unwritable(program, &error))
}
