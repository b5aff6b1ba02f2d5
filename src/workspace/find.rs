//! Where a workspace is, and where things are in it.

use std::path::{Path, PathBuf};

use crate::system::paths::below;
use crate::workbook::Exercise;
use crate::workspace::{Store, store};

/// The program's own folder in a workspace.
const FOLDER: &str = ".tokiolings";

/// A learner's folder: one with a `.tokiolings/progress.toml` in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Absolute.
    root: PathBuf,
}

impl Workspace {
    /// The nearest workspace at or above a folder.
    #[must_use]
    pub fn find(start: &Path) -> Option<Self> {
        let start = std::path::absolute(start).ok()?;
        start
            .ancestors()
            .map(|folder| Self { root: folder.to_path_buf() })
            .find(|workspace| workspace.store().exists())
    }

    /// The workspace with this root, whether or not it has been set up.
    pub(super) fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// Its folder, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the program keeps what it remembers: progress, backups, caches. Git sees only the progress file.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    /// The learner's progress on disk.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::in_folder(self.folder())
    }

    /// The learner's file of an exercise, absolute.
    #[must_use]
    pub fn path_of(&self, exercise: &Exercise) -> PathBuf {
        below(&self.root, &exercise.path())
    }

    /// The progress file below the workspace, for messages: `.tokiolings/progress.toml`.
    pub(super) fn marker() -> PathBuf {
        Path::new(FOLDER).join(store::MAIN)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_workspace_is_found_from_deep_inside_and_not_from_outside() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("ws");
        let deep = root.join("exercises/01_inert_plans");
        fs::create_dir_all(&deep).unwrap();
        assert_eq!(Workspace::find(&deep), None);

        fs::create_dir(root.join(FOLDER)).unwrap();
        assert_eq!(Workspace::find(&deep), None, "the folder alone is no marker");

        fs::write(root.join(Workspace::marker()), "").unwrap();
        assert_eq!(Workspace::find(&deep).unwrap().root(), root);
        assert_eq!(Workspace::find(&root).unwrap().root(), root);
        assert_eq!(Workspace::find(outer.path()), None);
    }

    #[test]
    fn a_workspace_that_lost_its_progress_file_is_found_by_the_backup() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(FOLDER)).unwrap();
        fs::write(root.path().join(FOLDER).join(store::BACKUP), "").unwrap();
        assert!(Workspace::find(root.path()).is_some());
    }
}
