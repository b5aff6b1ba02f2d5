//! What can go wrong in a learner's folder, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Each completes "failed to …", names its path, and says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder could not be made.
    #[error("create the folder {path}{}", next_step(source))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written. What was there before is still there.
    #[error("write {path}{}", next_step(source))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is there and could not be read.
    #[error("read {path}{}", next_step(source))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something stands in a file's place that is not opened, or not opened for this user.
    #[error(
        "read {path}: it {why}; replace it with an ordinary file that you can read, or move it away, and try again"
    )]
    Odd {
        /// What stands there.
        path: PathBuf,
        /// Why it is not read; completes "it …".
        why: String,
    },
    /// The learner's file of an exercise is gone.
    #[error("read {path}: it does not exist; `tokiolings reset {name}` restores it")]
    NoSource {
        /// The file.
        path: PathBuf,
        /// The exercise.
        name: String,
    },
    /// A folder, a device or the like stands where a file should.
    #[error("read {path}: it is not a file; move it away, then run `tokiolings reset {name}`")]
    NotAFile {
        /// What stands there.
        path: PathBuf,
        /// The exercise.
        name: String,
    },
    /// The learner's file is not text.
    #[error("read {path}: byte {at} is not UTF-8; save the file as UTF-8 in your editor")]
    NotText {
        /// The file.
        path: PathBuf,
        /// Offset of the first bad byte, from 0.
        at: usize,
    },
    /// The learner's file is larger than any answer.
    #[error(
        "read {path}: it is larger than {max} bytes, so it cannot be an answer; `tokiolings reset {name}` keeps a copy of it and starts over"
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The exercise.
        name: String,
        /// The largest size that is read, in bytes.
        max: u64,
    },
    /// Neither the progress file nor its backup can be used. Both stay as they are.
    #[error(
        "read your progress: {main} {main_problem}, and its backup {backup} {backup_problem}; restore either of them \
         (from git, say), or move both away and run `tokiolings init`, then `tokiolings check` to find out again \
         what you have solved"
    )]
    Damaged {
        /// The progress file.
        main: PathBuf,
        /// What is wrong with it.
        main_problem: String,
        /// The copy of the one before it.
        backup: PathBuf,
        /// What is wrong with it.
        backup_problem: String,
    },
    /// A Cargo workspace would take the new folder in, and could not be loaded any more. Nothing was written.
    #[error(
        "set up {path}: {manifest} would treat it as a member of its Cargo workspace, because of `{member}`, and \
         could not be loaded any more; {remedy}, or set up a folder elsewhere with `tokiolings init DIR`"
    )]
    Member {
        /// The folder.
        path: PathBuf,
        /// The manifest of the Cargo workspace.
        manifest: PathBuf,
        /// The entry of its members that matches.
        member: String,
        /// What to write there.
        remedy: String,
    },
    /// The note of the workbook that the workspace is for cannot be read.
    #[error(
        "read {path}:{line}: {problem}; delete that file, then name the workbook once: `tokiolings --workbook DIR`, or `tokiolings init` for the built-in one"
    )]
    Origin {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A newer `tokiolings` wrote the progress file.
    #[error(
        "read {path}: it has schema version {found}, but this tokiolings knows versions up to {known}; install a \
         newer tokiolings"
    )]
    Newer {
        /// The progress file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version that this program reads.
        known: i64,
    },
}

impl Error {
    pub(super) fn folder(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Folder { path, source }
    }

    pub(super) fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Write { path, source }
    }

    pub(super) fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Read { path, source }
    }
}

/// The way out of an I/O error, for those that a learner meets.
fn next_step(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            " (you do not have permission: change that, or set up your own folder with `tokiolings init DIR`)"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            " (the disk is read-only: set up a folder elsewhere with `tokiolings init DIR`)"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            " (there is no space left: free some and try again; nothing is lost)"
        }
        io::ErrorKind::NotFound => " (its folder is missing: `tokiolings init` restores it)",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            " (there is a file where a folder should be: move it away and try again)"
        }
        io::ErrorKind::IsADirectory => {
            " (there is a folder where a file should be: move it away and try again)"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_path_and_the_way_out() {
        let say = |kind: io::ErrorKind| Error::write("a/b.toml")(kind.into()).to_string();
        for kind in [
            io::ErrorKind::PermissionDenied,
            io::ErrorKind::ReadOnlyFilesystem,
            io::ErrorKind::StorageFull,
            io::ErrorKind::QuotaExceeded,
            io::ErrorKind::NotFound,
        ] {
            let said = say(kind);
            assert!(said.starts_with("write a/b.toml ("), "{said}");
        }
        assert_eq!(say(io::ErrorKind::Interrupted), "write a/b.toml");
    }
}
