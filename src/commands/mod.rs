//! One file a command, each a few lines of glue.

mod answer;
mod author;
mod author_mutate;
mod check;
mod cohort;
mod console;
mod context;
mod exit;
mod grade;
mod hint;
mod init;
mod list;
mod manual;
mod next;
mod progress;
mod report;
mod reset;
mod run;
mod solution;
mod version;
mod watch;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::grader::adopt_orphans;
use crate::system::signals::Signals;
use context::Context;
use exit::{Exit, Failure};

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
    // A learner's folder says which workbook it is for. Who grades other people's folders does not go by that.
    let grading = || Context::new(named);
    match cli.command {
        None => watch::run(&learner()?, cli.watch),
        Some(Command::Init { dir }) => init::run(named, dir.as_deref()),
        Some(Command::Run { name, timeline, output }) => {
            block_on(run::run(&learner()?, name.as_deref(), timeline, output))
        }
        Some(Command::Check { output }) => block_on(check::run(&learner()?, output)),
        Some(Command::Next { path }) => next::run(&learner()?, path),
        Some(Command::List { output }) => list::run(&learner()?, output),
        Some(Command::Hint { name }) => hint::run(&learner()?, name.as_deref()),
        Some(Command::Answer { name, choice, output }) => answer::run(&learner()?, &name, choice, output),
        Some(Command::Reset { name }) => reset::run(&learner()?, &name),
        Some(Command::Solution { name, give_up, diff }) => solution::run(&learner()?, &name, give_up, diff),
        Some(Command::Grade { name, files, unconfined, output }) => {
            block_on(grade::run(&grading()?, &name, &files, unconfined, output))
        }
        // It reads its workbook itself: a faulty one is what it is for.
        Some(Command::Author(command)) => author::run(named, command),
        Some(Command::Completions { shell }) => manual::completions(shell),
        Some(Command::Man { dir }) => manual::pages(dir.as_deref()),
        Some(Command::Report(options)) => block_on(report::run(&grading()?, &options)),
        Some(Command::Cohort(cohort)) => block_on(cohort::run(&grading()?, *cohort)),
    }
}

/// Drives a command to its end, or until the user or the system asks it to stop. Then its future is dropped, and with
/// it every process that it started: they are in groups of their own and would not hear the terminal's Ctrl-C.
///
/// One thread is enough: the work is done by children.
fn block_on(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::runtime)?;
    runtime.block_on(async {
        tokio::select! {
            result = command => result,
            number = stop_signal() => Ok(Exit::Stopped(number?)),
        }
    })
}

/// Waits for the first signal that asks to stop, and gives its number.
async fn stop_signal() -> Result<u8, Failure> {
    let mut signals = Signals::new().map_err(Failure::runtime)?;
    Ok(signals.next().await.number())
}
