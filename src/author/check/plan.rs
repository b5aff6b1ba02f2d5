//! What there is to check, and what is found in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::finding::{Finding, Rule};
use super::graded::{Graded, Graders};
use super::order::{Hear, Times};
use super::predicted::{self, Predicted};
use super::report::Report;
use super::subject::{Subject, Unreadable};
use super::{grading, texts};
use crate::workbook::{Faults, Step, Workbook, readable_answers};

/// What there is to check, and what was found without grading anything.
pub struct Plan {
    root: PathBuf,
    workbook: Option<Arc<Workbook>>,
    pub(super) subjects: Vec<Subject>,
    predictions: Vec<Predicted>,
    pub(super) findings: Vec<Finding>,
}

impl Plan {
    /// Reads the workbook in a folder, and looks at the exercises and predictions of these names, or at everything if none is named.
    ///
    /// # Errors
    /// A name that none of them has.
    pub fn read(root: &Path, names: &[String]) -> Result<Self, NoExercise> {
        let (workbook, Faults(faults)) = Workbook::survey(root);
        let mut plan = Self {
            root: root.to_owned(),
            workbook: workbook.map(Arc::new),
            subjects: Vec::new(),
            predictions: Vec::new(),
            findings: Vec::new(),
        };
        if let Some(workbook) = plan.workbook.clone() {
            let known = || workbook.steps().map(|(_, step)| step).filter(|step| can_be_checked(step));
            let missing = names.iter().find(|name| !known().any(|other| other.name() == **name));
            // A name may be missing because its chapter cannot be read.
            if let Some(missing) = missing.filter(|_| faults.is_empty()) {
                let known = known().map(|step| step.name().to_owned()).collect();
                return Err(NoExercise { name: missing.clone(), known });
            }
            plan.look(&workbook, names, &faults);
        }
        let of_format = faults.into_iter().map(|fault| {
            let exercise = plan.subjects.iter().find(|subject| subject.owns(&fault.file));
            let exercise = exercise.map(|subject| subject.exercise.name.clone());
            Finding { fault, rule: Rule::Format, exercise }
        });
        let of_format: Vec<Finding> = of_format.collect();
        plan.findings.extend(of_format);
        Ok(plan)
    }

    fn look(&mut self, workbook: &Workbook, names: &[String], faults: &[crate::workbook::Fault]) {
        let manifests = texts::manifests(&self.root, workbook);
        for exercise in workbook.exercises() {
            if !names.is_empty() && !names.contains(&exercise.name) {
                continue;
            }
            let (manifest, places) = &manifests[&exercise.chapter];
            let mut subject = Subject {
                exercise: Arc::clone(exercise),
                answers: readable_answers(&self.root, exercise),
                place: places.of(&exercise.name),
                gradable: true,
                unreadable: Unreadable::default(),
            };
            subject.gradable = !faults.iter().any(|fault| subject.is_spoilt_by(&fault.file));
            let faulty: BTreeSet<&str> =
                faults.iter().map(|fault| fault.file.as_str()).filter(|file| subject.owns(file)).collect();
            let below = |folder: &str| faulty.iter().filter(|file| file.starts_with(folder)).count();
            subject.unreadable = Unreadable { right: below("tests/right/"), wrong: below("tests/wrong/") };
            self.findings.extend(texts::of_exercise(&subject, manifest));
            self.subjects.push(subject);
        }
        for (chapter, step) in workbook.steps() {
            let Some(quiz) = step.as_quiz().filter(|quiz| names.is_empty() || names.contains(&quiz.name))
            else {
                continue;
            };
            let manifest = format!("exercises/{}/chapter.toml", chapter.id);
            let program = quiz.program_path();
            // What cannot be read has been told.
            let spoilt = |file: &str| {
                file == manifest
                    || Some(file) == program.as_deref()
                    || file.starts_with("exercises/workbook.")
            };
            if !faults.iter().any(|fault| spoilt(&fault.file)) {
                self.predictions.extend(Predicted::of(quiz, manifests[&chapter.id].1.of_quiz(&quiz.name)));
            }
        }
        let chosen = workbook.steps().filter(|(_, step)| names.iter().any(|name| name == step.name()));
        let chapters: Vec<&str> = chosen.map(|(chapter, _)| chapter.id.as_str()).collect();
        let chapters = (!names.is_empty()).then_some(chapters.as_slice());
        self.findings.extend(texts::of_pages(&self.root, workbook, chapters));
        self.findings.extend(texts::of_quizzes(workbook, &manifests, chapters, faults));
    }

    /// The workbook, as far as it can be read.
    #[must_use]
    pub fn workbook(&self) -> Option<&Arc<Workbook>> {
        self.workbook.as_ref()
    }

    /// How many gradings, or steps as long as one, there are to do.
    #[must_use]
    pub fn work(&self, times: Times) -> usize {
        grading::work(&self.subjects, times) + predicted::work(&self.predictions)
    }

    /// Grades everything.
    pub async fn grade(self, graders: &Graders, times: Times, hear: &Hear<'_>) -> Report {
        let mut graded = grading::grade(&self.root, &self.subjects, graders, times, hear).await;
        predicted::run(&self.root, &self.predictions, graders, times, hear, &mut graded).await;
        self.conclude(graded, times)
    }

    /// What was found without grading anything.
    #[must_use]
    pub fn ungraded(self) -> Report {
        self.conclude(Graded::default(), Times::default())
    }

    fn conclude(self, graded: Graded, times: Times) -> Report {
        let Self { subjects, predictions, mut findings, .. } = self;
        findings.extend(graded.findings);
        findings.sort();
        findings.dedup();
        Report::new(&subjects, predictions.len(), findings, &graded.slowest, graded.broken, times)
    }
}

/// Whether a check of it alone has something to run.
fn can_be_checked(step: &Step) -> bool {
    step.as_quiz().is_none_or(|quiz| quiz.prediction.is_some())
}

/// There is no exercise of that name, and no prediction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoExercise {
    /// The name.
    pub name: String,
    /// Those that there are.
    pub known: Vec<String>,
}
