//! argv → command → exit code.

use std::process::ExitCode;

use clap::Parser;
use tokiolings::cli::Cli;
use tokiolings::commands;
use tokiolings::grader::confine;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).peekable();
    if args.next_if(|word| word == confine::WORD).is_some() {
        return confine::become_child(args);
    }
    commands::run(Cli::parse())
}
