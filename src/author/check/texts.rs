//! What the files of an exercise show without being graded.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::finding::{Finding, Rule};
use super::places::Places;
use super::subject::Subject;
use super::{hermetic, hints, links, replies};
use crate::workbook::{Exercise, Fault, Workbook};

/// What marks text that is still to be written.
const TODO: &str = "TODO";

/// The findings on one exercise. `manifest` is the text of its chapter's `chapter.toml`.
pub(super) fn of_exercise(subject: &Subject, manifest: &str) -> Vec<Finding> {
    let Subject { exercise, answers, place, gradable, unreadable } = subject;
    let mut findings = Vec::new();
    let manifest_path = format!("exercises/{}/chapter.toml", exercise.chapter);
    let hidden = hidden_path(exercise);

    let lines = manifest.lines().enumerate().filter(|(at, _)| place.all.contains(&(at + 1)));
    let mut todos: Vec<(String, usize, String)> =
        todos(lines).map(|(line, text)| (manifest_path.clone(), line, text)).collect();
    let texts = [
        (exercise.path(), exercise.starter.as_str()),
        (solution_path(exercise), exercise.solution.as_str()),
        (hidden.clone(), exercise.hidden.source.as_str()),
    ];
    let answers_texts = answers.iter().map(|answer| (answer.path.clone(), answer.source.as_str()));
    for (path, text) in texts.into_iter().chain(answers_texts) {
        todos.extend(self::todos(text.lines().enumerate()).map(|(line, text)| (path.clone(), line, text)));
    }
    findings.extend(todos.into_iter().map(|(path, line, text)| {
        Finding::of(exercise, Rule::Todo, path, line, format!("is still to be written: {text}"))
    }));

    // Where it can be graded, the grading suggests what to write; one that is declared wrongly has been told so.
    if exercise.starter_fails.is_none() && !gradable && place.starter.is_none() {
        findings.push(Finding::of(exercise, Rule::Starter, &manifest_path, place.name, undeclared("")));
    }
    if unreadable.wrong == 0 && !answers.iter().any(|answer| answer.expectation.is_some()) {
        let folder = format!("tests/wrong/{}/{}", exercise.chapter, exercise.name);
        findings.push(Finding::of(
            exercise,
            Rule::Wrong,
            folder,
            None,
            "has no wrong answer; add at least one: a plausible mistake, with `//! fails: <hidden test>` and `//! \
             says: <part of the message>` on top",
        ));
    }
    if exercise.hints.len() != hints::COUNT && !exercise.hints.is_empty() {
        let problem = format!(
            "has {} of {} hints: a nudge, the idea, almost the answer",
            exercise.hints.len(),
            hints::COUNT
        );
        findings.push(Finding::of(exercise, Rule::Hints, &manifest_path, place.name, problem));
    }
    for (at, hint) in exercise.hints.iter().enumerate() {
        if let Some(line) = hints::leak(hint, &exercise.starter, &exercise.solution) {
            let problem = format!(
                "hint {} contains line {line} of {} word for word; say what the line does, and let the learner write \
                 it",
                at + 1,
                solution_path(exercise)
            );
            let place = place.hints.get(at).copied();
            findings.push(Finding::of(exercise, Rule::Hints, &manifest_path, place, problem));
        }
    }
    // Implementations are run against learners' tests, which the clock judges.
    let source = if exercise.subject.is_some() { "" } else { &exercise.hidden.source };
    for (line, problem) in hermetic::dependences(source) {
        findings.push(Finding::of(exercise, Rule::Hermetic, &hidden, line, problem));
    }
    findings
}

/// The findings on the pages of a workbook: all of them, or those of some chapters.
pub(super) fn of_pages(root: &Path, workbook: &Workbook, chapters: Option<&[&str]>) -> Vec<Finding> {
    let mut pages: Vec<String> = Vec::new();
    if chapters.is_none() {
        pages.extend(["README.md".to_owned(), "exercises/README.md".to_owned()]);
    }
    let chosen = |id: &str| chapters.is_none_or(|chapters| chapters.contains(&id));
    pages.extend(
        workbook
            .chapters
            .iter()
            .filter(|chapter| chosen(&chapter.id))
            .map(|chapter| format!("exercises/{}/README.md", chapter.id)),
    );
    let mut findings = Vec::new();
    for page in pages {
        // The chapters' pages are there, or that is a fault of the format; the other two need not be.
        let Ok(text) = fs::read_to_string(root.join(&page)) else { continue };
        let about = |rule, fault| Finding { fault, rule, exercise: None };
        findings.extend(links::dead(root, &page, &text).into_iter().map(|fault| about(Rule::Links, fault)));
        // The page on how exercises are written speaks of such marks.
        if page.matches('/').count() > 1 {
            findings.extend(todos(text.lines().enumerate()).map(|(line, text)| {
                let problem = format!("is still to be written: {text}");
                about(Rule::Todo, Fault { file: page.clone(), line: Some(line), problem })
            }));
        }
    }
    if chapters.is_none()
        && let Ok(text) = fs::read_to_string(root.join("exercises/workbook.toml"))
    {
        findings.extend(todos(text.lines().enumerate()).map(|(line, text)| {
            let problem = format!("is still to be written: {text}");
            let fault = Fault { file: "exercises/workbook.toml".to_owned(), line: Some(line), problem };
            Finding { fault, rule: Rule::Todo, exercise: None }
        }));
    }
    findings
}

/// The findings on the quizzes of a workbook: all of them, or those of some chapters. Of one with a fault of the format,
/// all else would only follow from that.
pub(super) fn of_quizzes(
    workbook: &Workbook,
    manifests: &Manifests,
    chapters: Option<&[&str]>,
    faults: &[Fault],
) -> Vec<Finding> {
    let chosen = |id: &str| chapters.is_none_or(|chapters| chapters.contains(&id));
    let mut findings = Vec::new();
    for (chapter, step) in workbook.steps().filter(|(chapter, _)| chosen(&chapter.id)) {
        let Some(quiz) = step.as_quiz() else { continue };
        let (text, places) = &manifests[&chapter.id];
        let manifest = format!("exercises/{}/chapter.toml", chapter.id);
        let place = places.of_quiz(&quiz.name);
        let lines = text.lines().enumerate().filter(|(at, _)| place.all.contains(&(at + 1)));
        findings.extend(todos(lines).map(|(line, text)| {
            let problem = format!("is still to be written: {text}");
            let fault = Fault { file: manifest.clone(), line: Some(line), problem };
            Finding { fault, rule: Rule::Todo, exercise: None }
        }));
        let spoilt = |fault: &Fault| {
            fault.file == manifest && fault.line.is_some_and(|line| place.all.contains(&line))
        };
        if !faults.iter().any(spoilt) {
            findings.extend(replies::of_quiz(quiz, &place, &manifest));
        }
    }
    findings
}

/// The text and the places of each chapter's manifest.
pub(super) type Manifests = BTreeMap<String, (String, Places)>;

/// Reads the manifest of each chapter.
pub(super) fn manifests(root: &Path, workbook: &Workbook) -> Manifests {
    let read = |id: &str| {
        let text = fs::read_to_string(root.join(format!("exercises/{id}/chapter.toml"))).unwrap_or_default();
        let places = Places::read(&text);
        (text, places)
    };
    workbook.chapters.iter().map(|chapter| (chapter.id.clone(), read(&chapter.id))).collect()
}

/// What a chapter.toml without `starter` is told.
pub(super) fn undeclared(suggestion: &str) -> String {
    format!(
        "`starter` is missing: it says what the starter fails at, `starter = \"<hidden test>\"` or \
         `starter = \"compile <code>\"`{suggestion}"
    )
}

pub(super) fn solution_path(exercise: &Exercise) -> String {
    format!("solutions/{}/{}.rs", exercise.chapter, exercise.name)
}

/// The file of the hidden tests, or the folder of the implementations that a learner's tests are run against.
pub(super) fn hidden_path(exercise: &Exercise) -> String {
    let Exercise { chapter, name, subject, .. } = exercise;
    match subject {
        Some(_) => format!("tests/mutants/{chapter}/{name}"),
        None => format!("tests/hidden/{chapter}/{name}.rs"),
    }
}

/// The files of those implementations.
pub(super) fn implementations(root: &Path, exercise: &Exercise) -> Vec<String> {
    if exercise.subject.is_none() {
        return Vec::new();
    }
    let mutants = hidden_path(exercise);
    let mut files = Vec::new();
    for folder in [format!("{mutants}/right"), mutants] {
        // One that cannot be read has been told as a fault of the format.
        let entries = fs::read_dir(root.join(&folder)).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        files.extend(names.filter(|name| name.ends_with(".rs")).map(|name| format!("{folder}/{name}")));
    }
    files.sort();
    files
}

/// The lines, from 1, that are still to be written, with what they say about it.
fn todos<'t>(lines: impl Iterator<Item = (usize, &'t str)>) -> impl Iterator<Item = (usize, String)> {
    lines.filter_map(|(at, text)| {
        let mut words = text.match_indices(TODO);
        let letter = |c: char| c.is_alphanumeric() || c == '_';
        let whole = |(start, found): &(usize, &str)| {
            !text[..*start].ends_with(letter) && !text[start + found.len()..].starts_with(letter)
        };
        let (start, _) = words.find(whole)?;
        let what = text[start + TODO.len()..].trim_start_matches(':').trim().trim_end_matches(['"', ',']);
        Some((at + 1, if what.is_empty() { text.trim().to_owned() } else { what.to_owned() }))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::workbook::sample_exercise;

    fn problems(exercise: Exercise) -> Vec<String> {
        let place = crate::author::check::places::Place::default();
        let subject = Subject {
            exercise: Arc::new(exercise),
            answers: Vec::new(),
            place,
            gradable: true,
            unreadable: crate::author::check::subject::Unreadable::default(),
        };
        let found = of_exercise(&subject, "");
        found.into_iter().map(|finding| finding.fault.to_string()).collect()
    }

    #[test]
    fn what_is_still_to_be_written_is_named_with_its_line() {
        let found: Vec<_> =
            todos("a\n// TODO: say it\nTODOS MY_TODO\nx = \"TODO: a nudge\",\n# TODO".lines().enumerate())
                .collect();
        let expected = [(2, "say it"), (4, "a nudge"), (5, "# TODO")];
        assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn an_exercise_without_wrong_answers_or_with_two_hints_is_told_so() {
        let mut exercise = sample_exercise("one", &["heard"]);
        exercise.hints.pop();
        let found = problems(exercise);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[0].starts_with("tests/wrong/01_inert_plans/one: has no wrong answer"), "{found:#?}");
        assert!(found[1].contains("has 2 of 3 hints"), "{found:#?}");
    }
}
