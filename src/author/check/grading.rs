//! What only a grading shows: whether the right ones are accepted, each time, and the others refused as they should be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use super::finding::{Finding, Rule};
use super::graded::{Graded, Graders, Text, TextKind, line_of};
use super::order::{Hear, Times};
use super::subject::Subject;
use super::texts::{hidden_path, implementations, solution_path, undeclared};
use super::times::{slowest, too_busy, too_slow};
use super::{hermetic, refusing, repeated};
use crate::author::compare::{comparable, same};
use crate::author::refusal::{NO_CODE, difference, refused_as, refused_by, summary};
use crate::grader::{Grader, Source};
use crate::verdict::{Diagnostic, Kind, Verdict};
use crate::workbook::{Exercise, Expectation, Fails, HiddenTest};

/// How often a time above that is measured again: another process may have had the core.
const TIMINGS: usize = 3;

/// How often a text with two different verdicts is graded again, each way.
const ROUNDS: usize = 5;

/// How many gradings, or steps as long as one, there are to do.
pub(super) fn work(subjects: &[Subject], times: Times) -> usize {
    let (accepted, refused) = texts(subjects);
    let each_refused = if times.refused > 0 { 3 } else { 2 };
    3 * accepted.len() + each_refused * refused.len()
}

pub(super) async fn grade(
    root: &Path,
    subjects: &[Subject],
    graders: &Graders,
    times: Times,
    hear: &Hear<'_>,
) -> Graded {
    let (mut accepted, mut refused) = texts(subjects);
    let mut graded = Graded::default();
    repeated::accepted(&accepted, graders, times.accepted, hear, &mut graded).await;
    if graded.broken.is_some() {
        return graded;
    }
    let misfits = misfits(&accepted, graders, &mut graded).await;
    for texts in [&mut accepted, &mut refused] {
        texts.retain(|text| !misfits.contains(&text.exercise().name));
    }
    left_over(subjects, &graders.plain, &mut graded);
    alone(&accepted, graders, hear, &mut graded).await;
    refusals(&refused, graders, hear, &mut graded).await;
    repeated::refused(&refused, graders, times.refused, hear, &mut graded).await;
    refusing::lost_panics(subjects, &graders.plain, &mut graded);
    refusing::each_test(subjects, graders, hear, &mut graded).await;
    style(root, &accepted, graders, hear, &mut graded).await;
    graded
}

/// What must be accepted, and what must be refused.
fn texts(subjects: &[Subject]) -> (Vec<Text<'_>>, Vec<Text<'_>>) {
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for subject in subjects.iter().filter(|subject| subject.gradable) {
        let exercise = &subject.exercise;
        let starter = exercise.path();
        refused.push(Text { subject, path: starter, source: &exercise.starter, kind: TextKind::Starter });
        let (path, source) = (solution_path(exercise), exercise.solution.as_str());
        accepted.push(Text { subject, path, source, kind: TextKind::Solution });
        for answer in &subject.answers {
            let (path, source) = (answer.path.clone(), answer.source.as_str());
            match &answer.expectation {
                Some(expectation) => {
                    refused.push(Text { subject, path, source, kind: TextKind::Wrong(expectation) });
                }
                None => accepted.push(Text { subject, path, source, kind: TextKind::Right }),
            }
        }
    }
    (accepted, refused)
}

/// The exercises whose hidden tests do not compile even against the solution. That is told once, where it is: what every
/// answer would be told for it says nothing about the answer.
async fn misfits(accepted: &[Text<'_>], graders: &Graders, graded: &mut Graded) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in accepted.iter().filter(|text| matches!(text.kind, TextKind::Solution)) {
        if !graded.findings.iter().any(|finding| finding.fault.file == text.path) {
            continue;
        }
        let exercise = text.exercise();
        match graders.plain.misfit(exercise, text.source).await {
            Ok(errors) if errors.is_empty() => {}
            Ok(errors) => {
                graded.findings.retain(|finding| finding.exercise.as_ref() != Some(&exercise.name));
                graded.findings.extend(errors.iter().map(|error| does_not_fit(exercise, error)));
                names.insert(exercise.name.clone());
            }
            Err(broken) => graded.broken = Some(broken),
        }
    }
    names
}

fn does_not_fit(exercise: &Exercise, error: &Diagnostic) -> Finding {
    let code = error.code.as_deref().map(|code| format!("{code}: ")).unwrap_or_default();
    let line = error.place.as_ref().map(|place| place.line);
    let problem = format!("does not compile with the solution: {code}{}", error.message);
    Finding::of(exercise, Rule::Solution, hidden_path(exercise), line, problem)
}

/// What hidden tests have left in their folders when they had accepted an answer.
fn left_over(subjects: &[Subject], grader: &Grader, graded: &mut Graded) {
    let mut by_test: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for leftover in grader.leftovers() {
        by_test.entry((leftover.exercise, leftover.test)).or_default().push(leftover.name);
    }
    for ((name, test), files) in by_test {
        let Some(subject) = subjects.iter().find(|subject| subject.exercise.name == name) else { continue };
        let exercise = &subject.exercise;
        let line = line_of(exercise, &test);
        if hermetic::excused(&exercise.hidden.source, line) {
            continue;
        }
        let more = if files.len() > 1 { format!(" and {} more", files.len() - 1) } else { String::new() };
        graded.findings.push(Finding::of(
            exercise,
            Rule::Hermetic,
            hidden_path(exercise),
            line,
            format!(
                "`{test}` leaves `{}`{more} behind; remove it at the end of the test, or say in `// hermetic: \
                 <reason>` above the test why it may stay",
                files[0]
            ),
        ));
    }
}

/// The solution and the right answers, each by itself, and behind walls: the same verdict, and in good time.
async fn alone(accepted: &[Text<'_>], graders: &Graders, hear: &Hear<'_>, graded: &mut Graded) {
    let grader = graders.walled.as_ref().unwrap_or(&graders.plain);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let gradings = accepted.iter().map(|text| async move {
        let (exercise, source) = text.submission();
        let mut verdict = grader.grade(&exercise, &source, hear.activity).await;
        for _ in 1..TIMINGS {
            if !verdict.passed() || too_slow(&verdict, &exercise).is_none() {
                break;
            }
            let again = grader.grade(&exercise, &source, hear.activity).await;
            if again.passed() && slowest(&again).seconds < slowest(&verdict).seconds {
                verdict = again;
            }
        }
        (hear.done)(&exercise.name);
        (text, verdict)
    });
    let verdicts: Vec<(&Text<'_>, Verdict)> = stream::iter(gradings).buffered(cores).collect().await;
    for (text, verdict) in verdicts {
        if graded.broke(&verdict) {
            continue;
        }
        let exercise = text.exercise();
        if !verdict.passed() {
            // What is refused everywhere has been told.
            let known = graded.findings.iter().any(|other| {
                other.fault.file == text.path && matches!(other.rule, Rule::Solution | Rule::Right)
            });
            if !known {
                let where_ = if graders.walled.is_some() {
                    "alone in the sandbox of `grade` (no access to other files, no network except loopback, no \
                     processes)"
                } else {
                    "alone"
                };
                let problem =
                    format!("is accepted together with others, but {where_}: {}", summary(&verdict));
                graded.findings.push(text.found(Rule::Hermetic, None, problem));
            }
            continue;
        }
        let slow = slowest(&verdict);
        let problems = [too_slow(&verdict, exercise), too_busy(&verdict, exercise)];
        graded
            .findings
            .extend(problems.into_iter().flatten().map(|problem| text.found(Rule::Time, None, problem)));
        let known = graded.slowest.get(&exercise.name).map_or(0.0, |known| known.seconds);
        if slow.seconds >= known {
            graded.slowest.insert(exercise.name.clone(), slow);
        }
    }
}

/// The starters and the wrong answers: refused for their reasons, and with the same verdict alone and side by side.
async fn refusals(refused: &[Text<'_>], graders: &Graders, hear: &Hear<'_>, graded: &mut Graded) {
    let grader = &graders.plain;
    let submissions: Vec<(Arc<Exercise>, Source)> = refused.iter().map(Text::submission).collect();
    let mut together: Vec<Option<Verdict>> = vec![None; refused.len()];
    grader
        .grade_all(&submissions, hear.activity, &mut |at, verdict| {
            (hear.done)(&refused[at].exercise().name);
            together[at] = Some(verdict);
        })
        .await;
    let mut alone = vec![None; refused.len()];
    grader
        .grade_each(&submissions, hear.activity, &mut |at, verdict| {
            (hear.done)(&refused[at].exercise().name);
            alone[at] = Some(verdict);
        })
        .await;
    for ((text, submission), (alone, together)) in
        refused.iter().zip(&submissions).zip(alone.into_iter().zip(together))
    {
        let (Some(alone), Some(together)) = (alone, together) else { continue };
        if graded.broke(&alone) || graded.broke(&together) {
            continue;
        }
        graded
            .refusing
            .entry(text.exercise().name.clone())
            .or_default()
            .extend([&alone, &together].into_iter().flat_map(|verdict| refusing(text.exercise(), verdict)));
        graded.findings.extend(not_as_declared(text, &together));
        if !same_both_ways(grader, submission, &alone, &together).await {
            let (one, other) = difference(&alone, &together);
            let problem = format!(
                "is graded differently alone and together with others; alone: {one}; together: {other}"
            );
            graded.findings.push(text.found(Rule::Hermetic, None, problem));
        }
    }
}

/// The hidden tests that refuse. A text that must not compile does so when it compiles, and not when the compiler has
/// another reason to refuse it.
fn refusing(exercise: &Exercise, verdict: &Verdict) -> Vec<String> {
    let compiles = |test: &str| {
        let refusal = exercise.hidden.tests().iter().find(|hidden| hidden.name == test)?.refusal.as_ref()?;
        let result = verdict.tests.iter().find(|result| result.name == test)?;
        Some(result.message == refusal.says)
    };
    refused_by(verdict).filter(|test| compiles(test).unwrap_or(true)).map(str::to_owned).collect()
}

/// What is wrong with how a text was refused.
fn not_as_declared(text: &Text<'_>, verdict: &Verdict) -> Option<Finding> {
    let found = |problem: String| Some(text.found(text.rule(), None, problem));
    match text.kind {
        TextKind::Solution | TextKind::Right => None,
        TextKind::Starter if verdict.passed() => {
            found("is accepted as it is: there is nothing left to do".to_owned())
        }
        TextKind::Starter if let Some((before, test)) = fails_before(text.exercise(), verdict) => {
            found(format!(
                "fails `{test}`, which belongs to an earlier step: learners would have to fix something that is not \
                 new; start from the solution of `{before}`"
            ))
        }
        TextKind::Starter => {
            let place = &text.subject.place;
            let manifest = format!("exercises/{}/chapter.toml", text.exercise().chapter);
            let Some(fails) = &text.exercise().starter_fails else {
                let problem = undeclared(&format!("; it fails at `{}`", fails_at(verdict)));
                return Some(Finding::of(text.exercise(), Rule::Starter, manifest, place.name, problem));
            };
            let expectation = Expectation { fails: fails.clone(), says: String::new() };
            (!refused_as(&expectation, verdict)).then(|| {
                let problem = format!(
                    "the starter is declared to fail at `{}`, but {}; write `starter = \"{}\"`, or fix the starter",
                    name_of(fails),
                    summary(verdict),
                    fails_at(verdict)
                );
                Finding::of(text.exercise(), Rule::Starter, manifest, place.starter, problem)
            })
        }
        TextKind::Wrong(_) if verdict.passed() => {
            found("is accepted, but is a wrong answer: strengthen the hidden tests".to_owned())
        }
        TextKind::Wrong(expectation) => (!refused_as(expectation, verdict)).then(|| {
            let says = match expectation.says.as_str() {
                "" => String::new(),
                says => format!(" saying \"{says}\""),
            };
            let problem =
                format!("must fail at `{}`{says}, but {}", name_of(&expectation.fails), summary(verdict));
            text.found(Rule::Wrong, 1, problem)
        }),
    }
}

/// The step that an exercise builds on, and a test from there or from before that refuses a text.
fn fails_before<'e>(exercise: &'e Exercise, verdict: &Verdict) -> Option<(&'e str, &'e str)> {
    let refuses = |test: &&HiddenTest| refused_by(verdict).any(|name| name == test.name);
    let mut before = exercise.hidden.functions().filter(|test| test.is_of_a_step_before());
    Some((exercise.after.as_deref()?, &before.find(refuses)?.name))
}

/// What a refusal could be declared as.
fn fails_at(verdict: &Verdict) -> String {
    if verdict.kind == Kind::DoesNotCompile {
        let first = verdict.diagnostics.first().and_then(|diagnostic| diagnostic.code.as_deref());
        return format!("compile {}", first.unwrap_or(NO_CODE));
    }
    refused_by(verdict).next().unwrap_or_default().to_owned()
}

fn name_of(fails: &Fails) -> String {
    match fails {
        Fails::Test(test) => test.clone(),
        Fails::Compile(code) => format!("compile {code}"),
    }
}

async fn same_both_ways(
    grader: &Grader,
    submission: &(Arc<Exercise>, Source),
    alone: &Verdict,
    together: &Verdict,
) -> bool {
    let (mut alone, mut together) = (vec![comparable(alone)], vec![comparable(together)]);
    for _ in 0..ROUNDS {
        if same(&alone, &together) {
            return true;
        }
        let (exercise, source) = submission;
        alone.push(comparable(&grader.grade(exercise, source, &|_| {}).await));
        // As many as share a compile.
        let several = vec![submission.clone(); 4];
        grader.grade_all(&several, &|_| {}, &mut |_, verdict| together.push(comparable(&verdict))).await;
    }
    same(&alone, &together)
}

/// The solution and the right answers read well: learners learn from them.
async fn style(root: &Path, accepted: &[Text<'_>], graders: &Graders, hear: &Hear<'_>, graded: &mut Graded) {
    let grader = &graders.plain;
    // One that is refused has other faults than its looks.
    let refused: BTreeSet<&str> = graded
        .findings
        .iter()
        .filter(|finding| matches!(finding.rule, Rule::Solution | Rule::Right))
        .map(|finding| finding.fault.file.as_str())
        .collect();
    let texts: Vec<&Text<'_>> =
        accepted.iter().filter(|text| !refused.contains(text.path.as_str())).collect();
    let solutions = texts.iter().filter(|text| matches!(text.kind, TextKind::Solution));
    let hidden = solutions.flat_map(|text| {
        implementations(root, text.exercise()).into_iter().map(|path| (text.exercise(), path))
    });
    let formatted: Vec<_> =
        texts.iter().map(|text| (text.exercise(), text.path.clone())).chain(hidden).collect();
    let files: Vec<PathBuf> = formatted.iter().map(|(_, path)| root.join(path)).collect();
    let mut findings = Vec::new();
    match grader.unformatted(&files).await {
        Ok(different) => {
            for ((exercise, path), file) in formatted.into_iter().zip(&files) {
                let line =
                    different.iter().find(|(other, _)| is_same_file(other, file)).map(|(_, line)| *line);
                let problem = "is not formatted; run rustfmt on it";
                findings.extend(line.map(|line| Finding::of(exercise, Rule::Style, path, line, problem)));
            }
        }
        Err(broken) => graded.broken = Some(broken),
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let lints = texts.iter().map(|text| async move {
        let said = grader.lint(text.exercise(), text.source).await;
        (hear.done)(&text.exercise().name);
        (*text, said)
    });
    let lints: Vec<_> = stream::iter(lints).buffered(cores).collect().await;
    for (text, said) in lints {
        match said {
            Ok(diagnostics) => findings.extend(diagnostics.iter().map(|said| not_clean(text, said))),
            Err(broken) => graded.broken = Some(broken),
        }
    }
    graded.findings.extend(findings);
}

fn not_clean(text: &Text<'_>, said: &Diagnostic) -> Finding {
    let code = said.code.as_deref().map(|code| format!("{code}: ")).unwrap_or_default();
    let line = said.place.as_ref().map(|place| place.line);
    text.found(Rule::Style, line, format!("the compiler or clippy warns: {code}{}", said.message))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    one == other
        || one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}
