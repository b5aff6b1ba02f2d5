//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::report::cohort::Partition;

/// Learn async Rust and Tokio by fixing small broken programs.
///
/// Without a command it opens the watcher: in a workspace on the exercise where you left off; elsewhere it first sets
/// up a workspace in ./tokiolings. Edit the file that it names in your own editor; each save is compiled and graded
/// by hidden tests.
#[derive(Debug, Parser)]
#[command(version, disable_version_flag = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// Use the workbook in this folder (exercises/, solutions/, tests/) in place of the built-in one.
    ///
    /// A workspace remembers the workbook that it was set up with, for the commands of its learner. Elsewhere they take the
    /// one that the current folder is in. grade, report and cohort do neither: they use the built-in one unless you name
    /// another, and none that lies in what they grade.
    #[arg(long, global = true, value_name = "DIR")]
    pub workbook: Option<PathBuf>,

    /// Print the version, the workbook that is used here, and the compiler that grades.
    #[arg(short = 'V', long)]
    pub version: bool,

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
    /// Without it the watcher waits for the key `n`. What was solved stands above the next step; quizzes and predictions
    /// always wait.
    #[arg(long)]
    pub auto_advance: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up a workspace: exercises, chapter pages, and a Cargo.toml for your editor.
    ///
    /// Files that exist are never overwritten; running it again adds what is missing. The workspace remembers its
    /// workbook.
    Init {
        /// Where; it is created if need be. Left out: the workspace that the current folder is in, or else ./tokiolings.
        dir: Option<PathBuf>,
    },
    /// Grade one exercise, once.
    ///
    /// Says what the watcher would say after a save, and counts as an attempt. A quiz is shown instead, and so is a prediction.
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
    ///
    /// Files that are as they were are not compiled again. What passes is recorded as solved; nothing counts as an
    /// attempt. Progress goes to standard error, so results can be piped.
    Check {
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Show the step that you are at: its name, its file and its state.
    ///
    /// It is the one that the watcher opens with.
    Next {
        /// Print nothing but the path of its file, for scripts: `vim "$(tokiolings next --path)"`.
        #[arg(long)]
        path: bool,
    },
    /// List every step and where you stand.
    ///
    /// Signs: ✓ solved, · to do, » skipped, ~ solved before its hidden tests changed (`tokiolings check` looks again).
    /// "extra" is off the short core path. The watcher's list (key l) can be searched and filtered.
    List {
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Show the next hint of an exercise; each call shows one more.
    ///
    /// The first only points, the last nearly gives it away. Hints are counted, and cost nothing.
    Hint {
        /// Its name; the current one if left out.
        name: Option<String>,
    },
    /// Answer a quiz or a prediction, by the number of the choice as shown.
    ///
    /// Choices stand in an order of your own that never changes. A wrong answer costs nothing and is told what it
    /// overlooks; the right one brings the explanation. The program of a prediction runs once there is an answer.
    Answer {
        /// Its name.
        name: String,
        /// The number of the choice; left out, the question is shown.
        choice: Option<usize>,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Put the starter of an exercise back; your file is kept.
    ///
    /// It goes to .tokiolings/backups, under a name of its own, and the message says which. What was solved stays solved.
    Reset {
        /// The exercise's name.
        name: String,
        /// Start from your own file of the step before instead, where the exercise builds on one.
        #[arg(long)]
        from_mine: bool,
    },
    /// Show the reference solution of an exercise that you have solved.
    ///
    /// It is one way among others: whatever passes the hidden tests is right.
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
    /// Report the score of a workspace, in the formats that other systems read.
    ///
    /// Every exercise is graded from source, so that an edited progress file changes nothing; what was graded before
    /// comes from the cache. Nothing in the workspace is changed.
    #[command(after_help = REPORT_EXIT_CODES)]
    Report(Report),
    /// Grade a whole cohort from source: one table of who is where.
    ///
    /// Each sub-folder of DIR is a learner's workspace, or holds one in tokiolings/. Every exercise is graded behind
    /// walls, equal submissions once. Nothing is written into learners' folders. A run that was stopped goes on where
    /// it was. A folder that cannot be read is a row that says so.
    ///
    /// Exit codes: 0 the cohort was graded, whoever has solved what; 2 the command line, the roster or a file is wrong; 3
    /// the machine lacks something, or could not grade every submission.
    Cohort(Box<Cohort>),
    /// Print what makes a shell complete commands and options.
    ///
    /// Write it where your shell looks for completions. bash: ~/.local/share/bash-completion/completions/tokiolings. fish:
    /// ~/.config/fish/completions/tokiolings.fish. zsh: _tokiolings in a folder of $fpath. elvish and PowerShell: a file that
    /// your profile sources.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page: `tokiolings man | man -l -`.
    Man {
        /// Write a page for each command into this folder instead, which is made if need be.
        dir: Option<PathBuf>,
    },
}

/// What an instructor does.
#[derive(Debug, Subcommand)]
pub enum AuthorCommand {
    /// Start an exercise or a prediction, from a template in which every place to fill in is marked; or a whole workbook.
    ///
    /// With a name it writes the starter, the solution, hidden tests, a first wrong answer, and the entry in chapter.toml.
    /// With --predict it writes a prediction instead: its program, and the entry. Without a name, and with --workbook DIR,
    /// it starts a workbook in DIR. Nothing is ever overwritten.
    New {
        /// The chapter, which may be new, and the name: 03_futures_by_hand/first_poll.
        #[arg(value_name = "CHAPTER/NAME")]
        name: Option<String>,
        /// Start a prediction: a short program, and a question of what it prints.
        #[arg(long, requires = "name")]
        predict: bool,
    },
    /// Prove exercises: format, starter, solution, right and wrong answers, hidden tests, hints, style, quizzes,
    /// predictions, links. All faults in one run.
    Check {
        /// Exercises and predictions; all of the workbook if none is named.
        names: Vec<String>,
        /// How often the hidden tests must accept the solution and each right answer, with every core kept busy.
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        repeat: u32,
        /// How often they must refuse the starter and each wrong answer, with every core kept busy and for one reason; 0
        /// leaves that out.
        #[arg(long, value_name = "N", default_value_t = 3)]
        repeat_wrong: u32,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Look for gaps in hidden tests: grade mutants of the solutions, and list those that are accepted.
    ///
    /// A mutant is the solution with one mistake: a slip of the pen (an await, a statement, a wake is left out, a
    /// comparison is turned round), or another idea of it, as learners have (asking in circles, giving up, keeping
    /// the first waker, three tasks at a time, 0 taken for nothing). The hidden tests have to notice. One that behaves
    /// like the solution is recorded in tests/equivalent/, with the reason, and not listed again. Where the solution is
    /// fast, a hidden test of a mutant is stopped after two seconds: one that hangs is caught however long it is
    /// watched. Last come the tests that refuse no mutant; for a single exercise, how many mutants each one refuses.
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

/// A cohort, graded here or joined from several machines.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cohort {
    /// Join instead of grading.
    #[command(subcommand)]
    pub merge: Option<CohortMerge>,
    /// The folder of the learners' folders; one named `merge` is written ./merge.
    #[arg(required_unless_present = "roster")]
    pub dir: Option<PathBuf>,
    /// A CSV file with the columns name and path in place of DIR; its other columns are carried along. Commas, semicolons
    /// or tabs.
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    pub roster: Option<PathBuf>,
    /// Grade only the K-th of N shares of the learners, here; needs --json, for `cohort merge`.
    #[arg(long, value_name = "K/N", requires = "json")]
    pub partition: Option<Partition>,
    /// Balance the shares by what each learner cost in a former run, whose --json file this is.
    #[arg(long, value_name = "FILE", requires = "partition")]
    pub costs: Option<PathBuf>,
    /// Where an unfinished run is remembered, in place of a file in TOKIOLINGS_HOME.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// A secret file of 16 bytes or more, for all shares of a cohort: hidden tests then draw the same values from the same
    /// text on every machine. Without it each machine has its own secret.
    #[arg(long, value_name = "FILE")]
    pub seed: Option<PathBuf>,
    /// Run submissions with all your rights where this machine cannot confine them; only for code that you trust.
    #[arg(long)]
    pub unconfined: bool,
    /// Where to write.
    #[command(flatten)]
    pub files: CohortFiles,
}

/// What can be done with a cohort besides grading it.
#[derive(Debug, Subcommand)]
pub enum CohortMerge {
    /// Join the --json files of all shares into one cohort; or write another format of one file.
    ///
    /// Refused: files of different workbooks or versions, learners in two files, learners in none.
    Merge {
        /// The files.
        #[arg(required = true)]
        parts: Vec<PathBuf>,
        /// Where to write.
        #[command(flatten)]
        files: CohortFiles,
    },
}

/// The files that a cohort is written to; the summary is printed in any case.
#[derive(Debug, Args)]
pub struct CohortFiles {
    /// Write a table for spreadsheets.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write everything, as one JSON object.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write one page that needs nothing else: the table, each verdict, and where the cohort is stuck.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Also say what changed since a former run, whose --json file this is: on the page and in the summary.
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
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
    /// For programs: one object per line.
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
