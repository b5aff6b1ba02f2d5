//! The text of an exercise, in a folder that somebody else filled.

use std::path::Path;

use crate::workbook::{Exercise, MAX_SOURCE, Workbook};
use crate::workspace::{Folder, Refusal};

/// What stands in the file of an exercise below `root`, or in the one that it had under a former name. No link is followed: it
/// may lead to what its learner may not read, and the compiler's messages would quote it.
///
/// # Errors
/// Why there is nothing to grade; names the file.
pub fn source_in(root: &Path, workbook: &Workbook, exercise: &Exercise) -> Result<String, String> {
    let path = exercise.path();
    let (folder, name) = path.rsplit_once('/').expect("an exercise is in a folder");
    let root = Folder::at(root).map_err(|refusal| refusal.to_string())?;
    let read = match root.below(Path::new(folder)) {
        Ok(chapter) => chapter.read(name, MAX_SOURCE),
        Err(Refusal::Missing) => Err(Refusal::Missing),
        Err(other) => return Err(format!("{folder} {other}")),
    };
    let (path, read) = match read {
        Err(Refusal::Missing) => {
            let names: Vec<&str> = workbook.former_names(&exercise.name).collect();
            let exercises = root.below(Path::new("exercises")).ok();
            match exercises.and_then(|exercises| former(&exercises, exercise, &names)) {
                Some((below, read)) => (format!("exercises/{below}"), read),
                None => (path, Err(Refusal::Missing)),
            }
        }
        read => (path, read),
    };
    let bytes = read.map_err(|refusal| match refusal {
        Refusal::Missing => format!("{path} is missing"),
        other => format!("{path} {other}"),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
        format!("{path} is not UTF-8 (line {line}); save it as UTF-8")
    })
}

/// What stands in the file that an exercise had when its step had one of these names, and where that is below `exercises`: the
/// folder may have been set up with an older workbook, in which the step may have been in another chapter, too.
pub(super) fn former(
    exercises: &Folder,
    exercise: &Exercise,
    names: &[&str],
) -> Option<(String, Result<Vec<u8>, Refusal>)> {
    if names.is_empty() {
        return None;
    }
    let others = exercises.folders().into_iter().filter(|chapter| *chapter != exercise.chapter);
    for chapter in [exercise.chapter.clone()].into_iter().chain(others) {
        let Ok(folder) = exercises.below(Path::new(&chapter)) else { continue };
        for name in names {
            match folder.read(&format!("{name}.rs"), MAX_SOURCE) {
                Err(Refusal::Missing) => {}
                read => return Some((format!("{chapter}/{name}.rs"), read)),
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::workbook::{sample_exercise, sample_workbook};

    /// A folder that is not the learner's, the learner's in it, and there that of a chapter, with one file: `good.rs`.
    fn learner() -> (TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("learner");
        let chapter = root.join("exercises/01_inert_plans");
        fs::create_dir_all(&chapter).unwrap();
        fs::write(chapter.join("good.rs"), "good").unwrap();
        (folder, root, chapter)
    }

    /// One in which `good` had two other names before.
    fn workbook() -> Workbook {
        let renamed = [("fine", "good"), ("nice", "good")].map(|(old, new)| (old.to_owned(), new.to_owned()));
        Workbook { renamed: renamed.into(), ..sample_workbook(|name, _| sample_exercise(name, &["t"])) }
    }

    #[test]
    fn what_was_handed_in_under_a_former_name_counts_wherever_it_lies() {
        let (_folder, root, chapter) = learner();
        let source = || source_in(&root, &workbook(), &sample_exercise("good", &["t"]));
        let old = root.join("exercises/00_older");
        fs::create_dir(&old).unwrap();
        fs::write(old.join("nice.rs"), "older").unwrap();
        assert_eq!(source().as_deref(), Ok("good"));
        fs::remove_file(chapter.join("good.rs")).unwrap();
        assert_eq!(source().as_deref(), Ok("older"));
        fs::remove_dir(&chapter).unwrap();
        assert_eq!(source().as_deref(), Ok("older"));
        fs::write(old.join("nice.rs"), b"\xff").unwrap();
        assert!(source().unwrap_err().starts_with("exercises/00_older/nice.rs is not UTF-8"));
        fs::remove_file(old.join("nice.rs")).unwrap();
        assert_eq!(source().unwrap_err(), "exercises/01_inert_plans/good.rs is missing");
    }

    #[test]
    fn a_file_is_read_and_what_is_none_is_named() {
        let (_folder, root, chapter) = learner();
        let source = |name: &str| source_in(&root, &workbook(), &sample_exercise(name, &["t"]));
        let says = |name: &str| source(name).unwrap_err();

        assert_eq!(source("good").as_deref(), Ok("good"));
        assert_eq!(says("gone"), "exercises/01_inert_plans/gone.rs is missing");
        fs::create_dir(chapter.join("folder.rs")).unwrap();
        assert_eq!(says("folder"), "exercises/01_inert_plans/folder.rs is not an ordinary file");
        fs::write(chapter.join("latin.rs"), b"// one\n// caf\xe9\n").unwrap();
        assert_eq!(
            says("latin"),
            "exercises/01_inert_plans/latin.rs is not UTF-8 (line 2); save it as UTF-8"
        );
        fs::remove_dir_all(&chapter).unwrap();
        assert_eq!(says("good"), "exercises/01_inert_plans/good.rs is missing");
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed_be_it_a_file_or_a_folder() {
        use std::os::unix::fs::symlink;

        let (folder, root, chapter) = learner();
        fs::write(folder.path().join("secret"), "").unwrap();
        symlink("../../../secret", chapter.join("outside.rs")).unwrap();
        symlink("good.rs", chapter.join("inside.rs")).unwrap();
        let says = |name: &str| source_in(&root, &workbook(), &sample_exercise(name, &["t"])).unwrap_err();
        for name in ["outside", "inside"] {
            let expected =
                format!("exercises/01_inert_plans/{name}.rs is a symbolic link, which is not followed");
            assert_eq!(says(name), expected);
        }
        fs::rename(&chapter, folder.path().join("elsewhere")).unwrap();
        symlink("../../elsewhere", &chapter).unwrap();
        assert_eq!(says("good"), "exercises/01_inert_plans is a symbolic link, which is not followed");
    }
}
