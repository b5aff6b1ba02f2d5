//! `tokiolings grade NAME FILE…`

use std::path::PathBuf;

use futures_util::stream::{self, StreamExt};

use super::context::{Context, note};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use crate::cli::{Format, Output};
use crate::grader::{Draws, Source};
use crate::screen::{self, Line, Role};

/// Gradings in flight; see `check`.
const IN_FLIGHT: usize = 8;

pub(super) async fn run(
    context: &Context,
    name: &str,
    files: &[PathBuf],
    unconfined: bool,
    output: Output,
) -> Result<Exit, Failure> {
    let exercise = context.exercise(name)?;
    let missing: Vec<String> = files
        .iter()
        .filter_map(|file| match std::fs::metadata(file) {
            Ok(data) if data.is_file() => None,
            Ok(_) => Some(format!("{} is not a file", file.display())),
            Err(error) => Some(format!("{}: {error}", file.display())),
        })
        .collect();
    if !missing.is_empty() {
        return Err(Failure::Usage(format!("read every submission: {}", missing.join("; "))));
    }
    let grader = context.confined_grader(unconfined, Draws::Kept).await?;
    let bar = Bar::start("graded", files.len());
    let gradings = files.iter().map(|file| {
        let (grader, bar) = (&grader, &bar);
        async move {
            let watch = |activity| bar.hear(&activity);
            let verdict = grader.grade(exercise, &Source::Path(file.clone()), &watch).await;
            bar.done(&file.display().to_string());
            verdict
        }
    });
    let mut gradings = stream::iter(gradings).buffered(IN_FLIGHT);
    let mut verdicts = Vec::with_capacity(files.len());
    while let Some(verdict) = gradings.next().await {
        let file = &files[verdicts.len()];
        match output.format {
            Format::Json => context.print_json(&verdict),
            Format::Text => {
                if files.len() > 1 {
                    context.print(&[Line::of(Role::Path, file.display().to_string())]);
                }
                context.print(&screen::verdict(&verdict, exercise, context.width()));
            }
        }
        verdicts.push(verdict);
    }
    drop(gradings);
    drop(bar);
    if files.len() > 1 && output.format == Format::Text {
        let passed = verdicts.iter().filter(|verdict| verdict.passed()).count();
        note(Some(&format!("{passed} of {} submissions pass", verdicts.len())));
    }
    Ok(Exit::of(&verdicts))
}
