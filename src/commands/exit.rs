//! Exit codes and failures.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use thiserror::Error;

use crate::author::new;
use crate::book;
use crate::grader::{HomeError, SeedError};
use crate::report::cohort;
use crate::verdict::{Kind, Verdict};
use crate::watch;
use crate::workbook::Faults;
use crate::workspace;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All passed, or there was nothing to pass.
    Success,
    /// Something is not solved.
    NotSolved,
    /// The command line or the workbook is wrong.
    Usage,
    /// The machine lacks something.
    Broken,
    /// Stopped by this signal.
    Stopped(u8),
}

impl Exit {
    /// The worst of several verdicts: what the machine lacks comes before what a learner has not solved.
    pub(super) fn of<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Self {
        verdicts.into_iter().fold(Self::Success, |exit, verdict| match verdict.kind {
            Kind::Passed => exit,
            Kind::Broken => Self::Broken,
            _ if exit == Self::Broken => exit,
            _ => Self::NotSolved,
        })
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::NotSolved => 1,
            Exit::Usage => 2,
            Exit::Broken => 3,
            // As shells report it.
            Exit::Stopped(signal) => 128 + signal,
        })
    }
}

/// Why a command could not be carried out. Each completes "failed to …".
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Workbook(#[from] Faults),
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error(transparent)]
    Watch(#[from] watch::Error),
    #[error(transparent)]
    New(#[from] new::Error),
    #[error(transparent)]
    Cohort(#[from] cohort::Error),
    #[error(transparent)]
    Book(#[from] book::Error),
    #[error("find a workspace: there is none in {} or above it; run `tokiolings` to set one up", .0.display())]
    NoWorkspace(PathBuf),
    #[error(
        "find `{name}`: the workbook has no step of that name{hint}; `tokiolings list` shows all of them"
    )]
    NoStep { name: String, hint: String },
    #[error(
        "start `{0}` from your own code: it does not build on another exercise; `tokiolings reset {0}` puts its \
         starter back"
    )]
    NoStepBefore(String),
    #[error("write to standard output: {0}; free some space, or write elsewhere, and run it again")]
    Output(String),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Machine(String),
}

impl Failure {
    pub(super) fn runtime(error: std::io::Error) -> Self {
        Self::Machine(format!("start: the system does not give the runtime what it needs: {error}"))
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Workbook(_)
            | Self::NoWorkspace(_)
            | Self::NoStep { .. }
            | Self::NoStepBefore(_)
            | Self::Seed(_)
            | Self::Usage(_) => Exit::Usage,
            Self::New(error) => match error {
                new::Error::Write { .. } => Exit::Broken,
                _ => Exit::Usage,
            },
            Self::Cohort(error) => {
                if error.is_machines() {
                    Exit::Broken
                } else {
                    Exit::Usage
                }
            }
            Self::Book(error) => {
                if error.is_machines() {
                    Exit::Broken
                } else {
                    Exit::Usage
                }
            }
            Self::Workspace(workspace::Error::Origin { .. } | workspace::Error::Member { .. }) => Exit::Usage,
            Self::Workspace(_) | Self::Watch(_) | Self::Home(_) | Self::Output(_) | Self::Machine(_) => {
                Exit::Broken
            }
        }
    }

    /// Prints it with its causes.
    pub(super) fn report(&self) {
        // With standard error gone there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "tokiolings: {}", self.text());
    }

    /// It with its causes, on one line.
    pub(super) fn text(&self) -> String {
        let mut text = format!("failed to {self}");
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    }
}
