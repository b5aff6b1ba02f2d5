//! A whole cohort: who is where, re-graded from source, as one table.
//!
//! [`Roster`] says who belongs to it; [`scan`] reads what lies in their folders; [`grade`] grades each distinct text once,
//! with a [`Journal`] that outlives a kill; [`merge`] joins the shares of several machines. What comes out is a
//! [`Cohort`], a value; each format is a function of it.

mod csv;
mod edition;
mod graded;
mod help;
mod journal;
mod merge;
mod model;
mod order;
mod page;
mod partition;
mod roster;
mod run;
mod scan;
mod since;
mod summary;
mod trouble;
mod wire;

#[cfg(test)]
mod sample;

use std::io;
use std::path::PathBuf;

use crate::verdict::Broken;

pub use csv::write_csv;
pub use edition::edition;
pub use help::{Help, Reason, help};
pub use journal::{Header, Journal, Opened};
pub use merge::{Part, merge};
pub use model::{Cell, Claim, Cohort, Column, Found, Graded, Learner, Run, Said, Share, Standing, Tested};
pub use page::write_page;
pub use partition::{Costs, Partition, costs};
pub use roster::{Place, Roster};
pub use run::{Grading, columns, grade};
pub use scan::{Scanned, Text, scan};
pub use since::{Change, Since, comparable, since};
pub use summary::summary;
pub use trouble::{Day, Trouble, timeline, trouble};
pub use wire::{SCHEMA, read_json, write_json};

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
    #[error("find a learner: {} has no sub-folder; each learner's workspace is one", .0.display())]
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
    #[error("go on with {}: {what}; delete it to start over, or name another file with --state", .path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// Another run writes to the journal.
    #[error("go on with {}: another run of this cohort is at work; wait for it, or stop it", .0.display())]
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
