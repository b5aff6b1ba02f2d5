//! A compiled program of a grading, as a child.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::grader::bench::Grading;
use crate::grader::bench::layout::TESTS;
use crate::grader::child::environment;
use crate::grader::child::process::Spec;
use crate::grader::child::proof::{Bounds, Company};
use crate::grader::store::home::unwritable;
use crate::grader::store::scratch::Scratch;
use crate::grader::walls::{self, Enclosure, Limits, Walls};
use crate::system::compiler::find_libraries;
use crate::verdict::Broken;

/// How long every thread of a test must have been asleep, with nobody to wake it.
const ASLEEP: Duration = Duration::from_millis(300);

/// How long a learner's own tests may sleep in real time, on one implementation.
const CLOCK: Duration = Duration::from_secs(2);

/// What a program of this grading that hangs is told by, beside the others of its submission.
pub(super) fn bounds(grading: &Grading<'_>, company: &Arc<Company>) -> Bounds {
    let exercise = grading.exercise;
    let clock = exercise.subject.as_ref().map(|_| CLOCK);
    Bounds { cpu: exercise.cpu, asleep: ASLEEP, clock, phase: Arc::default(), company: Arc::clone(company) }
}

/// A compiled program of this grading as a child, without walls.
pub(super) fn child(grading: &Grading<'_>, binary: &Path, folder: &Path, bounds: Bounds) -> Spec {
    let mut env = environment::test(folder);
    find_libraries(&grading.bench.shared_libraries(), &mut env);
    Spec {
        program: binary.into(),
        env,
        cwd: folder.to_owned(),
        merged: true,
        limit: grading.exercise.limit,
        bounds: Some(bounds),
        ..Spec::default()
    }
}

/// What a child of this grading may do behind walls, with programs in `execute` and a folder of its own; if there are any.
pub(super) fn enclosure(grading: &Grading<'_>, execute: &Path, folder: &Path) -> Option<Enclosure> {
    let confinement = grading.bench.options.confinement.as_ref()?;
    let programs = walls::loaders().into_iter().chain([execute.to_owned()]).collect();
    let mut read = walls::system_libraries();
    read.extend(grading.bench.shared_libraries());
    Some(confinement.enclosure(&Walls {
        folder: folder.to_owned(),
        read,
        execute: programs,
        write: Vec::new(),
        scratch: folder.to_owned(),
        links: Vec::new(),
        copies: Vec::new(),
        loopback: true,
        children: false,
        limits: Limits::test(bounds(grading, &Arc::default()).net()),
    }))
}

/// Walls for the tests of one program, which may be built before it is.
pub(in crate::grader) struct TestWalls {
    enclosure: Enclosure,
    /// Empty, and only a place: each test has something else there.
    folder: Scratch,
}

impl TestWalls {
    /// Walls for tests in the build folder `slot`, if there are any.
    pub(in crate::grader) fn new(grading: &Grading<'_>, slot: &Path) -> Result<Option<Self>, Broken> {
        let Some(confinement) = &grading.bench.options.confinement else { return Ok(None) };
        let programs = slot.join(TESTS);
        std::fs::create_dir_all(&programs)
            .and_then(|()| confinement.let_in(&programs))
            .map_err(|error| unwritable(&programs, &error))?;
        let folder = Scratch::new(slot)?;
        Ok(enclosure(grading, &programs, folder.path()).map(|enclosure| Self { enclosure, folder }))
    }

    /// Does something that takes a while, and meanwhile has walls built for so many tests.
    pub(in crate::grader) async fn building_ahead<T>(
        &self,
        count: usize,
        work: impl Future<Output = T>,
    ) -> T {
        self.enclosure.building_ahead(count, work).await
    }

    /// Where each test has a folder of its own.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A test behind its walls.
    pub(super) fn enclose(&self, spec: Spec) -> Spec {
        self.enclosure.enclose(spec)
    }
}
