//! `tokiolings run [NAME]`

use super::context::{Context, share_builds, source_of};
use super::exit::{Exit, Failure};
use super::{answer, progress};
use crate::cli::{Format, Output};
use crate::screen::{self, Line};
use crate::verdict::{Kind, Verdict};
use crate::workbook::{Exercise, Step};
use crate::workspace::{Workspace, hash_of, hidden_hash};

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
        Step::Quiz(quiz) => return answer::show(context, quiz, &progress),
    };
    let shown = progress::Preparing::start();
    let source = source_of(&workspace, exercise);
    let grader = context.grader()?;
    let verdict = grader.grade(exercise, &source, &|activity| shown.on(&activity)).await;
    drop(shown);
    share_builds(&grader, &workspace).await;
    record(context, &workspace, exercise, &verdict, Counted::Attempt)?;
    match output.format {
        Format::Json => context.print_json(&verdict),
        Format::Text => {
            context.print(&screen::verdict(&verdict, exercise, context.width()));
            if timeline {
                context.print(&[Line::blank()]);
                context.print(&screen::timelines(&verdict, context.width()));
            }
        }
    }
    Ok(Exit::of([&verdict]))
}

/// Whether a grading counts as one of the learner's attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// The learner asked for this exercise.
    Attempt,
    /// It was graded with all the others.
    Swept,
}

/// Writes what a grading changes into the progress.
pub(super) fn record(
    context: &Context,
    workspace: &Workspace,
    exercise: &Exercise,
    verdict: &Verdict,
    counted: Counted,
) -> Result<(), Failure> {
    if verdict.kind == Kind::Broken {
        return Ok(());
    }
    // The text as it is on disk now: had it changed since it was graded, the next grading says so.
    let source = if verdict.passed() { Some(workspace.read_source(exercise)?) } else { None };
    context.update(workspace, |progress| {
        if counted == Counted::Attempt {
            progress.record_attempt(&exercise.name);
        }
        if let Some(source) = &source {
            progress.record_solved(
                &exercise.name,
                &hash_of(source),
                &hidden_hash(exercise),
                std::time::SystemTime::now(),
            );
        }
    })?;
    Ok(())
}
