//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Learn async Rust and Tokio by mending small broken programs.
///
/// Without a command it opens the watcher: in a workspace on the exercise where you left off; elsewhere it first sets
/// up a workspace in ./tokiolings. Edit the file that it names in your own editor; each save is compiled and graded
/// by hidden tests.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// Use the workbook in this folder (exercises/, solutions/, tests/) in place of the built-in one.
    #[arg(long, global = true, value_name = "DIR")]
    pub workbook: Option<PathBuf>,

    /// How to watch.
    #[command(flatten)]
    pub watch: Watch,

    /// What to do; the watcher if nothing is named.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes: 0 all passed; 1 something is not solved; 2 the command line or the workbook is \
                          wrong; 3 the machine lacks something (the message says what, and the remedy).";

const REPORT_EXIT_CODES: &str = "Exit codes: 0 all solved; 1 something is not solved; 2 the command line or the workbook \
                                 is wrong, or a variable of classroom50 is missing; 3 something could not be graded. \
                                 With classroom50, gradescope and exercism, whose systems take any other code for a \
                                 crash of the grader, 0 as well when something is not solved.";

/// Options of the watcher.
#[derive(Debug, Args)]
pub struct Watch {
    /// Look for saves every half second, for file systems that do not report them (network drives, some containers).
    #[arg(long)]
    pub poll: bool,

    /// What the key `e` opens a file with, as you would type it: "vim", "code -g", "emacsclient -nw".
    ///
    /// Without it: VISUAL, then EDITOR. In the terminals of VS Code and Zed each step's file opens by itself, in that
    /// editor, unless this names another.
    #[arg(long, value_name = "CMD")]
    pub edit: Option<String>,

    /// Go on to the next step as soon as a save solves one and the compiler has nothing to remark.
    ///
    /// Without it the watcher waits for the key `n`. What was solved stands above the next step; quizzes always wait.
    #[arg(long)]
    pub auto_advance: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up a workspace: exercises, chapter pages, and a Cargo.toml for your editor.
    ///
    /// Files that exist are never overwritten; running it again adds what is missing.
    Init {
        /// Where; it is created if need be.
        #[arg(default_value = "tokiolings")]
        dir: PathBuf,
    },
    /// Grade one exercise, once.
    Run {
        /// Its name; the current one if left out.
        name: Option<String>,
        /// Also draw who was polled, woken and dropped when, where the hidden tests record it.
        #[arg(long)]
        timeline: bool,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Grade every exercise of the workspace.
    Check {
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Show the step that you are at: its name, its file and its state.
    Next {
        /// Print nothing but the path of its file, for scripts: `vim "$(tokiolings next --path)"`.
        #[arg(long)]
        path: bool,
    },
    /// List every step and where you stand.
    List {
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Show the next hint of an exercise; each call shows one more.
    Hint {
        /// Its name; the current one if left out.
        name: Option<String>,
    },
    /// Answer a quiz, by the number of the choice as shown.
    Answer {
        /// The quiz's name.
        name: String,
        /// The number of the choice; left out, the question is shown.
        choice: Option<usize>,
    },
    /// Put the starter of an exercise back; your file is kept as a backup, and the message says where.
    Reset {
        /// The exercise's name.
        name: String,
    },
    /// Show the reference solution of an exercise that you have solved.
    Solution {
        /// The exercise's name.
        name: String,
        /// Show it unsolved; that is recorded in your progress.
        #[arg(long)]
        give_up: bool,
        /// Show how your file differs from it: side by side from 100 columns on, else line by line.
        #[arg(long)]
        diff: bool,
    },
    /// Grade any files as submissions for an exercise; needs no workspace.
    ///
    /// They are compiled and run behind walls: no files but their own, no network but loopback, no processes of their
    /// own, bounded memory, time and output.
    Grade {
        /// The exercise's name.
        name: String,
        /// The files, each a submission of its own.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Run them with all your rights where this machine cannot confine them; only for code that you trust.
        #[arg(long)]
        unconfined: bool,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// For instructors: start an exercise, and prove it good before a learner meets it.
    ///
    /// They work on a workbook in a folder: the one of --workbook, or the one that the current folder is in.
    #[command(subcommand)]
    Author(AuthorCommand),
    /// Report what a workspace is worth, in the formats that other systems read.
    ///
    /// Every exercise is graded from source, so that an edited progress file changes nothing; what was graded before
    /// comes from the cache. Nothing in the workspace is changed.
    #[command(after_help = REPORT_EXIT_CODES)]
    Report(Report),
}

/// What an instructor does.
#[derive(Debug, Subcommand)]
pub enum AuthorCommand {
    /// Start an exercise, from a template in which every place to fill in is marked; or a whole workbook.
    ///
    /// With a name it writes the starter, the solution, hidden tests, a first wrong answer, and the entry in chapter.toml.
    /// Without one, and with --workbook DIR, it starts a workbook in DIR. Nothing is ever overwritten.
    New {
        /// The chapter, which may be new, and the name: 03_futures_by_hand/first_poll.
        #[arg(value_name = "CHAPTER/NAME")]
        name: Option<String>,
    },
    /// Prove exercises: format, starter, solution, right and wrong answers, hints, style, links. All faults in one run.
    Check {
        /// Exercises; all of the workbook if none is named.
        names: Vec<String>,
        /// How often the hidden tests must accept the solution and each right answer, with every core kept busy.
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        repeat: u32,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Look for gaps in hidden tests: grade mutants of the solutions, and list those that are accepted.
    ///
    /// A mutant differs from the solution in one place: an await, a statement, a wake is left out, a comparison is
    /// turned round. The hidden tests have to notice. One that behaves like the solution is recorded in
    /// tests/equivalent/, with the reason, and not listed again. Where the solution is fast, a hidden test of a mutant
    /// is stopped after two seconds: one that hangs is caught however long it is watched.
    Mutate {
        /// Exercises, or chapters (01_inert_plans); all of the workbook if none is named.
        names: Vec<String>,
        /// Print with each survivor the record that would name it as equivalent.
        #[arg(long)]
        records: bool,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
}

/// What to report on a workspace, and how.
#[derive(Debug, Args)]
pub struct Report {
    /// A learner's workspace, or any folder with its exercises/; the workspace around the current folder if left out.
    pub dir: Option<PathBuf>,
    /// In which format.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// Repeat the progress file, which its learner can edit, instead of grading.
    #[arg(long)]
    pub recorded: bool,
    /// Grade behind walls, as `grade` does: for other people's code.
    #[arg(long, conflicts_with = "recorded")]
    pub confined: bool,
    /// Write to this file, whole or not at all, in place of standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The formats of `report`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    Text,
    /// For programs: one object, tokiolings/report/v1.
    Json,
    /// For spreadsheets: one row an exercise.
    Csv,
    /// For CI systems: a suite a chapter, a case an exercise.
    Junit,
    /// Classroom 50's result.json; needs the variables that its runner sets.
    Classroom50,
    /// Gradescope's results.json.
    Gradescope,
    /// Exercism's results.json, version 3.
    Exercism,
}

/// How a command that reports does it.
#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// Text for people, or one JSON object a line.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
