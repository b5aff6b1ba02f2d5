//! `tokiolings check`

use std::sync::Arc;

use super::context::{Context, share_builds, source_of, tell_lost};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::run::record_one_of_many;
use crate::cli::{Format, Output};
use crate::screen::{self, Checked};
use crate::verdict::Verdict;
use crate::workbook::Exercise;

pub(super) async fn run(context: &Context, output: Output) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let grader = context.grader()?;
    let exercises: Vec<Arc<Exercise>> = context.workbook.exercises().cloned().collect();
    let submissions: Vec<_> =
        exercises.iter().map(|exercise| (Arc::clone(exercise), source_of(&workspace, exercise))).collect();
    let known = context.progress(&workspace)?;
    let bar = Bar::start("checked", exercises.len());
    let mut results: Vec<Option<Verdict>> = vec![None; exercises.len()];
    let mut printed = 0;
    let mut recorded = Ok(());
    let watch = |activity| bar.hear(&activity);
    grader
        .grade_all(&submissions, &watch, &mut |index, verdict| {
            let exercise = &exercises[index];
            bar.done(&exercise.name);
            if recorded.is_ok() {
                recorded = record_one_of_many(context, &workspace, &known, exercise, &verdict);
            }
            results[index] = Some(verdict);
            // In the workbook's order, each as soon as those before it are known.
            while let Some(Some(verdict)) = results.get(printed) {
                if output.format == Format::Json {
                    context.print_json(verdict);
                }
                printed += 1;
            }
        })
        .await;
    share_builds(&grader, &workspace).await;
    let verdicts: Vec<Verdict> = results.into_iter().flatten().collect();
    drop(bar);
    if output.format == Format::Text {
        let checked: Vec<Checked> = verdicts
            .iter()
            .zip(&exercises)
            .map(|(verdict, exercise)| Checked {
                name: verdict.exercise.clone(),
                kind: verdict.kind,
                untouched: workspace.read_source(exercise).is_ok_and(|text| text == exercise.starter),
            })
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
    tell_lost(recorded.as_ref().err());
    Ok(Exit::of(&verdicts))
}
