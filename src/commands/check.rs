//! `tokiolings check`

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use super::context::{Context, source_of};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::run::{Counted, record};
use crate::cli::{Format, Output};
use crate::grader::{Activity, Grader};
use crate::screen::{self, Checked};
use crate::verdict::Verdict;
use crate::workbook::Exercise;
use crate::workspace::Workspace;

/// Gradings in flight. The grader lets only as many compilers and tests run as there are cores; the others wait at
/// its gate, so that no core is idle between two steps of one grading.
const IN_FLIGHT: usize = 8;

pub(super) async fn run(context: &Context, output: Output) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let grader = context.grader()?;
    let exercises: Vec<Arc<Exercise>> = context.workbook.exercises().cloned().collect();
    let bar = Bar::start("checked", exercises.len());
    let gradings = exercises.iter().map(|exercise| grade(&grader, &workspace, exercise, &bar));
    let mut gradings = stream::iter(gradings).buffered(IN_FLIGHT);
    let mut verdicts = Vec::with_capacity(exercises.len());
    while let Some(verdict) = gradings.next().await {
        let exercise = &exercises[verdicts.len()];
        record(context, &workspace, exercise, &verdict, Counted::Swept)?;
        if output.format == Format::Json {
            context.print_json(&verdict);
        }
        verdicts.push(verdict);
    }
    drop(gradings);
    drop(bar);
    if output.format == Format::Text {
        let checked: Vec<Checked> = verdicts
            .iter()
            .map(|verdict| Checked { name: verdict.exercise.clone(), kind: verdict.kind })
            .collect();
        let mut lines = screen::check_summary(&checked, context.width());
        if let Some((verdict, exercise)) =
            verdicts.iter().zip(&exercises).find(|(verdict, _)| verdict.broken.is_some())
        {
            lines.push(screen::Line::blank());
            lines.extend(screen::verdict(verdict, exercise, context.width()));
        }
        context.print(&lines);
    }
    Ok(Exit::of(&verdicts))
}

async fn grade(grader: &Grader, workspace: &Workspace, exercise: &Arc<Exercise>, bar: &Bar) -> Verdict {
    let source = source_of(workspace, exercise);
    let verdict = grader
        .grade(exercise, &source, &|activity| {
            if let Activity::Preparing { built, crate_name } = activity {
                bar.preparing(built, &crate_name);
            }
        })
        .await;
    bar.done(&exercise.name);
    verdict
}
