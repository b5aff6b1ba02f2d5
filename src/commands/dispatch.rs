//! From the command line to the command, and from its end to the exit code.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use super::context::Context;
use super::drive::block_on;
use super::exit::{Exit, Failure};
use super::{
    answer, author, book, check, cohort, console, grade, hint, init, list, manual, next, report, reset,
    review, solution, version, watch,
};
use crate::cli::{Cli, Command};
use crate::grader::adopt_orphans;
use crate::workspace::EditorSettings;

/// Prints what the command line itself answers with: `--help`, or what is wrong with it.
#[must_use]
pub fn explain(answer: &clap::Error) -> ExitCode {
    if answer.use_stderr() || std::io::stdout().is_terminal() {
        // With standard error gone there is nobody left to tell.
        let _ = answer.print();
    } else {
        let _ = console::Stdout.write_all(answer.to_string().as_bytes());
    }
    match console::all_written() {
        Ok(()) => ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2)),
        Err(failure) => {
            failure.report();
            failure.exit().into()
        }
    }
}

/// Runs what the command line asks for, and reports a failure on standard error.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    match try_run(cli).and_then(|exit| console::all_written().map(|()| exit)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.report();
            failure.exit().into()
        }
    }
}

fn try_run(cli: Cli) -> Result<Exit, Failure> {
    adopt_orphans();
    let named = cli.workbook.as_deref();
    if cli.version {
        return block_on(version::run(named));
    }
    let learner = || Context::of_learner(named);
    // Which workbook grades other people's work, only the command line says.
    let grading = || Context::of_grader(named);
    match cli.command {
        None => watch::run(&learner()?, cli.watch),
        Some(Command::Init { dir, vscode, zed }) => {
            let editors = [(vscode, EditorSettings::VsCode), (zed, EditorSettings::Zed)];
            let editors: Vec<_> =
                editors.into_iter().filter_map(|(wanted, editor)| wanted.then_some(editor)).collect();
            init::run(named, dir.as_deref(), &editors)
        }
        Some(Command::Run { name, timeline, output }) => {
            block_on(super::run::run(&learner()?, name.as_deref(), timeline, output))
        }
        Some(Command::Check { output }) => block_on(check::run(&learner()?, output)),
        Some(Command::Next { path }) => next::run(&learner()?, path),
        Some(Command::List { output }) => list::run(&learner()?, output),
        Some(Command::Hint { name }) => hint::run(&learner()?, name.as_deref()),
        Some(Command::Answer { name, choice, output }) => {
            block_on(answer::run(&learner()?, &name, choice, output))
        }
        Some(Command::Reset { name, from_mine }) => reset::run(&learner()?, &name, from_mine),
        Some(Command::Review { name, choice, off, on }) => {
            let asked = match &name {
                _ if off || on => review::Asked::Switch(on),
                Some(name) => review::Asked::Step(name, choice),
                None => review::Asked::Due,
            };
            block_on(review::run(&learner()?, asked))
        }
        Some(Command::Solution { name, give_up, diff }) => solution::run(&learner()?, &name, give_up, diff),
        Some(Command::Book { dir, open }) => book::run(&learner()?, &dir, open),
        Some(Command::Grade { name, files, unconfined, output }) => block_on(async {
            let context = Context::while_probing(!unconfined, grading).await?;
            grade::run(&context, &name, &files, unconfined, output).await
        }),
        // It reads its workbook itself: a faulty one is what it is for.
        Some(Command::Author(command)) => author::run(named, command),
        Some(Command::Completions { shell }) => manual::completions(shell),
        Some(Command::Man { dir }) => manual::pages(dir.as_deref()),
        Some(Command::Report(options)) => block_on(async {
            let context = Context::while_probing(options.confined, grading).await?;
            report::run(&context, &options).await
        }),
        Some(Command::Cohort(cohort)) => block_on(async {
            let context = Context::while_probing(!cohort.unconfined, grading).await?;
            cohort::run(&context, *cohort).await
        }),
    }
}
