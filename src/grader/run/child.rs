//! A compiled program of a grading, as a child.

use std::path::Path;

use crate::grader::bench::Grading;
use crate::grader::child::environment;
use crate::grader::child::process::Spec;
use crate::grader::walls::{self, Limits, Walls};
use crate::system::compiler::find_libraries;

/// A compiled program of this grading as a child, behind walls if there are any.
pub(super) fn child(grading: &Grading<'_>, binary: &Path, folder: &Path) -> Spec {
    let mut env = environment::test(folder);
    find_libraries(&grading.bench.shared_libraries(), &mut env);
    let spec = Spec {
        program: binary.into(),
        env,
        cwd: folder.to_owned(),
        merged: true,
        limit: grading.exercise.limit,
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
        loopback: true,
        children: false,
        limits: Limits::test(grading.exercise.limit.as_secs()),
    };
    confinement.enclose(&walls, spec)
}
