//! What there is to check, and what is found in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::finding::{Finding, Rule};
use super::graded::{Graded, Graders};
use super::order::{Hear, Times};
use super::report::Report;
use super::subject::{Subject, Unreadable};
use super::{grading, texts};
use crate::workbook::{Faults, Workbook, readable_answers};

/// What there is to check, and what was found without grading anything.
pub struct Plan {
    root: PathBuf,
    workbook: Option<Arc<Workbook>>,
    pub(super) subjects: Vec<Subject>,
    pub(super) findings: Vec<Finding>,
}

impl Plan {
    /// Reads the workbook in a folder, and looks at the exercises of these names, or at everything if none is named.
    ///
    /// # Errors
    /// A name that no exercise has.
    pub fn read(root: &Path, names: &[String]) -> Result<Self, NoExercise> {
        let (workbook, Faults(faults)) = Workbook::survey(root);
        let mut plan = Self {
            root: root.to_owned(),
            workbook: workbook.map(Arc::new),
            subjects: Vec::new(),
            findings: Vec::new(),
        };
        if let Some(workbook) = plan.workbook.clone() {
            let missing = names.iter().find(|name| !workbook.exercises().any(|other| other.name == **name));
            // A name may be missing because its chapter cannot be read.
            if let Some(missing) = missing.filter(|_| faults.is_empty()) {
                let known = workbook.exercises().map(|exercise| exercise.name.clone()).collect();
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
        let chapters: Vec<&str> =
            self.subjects.iter().map(|subject| subject.exercise.chapter.as_str()).collect();
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
        grading::work(&self.subjects, times)
    }

    /// Grades everything.
    pub async fn grade(self, graders: &Graders, times: Times, hear: &Hear<'_>) -> Report {
        let graded = grading::grade(&self.root, &self.subjects, graders, times, hear).await;
        self.conclude(graded, times)
    }

    /// What was found without grading anything.
    #[must_use]
    pub fn ungraded(self) -> Report {
        self.conclude(Graded::default(), Times::default())
    }

    fn conclude(self, graded: Graded, times: Times) -> Report {
        let Self { subjects, mut findings, .. } = self;
        findings.extend(graded.findings);
        findings.sort();
        findings.dedup();
        Report::new(&subjects, findings, &graded.slowest, graded.broken, times)
    }
}

/// There is no exercise of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoExercise {
    /// The name.
    pub name: String,
    /// Those that there are.
    pub known: Vec<String>,
}
