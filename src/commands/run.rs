//! `tokiolings run [NAME]`

use std::time::SystemTime;

use super::context::{Context, Kept, share_builds, source_of, tell_lost};
use super::exit::{Exit, Failure};
use super::{answer, progress};
use crate::cli::{Format, Output};
use crate::screen::{self, Line};
use crate::verdict::{Kind, Verdict};
use crate::watch;
use crate::workbook::{Exercise, Step};
use crate::workspace::{Progress, Workspace, hash_of, hidden_hash};

pub(super) async fn run(
    context: &Context,
    name: Option<&str>,
    timeline: bool,
    output: Output,
) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    let exercise = match context.step(name, &progress)? {
        Step::Exercise(exercise) => exercise,
        Step::Quiz(quiz) => return answer::show(context, quiz, &progress, timeline, output).await,
    };
    let shown = progress::Preparing::start();
    let source = source_of(&workspace, exercise);
    let grader = context.grader()?;
    let verdict = grader.grade(exercise, &source, &|activity| shown.on(&activity)).await;
    drop(shown);
    share_builds(&grader, &workspace).await;
    let recorded = record(context, &workspace, &progress, exercise, &verdict);
    match output.format {
        Format::Json => context.print_json(&verdict),
        Format::Text => {
            context.print(&screen::verdict(&verdict, exercise, context.width()));
            if timeline {
                context.print(&[Line::blank()]);
                context.print(&screen::timelines(&verdict, context.width()));
            }
            if verdict.passed() {
                context.print(&[Line::blank()]);
                context.print(&watch::onward(&context.workbook, &recorded.progress, &exercise.name));
            }
        }
    }
    tell_lost(recorded.lost.as_ref());
    Ok(Exit::of([&verdict]))
}

/// Writes what a grading that the learner asked for changes into the progress, and gives it as it is then.
fn record(
    context: &Context,
    workspace: &Workspace,
    known: &Progress,
    exercise: &Exercise,
    verdict: &Verdict,
) -> Kept<()> {
    let unchanged = |lost| Kept { value: (), progress: known.clone(), lost };
    if verdict.kind == Kind::Broken {
        return unchanged(None);
    }
    let solved = match solved(workspace, exercise, verdict) {
        Ok(solved) => solved,
        Err(failure) => return unchanged(Some(failure)),
    };
    context.keep(workspace, known, |progress| {
        progress.record_attempt(&exercise.name);
        if let Some(Solved { source, hidden }) = &solved {
            progress.record_solved(&exercise.name, source, hidden, SystemTime::now());
        }
    })
}

/// Writes what a grading among many changes into the progress, which was `known` when they began. It is no attempt, and
/// most of them change nothing.
pub(super) fn record_one_of_many(
    context: &Context,
    workspace: &Workspace,
    known: &Progress,
    exercise: &Exercise,
    verdict: &Verdict,
) -> Result<(), Failure> {
    let Some(Solved { source, hidden }) = solved(workspace, exercise, verdict)? else { return Ok(()) };
    if !known.has_solved(&exercise.name, &source, &hidden) {
        context.update(workspace, |progress| {
            progress.record_solved(&exercise.name, &source, &hidden, SystemTime::now());
        })?;
    }
    Ok(())
}

/// The hashes of a text that passed, and of what it passed.
struct Solved {
    source: String,
    hidden: String,
}

fn solved(workspace: &Workspace, exercise: &Exercise, verdict: &Verdict) -> Result<Option<Solved>, Failure> {
    if !verdict.passed() {
        return Ok(None);
    }
    // The text as it is on disk now: had it changed since it was graded, the next grading says so.
    let source = hash_of(&workspace.read_source(exercise)?);
    Ok(Some(Solved { source, hidden: hidden_hash(exercise) }))
}
