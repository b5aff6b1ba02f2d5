//! `tokiolings grade NAME FILE…`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use futures_util::stream::{self, StreamExt};
use serde::Serialize;

use super::apart;
use super::context::{Context, note};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use crate::cli::{Format, Output};
use crate::grader::{Draws, Source};
use crate::screen::{self, Line, Role};
use crate::system::paths::real;
use crate::verdict::{Verdict, wire};
use crate::workspace::Workspace;

/// Gradings in flight; see `check`.
const IN_FLIGHT: usize = 8;

pub(super) async fn run(
    context: &Context,
    name: &str,
    files: &[PathBuf],
    unconfined: bool,
    output: Output,
) -> Result<Exit, Failure> {
    context.tell_workbook();
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
    apart::check(context, &workspaces(files))?;
    let grader = context.confined_grader(unconfined, Draws::Kept).await?;
    let edition = context.edition();
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
            Format::Json => context.print_raw(&json(&verdict, edition)),
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

/// The workspaces that files lie in: all of each is somebody's who hands in.
fn workspaces(files: &[PathBuf]) -> Vec<PathBuf> {
    let real = files.iter().filter_map(|file| real(file).ok());
    let found = real.filter_map(|file| Workspace::find(file.parent().unwrap_or(Path::new("/"))));
    found.map(|workspace| workspace.root().to_path_buf()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A verdict, and which workbook's it is, as one object on one line.
fn json(verdict: &Verdict, edition: &str) -> String {
    #[derive(Serialize)]
    struct Graded<'a> {
        #[serde(flatten)]
        verdict: wire::Verdict,
        edition: &'a str,
    }
    let graded = Graded { verdict: verdict.into(), edition };
    serde_json::to_string(&graded).expect("strings and finite numbers are valid JSON") + "\n"
}
