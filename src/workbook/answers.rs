//! Wrong and right answers: what tests the hidden tests of an exercise.
//!
//! They lie in `tests/wrong/<chapter>/<name>/` and `tests/right/<chapter>/<name>/` of a workbook in a folder.

use std::path::Path;

use super::fault::Faults;
use super::files::{Files, Folder};
use super::walk::{Findings, suggestion};
use super::{Exercise, Fails, HiddenTest};

/// A complete program that somebody could hand in for an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its file, below the workbook's root: `tests/wrong/01_inert_plans/lazy_call/never_awaited.rs`.
    pub path: String,
    /// Its file's name without the extension: why it is wrong, or how it is right.
    pub name: String,
    /// Its text.
    pub source: String,
    /// How a wrong answer must be rejected; `None` for a right one, which must be accepted.
    pub expectation: Option<Expectation>,
}

/// How a wrong answer must be rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// What must not pass.
    pub fails: Fails,
    /// A part of the message that the learner must see. Empty, and so a part of any message, for a compile failure
    /// that leaves the wording to the compiler.
    pub says: String,
}

/// The wrong answers of an exercise, then its right ones, each in the order of their names.
///
/// # Errors
/// Every file that cannot be read, and every wrong answer that does not say how it must be rejected.
pub fn answers(root: &Path, exercise: &Exercise) -> Result<Vec<Answer>, Faults> {
    let findings = Findings::default();
    let answers = read(&Folder::new(root), exercise, &findings);
    findings.into_result().map(|()| answers)
}

/// Those of the [`answers`] that can be read and say what they must: the others have faults, which
/// [`Workbook::survey`](super::Workbook::survey) tells.
#[must_use]
pub fn readable_answers(root: &Path, exercise: &Exercise) -> Vec<Answer> {
    read(&Folder::new(root), exercise, &Findings::default())
}

/// As [`answers`], for files that lie anywhere.
pub(super) fn read(files: &dyn Files, exercise: &Exercise, findings: &Findings) -> Vec<Answer> {
    let mut answers = Vec::new();
    for kind in ["wrong", "right"] {
        let folder = format!("tests/{kind}/{}/{}", exercise.chapter, exercise.name);
        for path in files.list(&folder) {
            // A file in a deeper folder is a stray, which is told elsewhere.
            let Some(name) = path[folder.len() + 1..].strip_suffix(".rs").filter(|name| !name.contains('/'))
            else {
                continue;
            };
            let name = name.to_owned();
            let source = match files.read(&path) {
                Ok(source) => source,
                Err(error) => {
                    findings.unreadable(&path, &error);
                    continue;
                }
            };
            let expectation =
                (kind == "wrong").then(|| expectation(&path, &source, exercise, findings)).flatten();
            if kind == "right" || expectation.is_some() {
                answers.push(Answer { path, name, source, expectation });
            }
        }
    }
    answers
}

/// Reads the first two lines of a wrong answer, and notes what is wrong with each.
fn expectation(path: &str, source: &str, exercise: &Exercise, findings: &Findings) -> Option<Expectation> {
    let mut lines = source.lines();
    let mut header = |key: &str| {
        let value = lines.next()?.strip_prefix(key)?.trim();
        (!value.is_empty()).then_some(value)
    };
    let (fails, says) = (header("//! fails:"), header("//! says:"));
    if fails.is_none() {
        findings.add(
            path,
            Some(1),
            "a wrong answer's first line must be `//! fails: <hidden test>` or `//! fails: compile <code>`",
        );
    }
    let fails = fails.map(|fails| fails_at(fails, path, exercise, findings));
    // The code says enough about a compile failure; a test can fail in more than one way.
    if says.is_none() && !matches!(fails, Some(Some(Fails::Compile(_)))) {
        findings.add(path, Some(2), "a wrong answer's second line must be `//! says: <part of the message>`");
        return None;
    }
    Some(Expectation { fails: fails??, says: says.unwrap_or_default().to_owned() })
}

fn fails_at(text: &str, path: &str, exercise: &Exercise, findings: &Findings) -> Option<Fails> {
    match Fails::read(text, exercise, exercise.hidden.tests()) {
        Ok(fails) => Some(fails),
        Err(problem) => {
            findings.add(path, Some(1), problem);
            None
        }
    }
}

impl Fails {
    /// Reads `<hidden test>` or `compile <code>`. Without hidden tests, any name is one of theirs.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(text: &str, exercise: &Exercise, tests: &[HiddenTest]) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("compile"), Some(code), None) => Ok(Self::Compile(code.to_owned())),
            (Some(test), None, None) if tests.is_empty() || tests.iter().any(|known| known.name == test) => {
                Ok(Self::Test(test.to_owned()))
            }
            _ => {
                let hint = suggestion(text, tests.iter().map(|test| test.name.as_str()));
                let Exercise { chapter, name, .. } = exercise;
                Err(format!("`{text}` is not a test of tests/hidden/{chapter}/{name}.rs; {hint}"))
            }
        }
    }
}
