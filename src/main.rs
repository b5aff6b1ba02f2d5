//! argv → command → exit code.

use std::process::ExitCode;

use clap::Parser;
use tokiolings::cli::Cli;
use tokiolings::commands;
use tokiolings::grader::{raise_open_files, walls};

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).peekable();
    if args.next_if(|word| word == walls::WORD).is_some() {
        return walls::become_child(args);
    }
    raise_open_files();
    match Cli::try_parse() {
        Ok(cli) => commands::run(cli),
        Err(answer) => commands::explain(&answer),
    }
}
