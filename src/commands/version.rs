//! `tokiolings --version`

use std::path::Path;

use super::console::Console;
use super::context::Context;
use super::exit::{Exit, Failure};
use crate::report::cohort::edition;
use crate::screen::{Line, counted};

/// The first line is for programs. What cannot be found is said in its place: a report of a fault begins with this.
pub(super) async fn run(workbook: Option<&Path>) -> Result<Exit, Failure> {
    let mut lines = vec![format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))];
    match Context::of_learner(workbook) {
        Ok(context) => {
            let steps = context.workbook.steps().count();
            let exercises = context.workbook.exercises().count();
            lines.push(format!(
                "workbook: {}, {} and {}, edition {}, {}",
                context.workbook.title,
                counted(exercises, "exercise"),
                counted(steps - exercises, "question"),
                edition(&context.workbook),
                context.place().map_or("built in".to_owned(), |place| format!("in {}", place.display()))
            ));
            let compiler = match context.grader() {
                Ok(grader) => grader.compiler().await.map_err(|broken| broken.problem),
                Err(failure) => Err(failure.text()),
            };
            lines
                .push(format!("compiler: {}", compiler.unwrap_or_else(|problem| format!("none; {problem}"))));
        }
        Err(failure) => lines.push(format!("workbook: {}", failure.text())),
    }
    let lines: Vec<Line> = lines.into_iter().map(Line::from).collect();
    Console::new().print(&lines);
    Ok(Exit::Success)
}
