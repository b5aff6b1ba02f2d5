//! `tokiolings author mutate`

use std::path::Path;
use std::sync::Arc;

use super::context::Context;
use super::exit::{Exit, Failure};
use super::progress::Bar;
use crate::author::mutate::{self, Mutant, Outcome, State, Tally};
use crate::cli::{Format, Output};
use crate::grader::Source;
use crate::screen::{self, Line, Role};
use crate::verdict::{Kind, Verdict};
use crate::workbook::{Equivalent, Exercise, Fault, Faults, Step, equivalents};

/// A solution with its mutants and their records.
struct Subject {
    exercise: Arc<Exercise>,
    mutants: Vec<Mutant>,
    records: Vec<Option<Equivalent>>,
}

pub(super) async fn run(
    root: &Path,
    names: &[String],
    records: bool,
    output: Output,
) -> Result<Exit, Failure> {
    let context = Context::of_grader(Some(root))?;
    let exercises = chosen(&context, names)?;
    let subjects = subjects(root, &exercises)?;
    let outcomes = grade(&context, subjects).await?;
    let of_each: Vec<&[Outcome]> = outcomes.chunk_by(|a, b| a.exercise.name == b.exercise.name).collect();
    let rows: Vec<(String, Tally)> =
        of_each.iter().map(|of_one| (of_one[0].exercise.name.clone(), Tally::of(*of_one))).collect();
    let all = Tally::of(&outcomes);
    for outcome in &outcomes {
        match output.format {
            Format::Json => context.print_raw(&(mutate::json(outcome) + "\n")),
            Format::Text if outcome.state() == State::Survived => {
                context.print(&mutate::survivor(outcome));
                if records {
                    context.print_raw(&(mutate::record(outcome) + "\n"));
                }
            }
            Format::Text => {}
        }
    }
    if output.format == Format::Text {
        context.print(&mutate::table("exercise", &rows, all));
        context.print(&[Line::blank()]);
        context.print(&mutate::table("operator", &mutate::by_operator(&outcomes), all));
        let tests = mutate::tests_of(&of_each);
        if !tests.is_empty() {
            context.print(&[vec![Line::blank()], tests].concat());
        }
        if all.survived > 0 && !records {
            context.print(&advice(context.width()));
        }
    }
    let refuted: Vec<Fault> = outcomes.iter().filter_map(Outcome::refuted).collect();
    if !refuted.is_empty() {
        return Err(Faults(refuted).into());
    }
    Ok(match all {
        Tally { broken: 1.., .. } => Exit::Broken,
        Tally { survived: 1.., .. } => Exit::NotSolved,
        _ => Exit::Success,
    })
}

fn advice(width: usize) -> Vec<Line> {
    let text = "Each survivor shows something that no hidden test checks. Strengthen the tests; or, if no test could \
                tell it from the solution, record it in tests/equivalent/<chapter>/<exercise>.toml with the reason. \
                --records prints what to put there.";
    [vec![Line::blank()], Line::of(Role::Plain, text).wrap(width, 0)].concat()
}

/// The exercises of these names, those of these chapters, or all.
fn chosen(context: &Context, names: &[String]) -> Result<Vec<Arc<Exercise>>, Failure> {
    if names.is_empty() {
        return Ok(context.workbook.exercises().cloned().collect());
    }
    let mut exercises = Vec::new();
    for name in names {
        match context.workbook.chapter(name) {
            Some(chapter) => {
                exercises.extend(chapter.steps.iter().filter_map(Step::as_exercise).cloned());
            }
            None => exercises.push(Arc::clone(context.exercise(name)?)),
        }
    }
    Ok(exercises)
}

/// The mutants of each solution, with every fault of the records.
fn subjects(root: &Path, exercises: &[Arc<Exercise>]) -> Result<Vec<Subject>, Failure> {
    let mut subjects = Vec::new();
    let mut faults = Vec::new();
    for exercise in exercises {
        // Tests have no tests: a test with a slip of the pen is as good as any, if it finds the same faults.
        if exercise.subject.is_some() {
            continue;
        }
        let mutants = mutate::mutants(&exercise.solution, exercise.program).unwrap_or_else(|error| {
            let Exercise { chapter, name, .. } = &**exercise;
            let (file, line) = (format!("solutions/{chapter}/{name}.rs"), Some(error.span().start().line));
            faults.push(Fault { file, line, problem: format!("does not parse: {error}") });
            Vec::new()
        });
        let recorded = equivalents(root, exercise)?;
        let known = mutate::known(&mutants, &recorded);
        faults.extend(known.faults);
        let records = known.records.into_iter().map(Option::<&Equivalent>::cloned).collect();
        subjects.push(Subject { exercise: Arc::clone(exercise), mutants, records });
    }
    if faults.is_empty() { Ok(subjects) } else { Err(Faults(faults).into()) }
}

/// Grades the solutions, and then all mutants side by side.
async fn grade(context: &Context, subjects: Vec<Subject>) -> Result<Vec<Outcome>, Failure> {
    let solutions: Vec<_> = subjects
        .iter()
        .map(|subject| (Arc::clone(&subject.exercise), Source::Text(subject.exercise.solution.clone())))
        .collect();
    let mut submissions = Vec::new();
    for (subject, verdict) in subjects.iter().zip(verdicts(context, &solutions, "graded solutions:").await?) {
        accepted(context, &subject.exercise, &verdict)?;
        let limit = mutate::limit(&subject.exercise, &verdict);
        let hasty = Arc::new(mutate::as_mutated(&subject.exercise, limit));
        let texts = subject.mutants.iter().map(Mutant::source);
        submissions.extend(texts.map(|text| (Arc::clone(&hasty), Source::Text(text))));
    }
    let mut verdicts = verdicts(context, &submissions, "graded mutants:").await?.into_iter();
    Ok(subjects.into_iter().flat_map(|subject| outcomes_of(subject, &mut verdicts)).collect())
}

/// The verdicts on submissions, in order.
async fn verdicts(
    context: &Context,
    submissions: &[(Arc<Exercise>, Source)],
    verb: &'static str,
) -> Result<Vec<Verdict>, Failure> {
    let bar = Bar::start(verb, submissions.len());
    let watch = |activity| bar.hear(&activity);
    let mut verdicts: Vec<Option<Verdict>> = vec![None; submissions.len()];
    context
        .authors_grader()?
        .grade_all(submissions, &watch, &mut |index, verdict| {
            bar.done(&submissions[index].0.name);
            verdicts[index] = Some(verdict);
        })
        .await;
    Ok(verdicts.into_iter().map(|verdict| verdict.expect("every submission gets a verdict")).collect())
}

/// Mutants of a solution that is not accepted itself prove nothing.
fn accepted(context: &Context, exercise: &Exercise, verdict: &Verdict) -> Result<(), Failure> {
    if verdict.passed() {
        return Ok(());
    }
    context.print(&screen::verdict(verdict, exercise, context.width()));
    let what = format!("judge the mutants of `{}`: its solution is not accepted", exercise.name);
    if verdict.kind == Kind::Broken {
        return Err(Failure::Machine(what));
    }
    Err(Failure::Usage(what))
}

/// Takes the verdicts on the mutants of a solution.
fn outcomes_of(subject: Subject, verdicts: &mut impl Iterator<Item = Verdict>) -> Vec<Outcome> {
    let Subject { exercise, mutants, records } = subject;
    let places: Vec<Option<usize>> = (0..mutants.len()).map(|index| mutate::nth(&mutants, index)).collect();
    let records = records.iter().zip(places);
    let mutants = mutants.into_iter().zip(records).zip(verdicts);
    mutants
        .map(|((mutant, (record, nth)), verdict)| {
            Outcome::new(&exercise, mutant, nth, &verdict, record.as_ref())
        })
        .collect()
}
