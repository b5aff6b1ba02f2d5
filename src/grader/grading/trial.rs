//! A learner's tests, made ready to be run against implementations that the learner does not see.
//!
//! Each implementation is a crate of its own, compiled once and kept: nothing of a learner's is in it. The learner's file is
//! compiled in as many copies as there are implementations, in one crate without testkit. The names that tell the copies apart
//! are new for each text, as are the names of what they import, so that a text cannot know which one it is in.

use std::path::PathBuf;

use futures_util::future::join_all;

use crate::grader::bench::Grading;
use crate::grader::bench::draws::Seed;
use crate::grader::bench::layout::{COPY, COPY_DIGITS, IMPLEMENTATIONS, LIBRARY, TRIAL, TRIAL_FILE};
use crate::grader::compile::controlled;
use crate::grader::compile::rustc::Linked;
use crate::grader::store::files;
use crate::grader::store::home::Slot;
use crate::verdict::{Broken, CompileEnd, Compiled};
use crate::workbook::{Exercise, FileCopy, HiddenTest, LearnersTests};

/// Copies of a learner's file, compiled, and the program that runs their tests.
pub(super) struct Trial {
    pub(super) compiled: Compiled,
    /// What that program is compiled against.
    pub(super) linked: Linked,
    pub(super) program: String,
}

/// Compiles the copies in this build folder.
pub(super) async fn compile(
    grading: &Grading<'_>,
    slot: &Slot,
    learners: &LearnersTests,
    seed: Option<&Seed>,
) -> Result<Trial, Broken> {
    let Grading { bench, exercise, .. } = grading;
    let folder = implementations(grading).await?;
    let subject = exercise.subject.as_deref().unwrap_or_default();
    let mut copies = Vec::new();
    for test in exercise.hidden.tests() {
        let module = name(seed, test)?;
        let file = format!("{module}/{}", exercise.path());
        copies.push((module, file, test));
    }
    // Their order tells nothing either.
    copies.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let place = slot.root.join(TRIAL);
    files::remove(&place)?;
    let mut linked = Vec::new();
    for (module, file, test) in &copies {
        files::write(&place.join(file), &learners.copy(module))?;
        let library = folder.join(format!("lib{subject}-{}.rlib", test.name));
        linked.push(Linked { name: module.clone(), library, beside: None });
    }
    let listed: Vec<FileCopy<'_>> =
        copies.iter().map(|(module, file, _)| FileCopy { module, file }).collect();
    files::write(&place.join(TRIAL_FILE), &learners.library(&listed))?;
    let said = controlled::trial(bench, &slot.root, exercise, &linked).await?;
    let names: Vec<(&str, &str)> =
        copies.iter().map(|(module, _, test)| (test.name.as_str(), module.as_str())).collect();
    Ok(Trial {
        compiled: said.of_trial(subject),
        linked: Linked { name: "exercise".to_owned(), library: place.join(LIBRARY), beside: Some(folder) },
        program: LearnersTests::program(&names),
    })
}

/// A name for a copy, which nobody can know before the text is written.
fn name(seed: Option<&Seed>, test: &HiddenTest) -> Result<String, Broken> {
    let number = seed.map_or_else(getrandom::u64, |seed| Ok(seed.of_test(&test.name)));
    let number = number.map_err(|error| Broken {
        problem: format!("the system provides no random numbers: {error}"),
        remedy: "try again; if that does not help, restart the machine".to_owned(),
    })?;
    Ok(format!("{COPY}{number:0COPY_DIGITS$x}"))
}

/// Written when all of them are compiled.
const WHOLE: &str = "whole";

/// The folder of the compiled implementations of an exercise.
async fn implementations(grading: &Grading<'_>) -> Result<PathBuf, Broken> {
    let Grading { bench, exercise, .. } = grading;
    let id = blake3::hash(format!("{:?}\n{}", exercise.subject, exercise.hidden.source).as_bytes());
    let _turn = bench.implementations.lock().await;
    // Whoever writes there has it alone. What is whole is only read.
    let slot = bench.slot(IMPLEMENTATIONS, &id.to_hex()[..16])?;
    let folder = slot.root.join(IMPLEMENTATIONS);
    if folder.join(WHOLE).is_file() {
        return Ok(folder);
    }
    let tests = exercise.hidden.tests().iter();
    let compiled =
        join_all(tests.clone().map(|test| controlled::implementation(bench, &slot.root, exercise, test)))
            .await;
    for (test, said) in tests.zip(compiled) {
        let said = said?;
        if said.end != CompileEnd::Succeeded {
            return Err(unusable(exercise, test, &said.complaint()));
        }
    }
    files::write(&folder.join(WHOLE), "")?;
    Ok(folder)
}

/// An implementation that does not compile: nothing that a learner could mend.
fn unusable(exercise: &Exercise, test: &HiddenTest, complaint: &str) -> Broken {
    let Exercise { chapter, name, .. } = exercise;
    Broken {
        problem: format!("tests/mutants/{chapter}/{name}: `{}` does not compile: {complaint}", test.name),
        remedy: "the author of this workbook has to fix it".to_owned(),
    }
}
