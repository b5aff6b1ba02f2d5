//! What a grading carries with it through all its stages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Mutex, Semaphore};

use super::draws::Seed;
use super::leftovers::Leftovers;
use super::lost::LostPanics;
use super::options::Options;
use crate::grader::activity::Watcher;
use crate::grader::store::home::{Home, Slot};
use crate::grader::toolchain::Toolchain;
use crate::grader::toolchain::dependencies::{BUNDLE, Built};
use crate::system::compiler::c_libraries;
use crate::verdict::Broken;
use crate::workbook::Exercise;

/// What all gradings with the same dependencies share.
#[derive(Clone, Copy)]
pub(in crate::grader) struct Bench<'a> {
    pub(in crate::grader) toolchain: &'a Toolchain,
    pub(in crate::grader) dependencies: &'a Built,
    pub(in crate::grader) home: &'a Home,
    pub(in crate::grader) options: &'a Options,
    pub(in crate::grader) seed: Option<&'a Seed>,
    pub(in crate::grader) compilers: &'a Semaphore,
    pub(in crate::grader) tests: &'a Arc<Semaphore>,
    /// Held while implementations for learners' tests are compiled: once, for whoever needs them.
    pub(in crate::grader) implementations: &'a Mutex<()>,
    pub(in crate::grader) leftovers: &'a Leftovers,
    pub(in crate::grader) lost: &'a LostPanics,
}

/// Everything that one grading needs besides the text.
#[derive(Clone, Copy)]
pub(in crate::grader) struct Grading<'a> {
    pub(in crate::grader) bench: Bench<'a>,
    pub(in crate::grader) exercise: &'a Exercise,
    pub(in crate::grader) watch: Watcher<'a>,
}

impl Bench<'_> {
    /// A build folder. What is graded behind walls has folders of its own: nothing that ran without them wrote there.
    pub(in crate::grader) fn slot(&self, chapter: &str, exercise: &str) -> Result<Slot, Broken> {
        let id = &self.dependencies.id;
        match self.options.confinement {
            Some(_) => self.home.slot(&format!("{id}-walled"), chapter, exercise),
            None => self.home.slot(id, chapter, exercise),
        }
    }

    /// The folders in which a test program finds its shared libraries.
    pub(in crate::grader) fn shared_libraries(&self) -> Vec<PathBuf> {
        let Some(bundle) = self.dependencies.bundle.as_deref().and_then(Path::parent) else {
            return Vec::new();
        };
        let of_toolchain =
            [self.toolchain.libraries()].into_iter().chain(c_libraries(&self.toolchain.sysroot));
        [bundle.to_owned()].into_iter().chain(of_toolchain).collect()
    }

    /// A program that is linked against the shared library of the dependencies, where there is one.
    pub(in crate::grader) fn bundled(&self, program: &str) -> String {
        match &self.dependencies.bundle {
            // Without a mention the compiler would not look at it, and link every crate by itself.
            Some(_) => format!("{program}extern crate {BUNDLE} as _;\n"),
            None => program.to_owned(),
        }
    }
}
