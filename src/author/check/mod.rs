//! `author check`: everything that an exercise must hold up to before a learner meets it, all faults in one run.
//!
//! First what the files show (format, hints, links, what is still to be written), then what only a grading shows. A
//! fault of one exercise does not keep the others from being graded.

mod finding;
mod grading;
mod hermetic;
mod hints;
mod links;
mod load;
mod places;
mod refusing;
mod repeated;
mod replies;
mod report;
mod texts;
mod times;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use finding::{Finding, Rule};
pub use grading::Graders;
pub use report::Report;
pub use times::Slowest;

use crate::grader::Watcher;
use crate::workbook::{Answer, Exercise, Faults, Workbook, readable_answers};
use grading::Graded;
use places::Place;

/// What there is to check, and what was found without grading anything.
pub struct Plan {
    root: PathBuf,
    workbook: Option<Arc<Workbook>>,
    subjects: Vec<Subject>,
    findings: Vec<Finding>,
}

/// One exercise to check.
struct Subject {
    exercise: Arc<Exercise>,
    /// The wrong and right answers that can be read.
    answers: Vec<Answer>,
    place: Place,
    /// Whether no fault of the format stands in the way.
    gradable: bool,
    /// Its other answers, which have been told as faults of the format.
    unreadable: Unreadable,
}

/// How many answers of an exercise cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Unreadable {
    right: usize,
    wrong: usize,
}

/// How often texts are graded with every core kept busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// The solution and each right answer.
    pub accepted: usize,
    /// The starter and each wrong answer; 0 leaves it at once alone and once side by side with others.
    pub refused: usize,
}

/// Is told how a check goes on.
pub struct Hear<'a> {
    /// What a grading is doing.
    pub activity: Watcher<'a>,
    /// One more of [`Plan::work`] is done, for the exercise of that name.
    pub done: &'a dyn Fn(&str),
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

impl Subject {
    /// Whether a file is this exercise's alone.
    fn owns(&self, file: &str) -> bool {
        let Exercise { chapter, name, .. } = self.exercise.as_ref();
        let own = format!("/{chapter}/{name}");
        file.split_once(&own).is_some_and(|(_, rest)| rest == ".rs" || rest.starts_with('/'))
    }

    /// Whether a fault of that file keeps the exercise from being graded. One of an answer keeps only the answer.
    fn is_spoilt_by(&self, file: &str) -> bool {
        let manifest = format!("exercises/{}/chapter.toml", self.exercise.chapter);
        file == manifest
            || file.starts_with("exercises/workbook.")
            || file.starts_with("tests/testkit")
            || self.owns(file) && !file.starts_with("tests/wrong") && !file.starts_with("tests/right")
    }
}
