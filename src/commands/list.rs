//! `tokiolings list`

use serde::Serialize;

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::cli::{Format, Output};
use crate::screen::{self, Line, Role};
use crate::watch;
use crate::workbook::{Chapter, Dependency, Step};
use crate::workspace::Progress;

/// One step, as `list --format json` prints it, one a line.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    name: &'a str,
    chapter: &'a str,
    kind: &'static str,
    state: &'static str,
    core: bool,
    current: bool,
    attempts: u32,
    hints: u32,
    /// Crates beyond those of every exercise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    brings: Vec<&'a str>,
}

pub(super) fn run(context: &Context, output: Output) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    let current = progress.current(&context.workbook).map(Step::name);
    let steps = context.workbook.steps();
    match output.format {
        Format::Json => {
            for (chapter, step) in steps {
                let brings = context.workbook.dependencies.brought_by(step.needs());
                let json = serde_json::to_string(&entry(chapter, step, &progress, current, brings))
                    .expect("strings, numbers and booleans are valid JSON");
                context.print_raw(&(json + "\n"));
            }
        }
        Format::Text => {
            let rows = watch::rows_of(&context.workbook, &progress, current);
            let mut lines = screen::list(&rows, context.width());
            let gone = progress.gone(&context.workbook);
            if !gone.is_empty() {
                let text = format!("Solved, but no longer in the workbook: {}", gone.join(", "));
                lines.extend(Line::of(Role::Dim, text).wrap(context.width(), 2));
            }
            context.print(&lines);
        }
    }
    Ok(Exit::Success)
}

fn entry<'a>(
    chapter: &'a Chapter,
    step: &'a Step,
    progress: &Progress,
    current: Option<&str>,
    brings: &'a [Dependency],
) -> Entry<'a> {
    let record = progress.record(step.name());
    Entry {
        name: step.name(),
        chapter: &chapter.id,
        kind: step.kind(),
        state: progress.state(step).as_str(),
        core: step.core(),
        current: current == Some(step.name()),
        attempts: record.map_or(0, |record| record.attempts),
        hints: record.map_or(0, |record| record.hints),
        brings: brings.iter().map(|dependency| dependency.name.as_str()).collect(),
    }
}
