//! `tokiolings author …`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::author_mutate;
use super::console::Console;
use super::context::{current_folder, note};
use super::drive::block_on;
use super::exit::{Exit, Failure};
use super::progress::Bar;
use crate::author::check::{Graders, Hear, NoExercise, Plan, Report, Rule, Times};
use crate::author::new;
use crate::cli::{AuthorCommand, Format, Output};
use crate::grader::walls::{Confinement, Unconfinable};
use crate::grader::{Grader, Home, Options};
use crate::screen::{Line, Role};
use crate::system::shell;
use crate::workbook::Workbook;

pub(super) fn run(workbook: Option<&Path>, command: AuthorCommand) -> Result<Exit, Failure> {
    match command {
        AuthorCommand::New { name: Some(name), predict: true } => new_prediction(&root(workbook)?, &name),
        AuthorCommand::New { name: Some(name), .. } => new_exercise(&root(workbook)?, &name),
        AuthorCommand::New { name: None, .. } => new_workbook(workbook),
        AuthorCommand::Check { names, repeat, repeat_wrong, output } => {
            let times = Times { accepted: repeat as usize, refused: repeat_wrong as usize };
            block_on(check(&root(workbook)?, &names, times, output))
        }
        AuthorCommand::Mutate { names, records, output } => {
            let root = root(workbook)?;
            block_on(author_mutate::run(&root, &names, records, output))
        }
    }
}

/// The folder of the workbook that is worked on.
fn root(workbook: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(root) = workbook {
        return Ok(std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf()));
    }
    let folder = current_folder()?;
    Workbook::find(&folder).ok_or_else(|| {
        Failure::Usage(format!(
            "find a workbook to work on: there is no exercises/workbook.toml in {} or above it; change to a \
             workbook's folder, name one with --workbook DIR, or start one with `tokiolings author new --workbook \
             DIR`",
            folder.display()
        ))
    })
}

fn new_exercise(root: &Path, name: &str) -> Result<Exit, Failure> {
    let written = new::exercise(root, name)?;
    let hello =
        "It is a whole exercise already: grade it, change it bit by bit into yours, and fill in the places.";
    tell_new(root, name, &written, hello);
    Ok(Exit::Success)
}

fn new_prediction(root: &Path, name: &str) -> Result<Exit, Failure> {
    let written = new::prediction(root, name)?;
    let hello = "It is a whole prediction already: change it bit by bit into yours, and fill in the places.";
    tell_new(root, name, &written, hello);
    Ok(Exit::Success)
}

/// The files that were written, and what to do next.
fn tell_new(root: &Path, name: &str, written: &[String], hello: &str) {
    let open = new::to_fill(root, written);
    let mut lines: Vec<Line> = written
        .iter()
        .map(|file| {
            let rest = if open.contains(file) { "  has places to fill in, each marked TODO" } else { "" };
            Line::of(Role::Path, file).and(Role::Dim, rest)
        })
        .collect();
    let short = name.rsplit('/').next().unwrap_or(name);
    lines.push(Line::blank());
    lines.push(Line::of(Role::Plain, hello));
    lines.push(Line::of(Role::Plain, "Then: ").and(Role::Code, format!("tokiolings author check {short}")));
    Console::new().print(&lines);
}

fn new_workbook(dir: Option<&Path>) -> Result<Exit, Failure> {
    let Some(dir) = dir else {
        return Err(Failure::Usage(
            "make something new: name an exercise, `tokiolings author new CHAPTER/NAME`, or a folder for a new workbook, \
             `tokiolings author new --workbook DIR`"
                .to_owned(),
        ));
    };
    let root = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let mut lines: Vec<Line> = new::workbook(&root)?.iter().map(|file| Line::of(Role::Path, file)).collect();
    lines.push(Line::blank());
    lines.push(
        Line::of(Role::Plain, "Next: ")
            .and(Role::Code, format!("cd {} && tokiolings author check", shell::word(dir)))
            .and(Role::Plain, ", and exercises/README.md there, which explains how to write an exercise."),
    );
    Console::new().print(&lines);
    Ok(Exit::Success)
}

async fn check(root: &Path, names: &[String], times: Times, output: Output) -> Result<Exit, Failure> {
    let plan = Plan::read(root, names).map_err(no_exercise)?;
    let report = match plan.workbook().cloned() {
        Some(workbook) if plan.work(times) > 0 => {
            let graders = graders(&workbook).await?;
            let bar = Bar::start("checked", plan.work(times));
            let activity = |activity| bar.hear(&activity);
            let hear = Hear { activity: &activity, done: &|name| bar.done(name) };
            plan.grade(&graders, times, &hear).await
        }
        _ => plan.ungraded(),
    };
    let console = Console::new();
    match output.format {
        Format::Text => console.print(&report.lines()),
        Format::Json => {
            for line in report.json() {
                console.print_raw(&(line + "\n"));
            }
        }
    }
    Ok(exit(&report))
}

fn no_exercise(NoExercise { name, known }: NoExercise) -> Failure {
    Failure::Usage(format!(
        "check `{name}`: the workbook has no exercise and no prediction of that name; it has {}",
        known.join(", ")
    ))
}

/// What the machine lacks comes first, then what makes the workbook unreadable for learners.
fn exit(report: &Report) -> Exit {
    if report.broken.is_some() {
        Exit::Broken
    } else if report.findings.iter().any(|finding| finding.rule == Rule::Format) {
        Exit::Usage
    } else if report.is_clean() {
        Exit::Success
    } else {
        Exit::NotSolved
    }
}

async fn graders(workbook: &Arc<Workbook>) -> Result<Graders, Failure> {
    let grader =
        |options| Ok::<_, Failure>(Grader::new(Arc::clone(workbook), Home::from_environment()?, options));
    // A certificate is about what happens now, not about what was seen before.
    let options = Options { cache: false, ..Options::default() };
    let helper =
        std::env::current_exe().map_err(|error| Failure::Machine(format!("find this program: {error}")))?;
    let walled = match Confinement::probe(helper).await {
        Ok(confinement) => Some(grader(Options { confinement: Some(confinement), ..options.clone() })?),
        Err(Unconfinable(missing)) => {
            note(Some(&format!(
                "not tried in the sandbox of `grade`, which this machine cannot build: {}",
                missing.join("; ")
            )));
            None
        }
    };
    Ok(Graders { plain: grader(options)?, walled })
}
