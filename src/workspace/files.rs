//! The learner's files: read for grading, and put back with a copy kept.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::workbook::{Exercise, MAX_SOURCE};
use crate::workspace::disk::{self, Durable};
use crate::workspace::{Error, Workspace, stamp};

/// What a reset did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reset {
    /// The text is there; the learner's file is kept here.
    Saved(PathBuf),
    /// The file had this text already, and nothing was written.
    Unchanged,
    /// The file was missing; the text was written.
    WrittenAnew,
}

impl Workspace {
    /// The learner's source of an exercise.
    ///
    /// # Errors
    /// It is missing, no regular file, larger than [`MAX_SOURCE`], not UTF-8, or cannot be read.
    pub fn read_source(&self, exercise: &Exercise) -> Result<String, Error> {
        let path = self.path_of(exercise);
        let name = || exercise.name.clone();
        // Looked at before it is opened: opening a pipe would wait for somebody to write to it.
        match path.metadata() {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Err(Error::NotAFile { path, name: name() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::NoSource { path, name: name() });
            }
            Err(error) => return Err(Error::read(path)(error)),
        }
        let mut bytes = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(MAX_SOURCE + 1).read_to_end(&mut bytes));
        match read {
            Ok(length) if length as u64 > MAX_SOURCE => {
                Err(Error::TooLarge { path, name: name(), max: MAX_SOURCE })
            }
            Ok(_) => String::from_utf8(bytes)
                .map_err(|error| Error::NotText { path, at: error.utf8_error().valid_up_to() }),
            Err(error) => Err(Error::read(path)(error)),
        }
    }

    /// Puts the starter of an exercise back. The learner's file, whatever is in it, is first copied to
    /// `.tokiolings/backups/<chapter>/<name>.<time>.rs`; earlier copies stay.
    ///
    /// # Errors
    /// The copy or the starter cannot be written; the learner's file is as before then.
    pub fn reset(&self, exercise: &Exercise) -> Result<Reset, Error> {
        self.put_at(exercise, &exercise.starter, SystemTime::now())
    }

    /// Starts an exercise from the learner's own file of the one that it builds on: the task of this one, and below it the code of
    /// that one. The learner's file of this one is kept as by [`reset`](Self::reset).
    ///
    /// # Errors
    /// The file of the exercise before cannot be read, or those of [`reset`](Self::reset).
    pub fn go_on(&self, exercise: &Exercise, before: &Exercise) -> Result<Reset, Error> {
        let mine = self.read_source(before)?;
        let text = format!("{}{}", task_and_code(&exercise.starter).0, task_and_code(&mine).1);
        self.put_at(exercise, &text, SystemTime::now())
    }

    /// Where an exercise is solved once more, beside the learner's solved file.
    #[must_use]
    pub fn path_of_review(&self, exercise: &Exercise) -> PathBuf {
        self.root().join("review").join(format!("{}_again.rs", exercise.name))
    }

    /// Writes the starter of an exercise into the file in which it is solved once more. `Ok(false)`: there is one already.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn start_review(&self, exercise: &Exercise) -> Result<bool, Error> {
        let path = self.path_of_review(exercise);
        create_folder_of(&path)?;
        disk::create(&path, exercise.starter.as_bytes(), Durable::No).map_err(Error::write(path))
    }

    /// Takes that file away and keeps its text with the copies that [`reset`](Self::reset) makes.
    ///
    /// # Errors
    /// It cannot be read, copied or removed.
    pub fn end_review(&self, exercise: &Exercise) -> Result<PathBuf, Error> {
        let path = self.path_of_review(exercise);
        let content = fs::read(&path).map_err(Error::read(&path))?;
        let backup = self.back_up(exercise, &content, SystemTime::now())?;
        fs::remove_file(&path).map_err(Error::write(path))?;
        Ok(backup)
    }

    fn put_at(&self, exercise: &Exercise, text: &str, now: SystemTime) -> Result<Reset, Error> {
        let path = self.path_of(exercise);
        let text = text.as_bytes();
        let content = match path.metadata() {
            Ok(metadata) if metadata.is_file() => fs::read(&path).map_err(Error::read(&path))?,
            Ok(_) => return Err(Error::NotAFile { path, name: exercise.name.clone() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create_folder_of(&path)?;
                disk::replace(&path, text).map_err(Error::write(path))?;
                return Ok(Reset::WrittenAnew);
            }
            Err(error) => return Err(Error::read(path)(error)),
        };
        if content == text {
            return Ok(Reset::Unchanged);
        }
        let backup = self.back_up(exercise, &content, now)?;
        disk::replace(&path, text).map_err(Error::write(path))?;
        Ok(Reset::Saved(backup))
    }

    fn back_up(&self, exercise: &Exercise, content: &[u8], now: SystemTime) -> Result<PathBuf, Error> {
        let folder = self.folder().join("backups").join(&exercise.chapter);
        let (name, stamp) = (&exercise.name, stamp::for_file_name(now));
        let mut count = 1;
        loop {
            let path = folder.join(match count {
                1 => format!("{name}.{stamp}.rs"),
                _ => format!("{name}.{stamp}-{count}.rs"),
            });
            create_folder_of(&path)?;
            if disk::create(&path, content, Durable::Yes).map_err(Error::write(&path))? {
                return Ok(path);
            }
            count += 1;
        }
    }
}

/// The task on top of a file, with the blank lines behind it, and the code below it.
fn task_and_code(text: &str) -> (&str, &str) {
    let is_task = |line: &&str| line.trim_start().starts_with("//!") || line.trim().is_empty();
    text.split_at(text.split_inclusive('\n').take_while(is_task).map(str::len).sum())
}

fn create_folder_of(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(Error::folder(folder)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::workspace::fixture::{self, exercise, now};

    fn workspace() -> (TempDir, Workspace, Exercise) {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, _) = Workspace::init(folder.path(), &fixture::workbook()).unwrap();
        (folder, workspace, exercise("first", "01_one"))
    }

    #[test]
    fn a_reset_keeps_every_copy() {
        let (_folder, workspace, first) = workspace();
        let path = workspace.path_of(&first);
        assert_eq!(workspace.reset(&first).unwrap(), Reset::Unchanged);
        assert!(!workspace.folder().join("backups").exists());

        let backups = workspace.folder().join("backups/01_one");
        for (content, name) in [
            ("mine", "first.20010909T014640Z.rs"),
            ("mine too", "first.20010909T014640Z-2.rs"),
            ("and this", "first.20010909T014640Z-3.rs"),
        ] {
            fs::write(&path, content).unwrap();
            let backup = backups.join(name);
            assert_eq!(
                workspace.put_at(&first, &first.starter, now()).unwrap(),
                Reset::Saved(backup.clone())
            );
            assert_eq!(fs::read_to_string(&backup).unwrap(), content);
            assert_eq!(fs::read_to_string(&path).unwrap(), first.starter);
        }
        assert_eq!(fs::read_to_string(backups.join("first.20010909T014640Z.rs")).unwrap(), "mine");
    }

    #[test]
    fn a_missing_file_is_written_anew_with_its_folder() {
        let (_folder, workspace, first) = workspace();
        fs::remove_dir_all(workspace.root().join("exercises")).unwrap();
        assert_eq!(workspace.reset(&first).unwrap(), Reset::WrittenAnew);
        assert_eq!(workspace.read_source(&first).unwrap(), first.starter);
    }

    #[test]
    fn a_review_has_a_file_of_its_own_and_leaves_a_copy() {
        let (_folder, workspace, first) = workspace();
        fs::write(workspace.path_of(&first), "solved").unwrap();
        assert!(workspace.start_review(&first).unwrap());
        let path = workspace.path_of_review(&first);
        assert_eq!(fs::read_to_string(&path).unwrap(), first.starter);
        fs::write(&path, "solved again").unwrap();
        assert!(!workspace.start_review(&first).unwrap(), "what was begun stays");
        let backup = workspace.end_review(&first).unwrap();
        assert_eq!(fs::read_to_string(&backup).unwrap(), "solved again");
        assert!(!path.exists());
        assert_eq!(workspace.read_source(&first).unwrap(), "solved");
    }

    #[test]
    fn one_goes_on_with_the_code_of_the_step_before_below_the_task_of_this_one() {
        let (_folder, workspace, first) = workspace();
        let mut second = exercise("second", "02_two");
        second.starter = "//! The next task.\n//!\n//! More.\n\nfn reference() {}\n".to_owned();
        let mine = "\n//! The old task.\n\n// Mine.\nfn mine() {}\n//! no task\n";
        fs::write(workspace.path_of(&first), mine).unwrap();
        assert!(matches!(workspace.go_on(&second, &first).unwrap(), Reset::Saved(_)));
        let text = workspace.read_source(&second).unwrap();
        assert_eq!(text, "//! The next task.\n//!\n//! More.\n\n// Mine.\nfn mine() {}\n//! no task\n");
        assert_eq!(workspace.go_on(&second, &first).unwrap(), Reset::Unchanged);
        assert_eq!(
            workspace.read_source(&first).unwrap(),
            mine,
            "the file of the step before stays as it is"
        );
        fs::remove_file(workspace.path_of(&first)).unwrap();
        assert!(matches!(workspace.go_on(&second, &first), Err(Error::NoSource { .. })));
        assert_eq!(workspace.read_source(&second).unwrap(), text, "nothing is written without it");
    }

    #[test]
    fn what_cannot_be_graded_can_be_reset_and_is_kept() {
        let (_folder, workspace, first) = workspace();
        let path = workspace.path_of(&first);
        for content in [b"ab\xff".to_vec(), vec![b' '; MAX_SOURCE as usize + 1]] {
            fs::write(&path, &content).unwrap();
            workspace.read_source(&first).unwrap_err();
            let Reset::Saved(backup) = workspace.reset(&first).unwrap() else { panic!("not saved") };
            assert_eq!(fs::read(backup).unwrap(), content);
        }
    }

    #[test]
    fn a_copy_that_cannot_be_made_stops_the_reset() {
        let (_folder, workspace, first) = workspace();
        fs::write(workspace.path_of(&first), "mine").unwrap();
        fs::write(workspace.folder().join("backups"), "in the way").unwrap();
        assert!(matches!(workspace.reset(&first), Err(Error::Folder { .. })));
        assert_eq!(workspace.read_source(&first).unwrap(), "mine");
    }

    #[test]
    fn each_unreadable_source_is_named_with_its_way_out() {
        let (_folder, workspace, first) = workspace();
        let path = workspace.path_of(&first);
        let says = |part: &str| {
            let error = workspace.read_source(&first).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("read {}", path.display())) && error.contains(part),
                "{error}"
            );
        };
        fs::write(&path, vec![b' '; MAX_SOURCE as usize]).unwrap();
        assert!(workspace.read_source(&first).is_ok());
        fs::write(&path, vec![b' '; MAX_SOURCE as usize + 1]).unwrap();
        says("larger than 1048576 bytes");
        fs::write(&path, b"ab\xffcd").unwrap();
        says("byte 2 is not UTF-8");
        fs::remove_file(&path).unwrap();
        says("`tokiolings reset first` restores it");
        fs::create_dir(&path).unwrap();
        says("it is not a file");
        assert!(matches!(workspace.reset(&first), Err(Error::NotAFile { .. })));
    }
}
