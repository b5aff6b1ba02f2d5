//! A workbook must not come from those whom it grades: who can write its tests decides what passes.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::exit::Failure;
use crate::system::paths::real;

/// What of a workbook decides, below its folder.
const PARTS: [&str; 3] = ["exercises", "solutions", "tests"];

/// Refuses to grade what these folders hold if their owners could have written the workbook. The built-in one is nobody's.
///
/// # Errors
/// Names the workbook, and each folder that holds it or lies inside of its tests.
pub(super) fn check(context: &Context, graded: &[PathBuf]) -> Result<(), Failure> {
    let Some(workbook) = context.place() else { return Ok(()) };
    let places: Vec<PathBuf> = [workbook.to_path_buf()]
        .into_iter()
        .chain(PARTS.map(|part| workbook.join(part)))
        .map(|path| true_path(&path))
        .collect();
    let shared: Vec<String> = graded
        .iter()
        .filter(|folder| overlap(&places, &true_path(folder)))
        .map(|folder| folder.display().to_string())
        .collect();
    if shared.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "grade {} with the workbook in {}: the learner could have written that workbook, including its hidden tests; \
         keep your workbook in a folder outside of what is graded, and name it with --workbook DIR, or leave out \
         --workbook to grade with the built-in one",
        shared.join(", "),
        workbook.display()
    )))
}

/// Links lead to where they lead; what is not there is compared as it is written.
fn true_path(path: &Path) -> PathBuf {
    real(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Whether a folder holds a workbook, whose own folder comes first and then its parts, or lies inside of one of its parts. Beside
/// them, in the workbook's folder, there is room for submissions.
fn overlap(places: &[PathBuf], folder: &Path) -> bool {
    places.iter().any(|place| place.starts_with(folder))
        || places.iter().skip(1).any(|part| folder.starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submissions_may_lie_beside_what_decides_and_nowhere_else() {
        let places = ["/w", "/w/exercises", "/w/solutions", "/linked/tests"].map(PathBuf::from);
        for apart in ["/w/tokiolings", "/w/clones/ann", "/w/exercises.old", "/clones/ann", "/linked/other"] {
            assert!(!overlap(&places, Path::new(apart)), "{apart}");
        }
        for shared in ["/w", "/", "/w/exercises", "/w/exercises/01_one", "/linked", "/linked/tests/hidden"] {
            assert!(overlap(&places, Path::new(shared)), "{shared}");
        }
    }
}
