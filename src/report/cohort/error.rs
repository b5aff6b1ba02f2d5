//! What can be wrong with a cohort.

use std::io;
use std::path::PathBuf;

use crate::verdict::Broken;

/// Why a cohort could not be graded, read or merged. Each completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder of the learners' folders cannot be listed.
    #[error("list the learners in {}", .path.display())]
    List {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is nobody.
    #[error("find a learner: {} has no sub-folders; each learner's workspace has to be one", .0.display())]
    Nobody(PathBuf),
    /// The roster is wrong.
    #[error("read the roster {}:\n  {}", .path.display(), .problems.join("\n  "))]
    Roster {
        /// The file.
        path: PathBuf,
        /// All that is wrong with it.
        problems: Vec<String>,
    },
    /// A file cannot be read.
    #[error("read {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("read {} as a cohort: {problem}", .path.display())]
    NoCohort {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A file cannot be written.
    #[error("write {}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The journal is of another run.
    #[error("continue with {}: {what}; delete it to start over, or name another file with --state", .path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Another run writes to the journal.
    #[error("continue with {}: another run of this cohort is in progress; wait for it, or stop it", .0.display())]
    Busy(PathBuf),
    /// The machine lacks something.
    #[error("grade: {}; {}", .0.problem, .0.remedy)]
    Machine(Broken),
    /// Files that cannot be merged.
    #[error("merge:\n  {}", .0.join("\n  "))]
    Merge(Vec<String>),
}

impl Error {
    /// Whether the machine is to blame, and not what was asked.
    #[must_use]
    pub fn is_machines(&self) -> bool {
        matches!(self, Self::Write { .. } | Self::Machine(_) | Self::Busy(_))
    }
}
