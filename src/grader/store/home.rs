//! Where the grader keeps what it builds: `$TOKIOLINGS_HOME`, or a folder in the user's cache folder.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use thiserror::Error;

use crate::system::paths;
use crate::verdict::Broken;

/// The grader's own folder. Everything in it can be deleted at any time between gradings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

/// Why there is no [`Home`].
#[derive(Debug, Error)]
pub enum HomeError {
    /// The system names no home folder.
    #[error(
        "find a folder for compiled dependencies: your home folder is unknown; set TOKIOLINGS_HOME to a writable \
         folder"
    )]
    Unknown,
}

/// A build folder that belongs to this process alone until it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) root: PathBuf,
    _lock: File,
}

/// The environment variable that names another folder.
pub(crate) const HOME_VARIABLE: &str = "TOKIOLINGS_HOME";

impl Home {
    /// The folder that the environment asks for.
    ///
    /// # Errors
    /// When neither the variable nor a home folder is set.
    pub fn from_environment() -> Result<Self, HomeError> {
        if let Some(root) = std::env::var_os(HOME_VARIABLE).filter(|root| !root.is_empty()) {
            let root = PathBuf::from(root);
            return Ok(Self::at(std::path::absolute(&root).unwrap_or(root)));
        }
        let strategy = etcetera::choose_base_strategy().map_err(|_| HomeError::Unknown)?;
        Ok(Self::at(strategy.cache_dir().join("tokiolings")))
    }

    /// That folder; it is created when it is needed.
    #[must_use]
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// A folder below it, created.
    pub(crate) fn folder(&self, below: &str) -> Result<PathBuf, Broken> {
        let path = paths::below(&self.root, below);
        fs::create_dir_all(&path).map_err(|error| unwritable(&path, &error))?;
        Ok(path)
    }

    /// A build folder for `exercise` that no other grading uses at the same time. The compiler's incremental state
    /// stays in it from one grading to the next, so there are only as many as were ever needed at once.
    pub(crate) fn slot(&self, dependencies: &str, chapter: &str, exercise: &str) -> Result<Slot, Broken> {
        let parent = self.folder(&format!("builds/{dependencies}/{chapter}/{exercise}"))?;
        for number in 0.. {
            let root = parent.join(number.to_string());
            fs::create_dir_all(&root).map_err(|error| unwritable(&root, &error))?;
            let path = root.join("lock");
            let lock = to_lock(&path).map_err(|error| unwritable(&path, &error))?;
            match lock.try_lock() {
                Ok(()) => return Ok(Slot { root, _lock: lock }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(unwritable(&path, &error)),
            }
        }
        unreachable!("one of infinitely many slots is free")
    }
}

/// A file to be locked. It is not cut: who holds the lock of a file may be the only one that the system lets write it.
pub(crate) fn to_lock(path: &Path) -> std::io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(path)
}

/// The verdict of a folder that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Broken {
    use std::io::ErrorKind;
    let remedy = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space there".to_owned(),
        _ => format!("make it writable, or set {HOME_VARIABLE} to a folder that is"),
    };
    Broken { problem: format!("cannot write {}: {error}", path.display()), remedy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::Workbook;

    #[test]
    fn two_gradings_at_once_get_two_slots_and_give_them_back() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().to_owned());
        let first = home.slot("d", "c", "e").unwrap();
        let second = home.slot("d", "c", "e").unwrap();
        assert_ne!(first.root, second.root);
        let (kept, freed) = (second.root.clone(), first.root.clone());
        drop(first);
        assert_eq!(home.slot("d", "c", "e").unwrap().root, freed);
        assert!(kept.exists());
    }

    /// rustc and the standard library take longer paths by themselves. Linkers do not, and no process starts in such a folder.
    #[test]
    fn build_folders_fit_into_the_paths_that_windows_linkers_take() {
        const MOST: usize = 259;
        // `C:\Users\`, a name of 20 characters, which is the longest, and `\AppData\Local\tokiolings\`.
        const HOME: usize = 9 + 20 + 26;
        // An object file on its way to the linker.
        const FILE: &str = "hidden/hidden_tests.2c3x1k39o3y85txi1nqpcwu81.0ifdbxo.rcgu.o";
        let workbook = Workbook::builtin().unwrap();
        for exercise in workbook.exercises() {
            let folder = format!("builds/0123456789abcdef/{}/{}/99/", exercise.chapter, exercise.name);
            let length = HOME + folder.len() + FILE.len();
            // Other people's workbooks may have longer names.
            assert!(length + 60 < MOST, "{folder}: {length}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_broken_with_a_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let broken = Home::at(file.join("below")).slot("d", "c", "e").unwrap_err();
        assert!(broken.remedy.contains(HOME_VARIABLE), "{broken:?}");
    }
}
