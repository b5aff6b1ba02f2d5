//! `tokiolings list`

use serde::Serialize;

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::cli::{Format, Output};
use crate::screen::{self, Badge, Line, Role, Row};
use crate::workbook::{Chapter, Step};
use crate::workspace::{Progress, State};

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
}

pub(super) fn run(context: &Context, output: Output) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    let current = progress.current(&context.workbook).map(Step::name);
    let steps = context.workbook.steps();
    match output.format {
        Format::Json => {
            for (chapter, step) in steps {
                let json = serde_json::to_string(&entry(chapter, step, &progress, current))
                    .expect("strings, numbers and booleans are valid JSON");
                context.print_raw(&(json + "\n"));
            }
        }
        Format::Text => {
            let rows: Vec<Row<'_>> =
                steps.map(|(chapter, step)| row(chapter, step, &progress, current)).collect();
            let mut lines = screen::list(&rows, context.width());
            let gone = progress.gone(&context.workbook);
            if !gone.is_empty() {
                let text = format!("Solved, and no longer in the workbook: {}", gone.join(", "));
                lines.extend(Line::of(Role::Dim, text).wrap(context.width(), 2));
            }
            context.print(&lines);
        }
    }
    Ok(Exit::Success)
}

fn entry<'a>(chapter: &'a Chapter, step: &'a Step, progress: &Progress, current: Option<&str>) -> Entry<'a> {
    let record = progress.record(step.name());
    Entry {
        name: step.name(),
        chapter: &chapter.id,
        kind: if step.as_quiz().is_some() { "quiz" } else { "exercise" },
        state: progress.state(step).as_str(),
        core: step.core(),
        current: current == Some(step.name()),
        attempts: record.map_or(0, |record| record.attempts),
        hints: record.map_or(0, |record| record.hints),
    }
}

fn row<'a>(chapter: &'a Chapter, step: &'a Step, progress: &Progress, current: Option<&str>) -> Row<'a> {
    let entry = entry(chapter, step, progress, current);
    Row {
        chapter: &chapter.title,
        name: entry.name,
        quiz: step.as_quiz().is_some(),
        core: entry.core,
        badge: match progress.state(step) {
            State::Solved => Badge::Solved,
            State::Pending => Badge::Pending,
            State::Skipped => Badge::Skipped,
            State::Stale => Badge::Stale,
        },
        current: entry.current,
        attempts: entry.attempts,
        hints: entry.hints as usize,
    }
}
