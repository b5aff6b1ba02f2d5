//! A compiled program of a grading, as a child.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::grader::bench::Grading;
use crate::grader::child::environment;
use crate::grader::child::process::Spec;
use crate::grader::child::proof::{Bounds, Company};
use crate::grader::walls::{self, Limits, Walls};
use crate::system::compiler::find_libraries;

/// How long every thread of a test must have been asleep, with nobody to wake it.
const ASLEEP: Duration = Duration::from_millis(300);

/// What a program of this grading that hangs is told by, beside the others of its submission.
pub(super) fn bounds(grading: &Grading<'_>, company: &Arc<Company>) -> Bounds {
    Bounds { cpu: grading.exercise.cpu, asleep: ASLEEP, phase: Arc::default(), company: Arc::clone(company) }
}

/// A compiled program of this grading as a child, behind walls if there are any.
pub(super) fn child(grading: &Grading<'_>, binary: &Path, folder: &Path, bounds: Bounds) -> Spec {
    let net = bounds.net();
    let mut env = environment::test(folder);
    find_libraries(&grading.bench.shared_libraries(), &mut env);
    let spec = Spec {
        program: binary.into(),
        env,
        cwd: folder.to_owned(),
        merged: true,
        limit: grading.exercise.limit,
        bounds: Some(bounds),
        ..Spec::default()
    };
    let Some(confinement) = &grading.bench.options.confinement else { return spec };
    let mut execute = walls::loaders();
    execute.push(binary.to_owned());
    let mut read = walls::system_libraries();
    read.extend(grading.bench.shared_libraries());
    let walls = Walls {
        folder: folder.to_owned(),
        read,
        execute,
        write: Vec::new(),
        scratch: folder.to_owned(),
        links: Vec::new(),
        copies: Vec::new(),
        loopback: true,
        children: false,
        limits: Limits::test(net),
    };
    confinement.enclose(&walls, spec)
}
