//! Where the text of an exercise is, in a folder that somebody else filled.

use std::path::Path;

use crate::grader::Source;
use crate::workbook::Exercise;

/// The file of an exercise below `root`.
///
/// # Errors
/// Why there is nothing to grade: it is missing, it is no file, or a link leads out of `root`, to what its learner
/// may not be able to read and the compiler's messages would quote.
pub fn source_in(root: &Path, exercise: &Exercise) -> Result<Source, String> {
    let below = exercise.path();
    let cannot = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("{below} is missing"),
        kind => format!("{below} cannot be read: {kind}"),
    };
    let path = root.join(&below).canonicalize().map_err(cannot)?;
    if !path.starts_with(root.canonicalize().map_err(cannot)?) {
        return Err(format!("{below} is a link that leads out of the workspace"));
    }
    if !path.metadata().map_err(cannot)?.is_file() {
        return Err(format!("{below} is not a file"));
    }
    Ok(Source::Path(path))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::workbook::sample_exercise;

    /// A folder that is not the learner's, the learner's in it, and there that of a chapter, with one file: `good.rs`.
    fn learner() -> (TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("learner");
        let chapter = root.join("exercises/01_inert_plans");
        fs::create_dir_all(&chapter).unwrap();
        fs::write(chapter.join("good.rs"), "").unwrap();
        (folder, root, chapter)
    }

    #[test]
    fn a_file_is_found_and_what_is_none_is_named() {
        let (_folder, root, chapter) = learner();
        let source = |name: &str| source_in(&root, &sample_exercise(name, &["t"]));
        let says = |name: &str| source(name).unwrap_err();

        assert_eq!(source("good"), Ok(Source::Path(chapter.canonicalize().unwrap().join("good.rs"))));
        assert_eq!(says("gone"), "exercises/01_inert_plans/gone.rs is missing");
        fs::create_dir(chapter.join("folder.rs")).unwrap();
        assert_eq!(says("folder"), "exercises/01_inert_plans/folder.rs is not a file");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_may_lead_anywhere_but_out() {
        let (folder, root, chapter) = learner();
        fs::write(folder.path().join("secret"), "").unwrap();
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, chapter.join(name)).unwrap();
        link("good.rs", "inside.rs");
        link("../../../secret", "outside.rs");
        link("nowhere", "dangling.rs");
        let source = |name: &str| source_in(&root, &sample_exercise(name, &["t"]));
        assert!(source("inside").is_ok());
        assert!(source("outside").unwrap_err().ends_with("leads out of the workspace"));
        assert!(source("dangling").unwrap_err().ends_with("is missing"));
    }
}
