//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::report::cohort::Partition;

/// Learn async Rust and Tokio by fixing small broken programs.
///
/// Without a command, it opens the watcher: in a workspace, at the exercise where you left off; elsewhere, it first sets
/// up a workspace in ./tokiolings. Edit the file that it names in your own editor. Each save is compiled and graded
/// by hidden tests.
#[derive(Debug, Parser)]
#[command(version, disable_version_flag = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// Use the workbook in this folder (exercises/, solutions/, tests/) instead of the built-in one.
    ///
    /// A workspace remembers the workbook that it was set up with. Elsewhere, learners' commands use the workbook around the
    /// current folder, if there is one. grade, report and cohort do neither: they use the built-in one unless you name
    /// another, and never one inside the folder that they grade.
    #[arg(long, global = true, value_name = "DIR")]
    pub workbook: Option<PathBuf>,

    /// Print the version, the workbook that is used here, and the compiler that grades.
    #[arg(short = 'V', long)]
    pub version: bool,

    /// How to watch.
    #[command(flatten)]
    pub watch: Watch,

    /// What to do; without a command, the watcher starts.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes: 0 all passed; 1 something is not solved; 2 the command line or the workbook is \
                          wrong; 3 something is missing on this machine (the message says what, and how to fix it).";

const REPORT_EXIT_CODES: &str = "Exit codes: 0 everything is solved; 1 something is not solved; 2 the command line or the \
                                 workbook is wrong, or a variable of classroom50 is missing; 3 something could not be \
                                 graded. With classroom50, gradescope and exercism, also 0 if something is not solved: \
                                 their systems treat any other code as a crash of the grader.";

/// Options of the watcher.
#[derive(Debug, Args)]
pub struct Watch {
    /// Check for saves every half second, for file systems that do not report them (network drives, some containers).
    #[arg(long)]
    pub poll: bool,

    /// The command with which the key `e` opens a file, as you would type it: "vim", "code -g", "emacsclient -nw".
    ///
    /// Without it: VISUAL, then EDITOR. In the terminals of VS Code and Zed, each step's file opens in that editor by
    /// itself, unless this option names another one.
    #[arg(long, value_name = "CMD")]
    pub edit: Option<String>,

    /// Watch without a screen: plain text, each verdict below the last one, for screen readers, logs and `tee`.
    ///
    /// A key is typed as a line: `h`, or its word, `hint`. An empty line is Enter, and the name of a step leads to it. The
    /// end of input ends the watcher. There are no escape sequences, except for colors on a terminal, which NO_COLOR turns
    /// off; no color means anything that the text does not say. A terminal with TERM=dumb gets this by itself.
    #[arg(long)]
    pub plain: bool,

    /// Go to the next step as soon as a save solves one and the compiler has no warnings.
    ///
    /// Without it, the watcher waits for the key `n`. The step that you solved is named above the next one; quizzes and
    /// predictions always wait.
    #[arg(long)]
    pub auto_advance: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up a workspace: exercises, chapter pages, and a Cargo.toml for your editor.
    ///
    /// It never overwrites a file; run it again to restore missing files. The workspace remembers its workbook.
    Init {
        /// Its folder, which is created if necessary; by default the workspace around the current folder, or ./tokiolings.
        dir: Option<PathBuf>,
        /// Also write .vscode: VS Code starts the watcher when it opens the folder, and suggests rust-analyzer.
        ///
        /// VS Code asks once whether it may start tasks by itself; choose Allow.
        #[arg(long)]
        vscode: bool,
        /// Also write .zed: the watcher is a task in Zed; run `task: spawn` to start it.
        #[arg(long)]
        zed: bool,
    },
    /// Grade one exercise, once.
    ///
    /// Says what the watcher would say after a save, and counts as an attempt. A quiz or a prediction is
    /// shown instead.
    Run {
        /// Its name; by default the current one.
        name: Option<String>,
        /// Also draw what was polled, woken and dropped when, if the hidden tests record it.
        #[arg(long)]
        timeline: bool,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Grade every exercise of the workspace.
    ///
    /// Unchanged files are not compiled again. What passes is recorded as solved; nothing counts as an
    /// attempt. Progress goes to standard error, so you can pipe the results.
    Check {
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Show the current step: its name, its file and its state.
    ///
    /// The watcher opens with this step, too.
    Next {
        /// Print only the path of its file, for scripts: `vim "$(tokiolings next --path)"`.
        #[arg(long)]
        path: bool,
    },
    /// List every step and its state.
    ///
    /// Signs: ✓ solved, · to do, » skipped, ~ solved before its hidden tests changed (`tokiolings check` grades it again).
    /// "extra" steps are not on the short core path. You can search and filter the watcher's list (key l).
    List {
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Show the next hint of an exercise; each call shows one more.
    ///
    /// The first one only points in a direction, the last one is almost the answer. Hints are counted, but cost nothing.
    Hint {
        /// Its name; by default the current one.
        name: Option<String>,
    },
    /// Answer a quiz or a prediction, by the number of the choice as shown.
    ///
    /// Your choices have their own order, which never changes. A wrong answer costs nothing, and the reply says what it
    /// overlooks. The right answer shows the explanation. The program of a prediction runs after your first answer.
    Answer {
        /// Its name.
        name: String,
        /// The number of the choice; without it, the question is shown.
        choice: Option<usize>,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Come back to what you have solved: questions after 1, 3, 7, 16 and 35 days, exercises after 7 and 35.
    ///
    /// Without a name it asks the questions that are due, ten minutes a day at most; the first answer to each counts. An
    /// exercise starts again in a file of its own, review/NAME_again.rs; run the command once more to grade that file. Your
    /// solved file and your progress stay as they are.
    Review {
        /// The question or the exercise; everything that is due if left out.
        name: Option<String>,
        /// The number of the choice as shown, for a question.
        choice: Option<usize>,
        /// Never remind me, and find nothing due.
        #[arg(long, conflicts_with_all = ["name", "on"])]
        off: bool,
        /// Remind me again.
        #[arg(long, conflicts_with = "name")]
        on: bool,
    },
    /// Put the starter of an exercise back; your file is kept.
    ///
    /// Your file goes to .tokiolings/backups, and the message says under which name. Solved exercises stay solved.
    Reset {
        /// The exercise's name.
        name: String,
        /// Start from your file of the step before instead, if the exercise builds on one.
        #[arg(long)]
        from_mine: bool,
    },
    /// Show the reference solution of an exercise that you have solved.
    ///
    /// It is one way among others: everything that passes the hidden tests is right.
    Solution {
        /// The exercise's name.
        name: String,
        /// Show it before you have solved the exercise; your progress records that.
        #[arg(long)]
        give_up: bool,
        /// Show how your file differs from it: side by side if there are 100 columns, otherwise line by line.
        #[arg(long)]
        diff: bool,
    },
    /// Write the workbook as a book of web pages, to read without a network.
    ///
    /// There is a page for each chapter, with its tasks and starters, and a search over all of them. Hints, hidden tests,
    /// solutions and the choices of questions are not in it. A folder that this command did not write is never overwritten.
    Book {
        /// The folder to write; it is created if it does not exist.
        #[arg(default_value = "tokiolings-book")]
        dir: PathBuf,
        /// Also open the first page in your browser.
        #[arg(long)]
        open: bool,
    },
    /// Grade any files as submissions for an exercise; needs no workspace.
    ///
    /// They are compiled and run in a sandbox: no access to other files, no network except loopback, no processes, and
    /// limits on memory, time and output.
    Grade {
        /// The exercise's name.
        name: String,
        /// The files, each a separate submission.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Run them with all your rights if this machine has no sandbox; only for code that you trust.
        #[arg(long)]
        unconfined: bool,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// For instructors: start an exercise, and prove it before learners see it.
    ///
    /// These commands work on a workbook in a folder: the one that --workbook names, or the one around the current folder.
    #[command(subcommand)]
    Author(AuthorCommand),
    /// Report the score of a workspace, in the formats that other systems read.
    ///
    /// Every exercise is graded from source, so an edited progress file changes nothing. Results are cached.
    /// Nothing in the workspace changes.
    #[command(after_help = REPORT_EXIT_CODES)]
    Report(Report),
    /// Grade a whole cohort from source: one table that shows how far everybody is.
    ///
    /// Each sub-folder of DIR is a learner's workspace, or contains one in tokiolings/. Every exercise is graded in a
    /// sandbox, and equal submissions only once. Nothing is written to learners' folders. A run that was stopped continues
    /// where it was. A folder that cannot be read becomes a row that says so.
    ///
    /// Exit codes: 0 the cohort was graded, however much is solved; 2 the command line, the roster or a file is wrong; 3
    /// something is missing on this machine, or not every submission could be graded.
    Cohort(Box<Cohort>),
    /// Print a script that lets your shell complete commands and options.
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
        /// Write a page for each command into this folder instead, which is created if necessary.
        dir: Option<PathBuf>,
    },
}

/// What an instructor does.
#[derive(Debug, Subcommand)]
pub enum AuthorCommand {
    /// Start an exercise or a prediction, from a template in which every place to fill in is marked; or a whole workbook.
    ///
    /// With a name, it writes the starter, the solution, hidden tests, a first wrong answer, and the entry in chapter.toml.
    /// With --predict, it writes a prediction instead: its program and the entry. Without a name, and with --workbook DIR, it starts
    /// a workbook in DIR. It never overwrites a file.
    New {
        /// The chapter, which may be new, and the name: 03_futures_by_hand/first_poll.
        #[arg(value_name = "CHAPTER/NAME")]
        name: Option<String>,
        /// Start a prediction: a short program, and a question of what it prints.
        #[arg(long, requires = "name")]
        predict: bool,
    },
    /// Prove exercises: format, starter, solution, right and wrong answers, hidden tests, hints, style, quizzes,
    /// predictions, links.
    /// Reports all problems in one run.
    Check {
        /// Exercises and predictions; by default all of the workbook.
        names: Vec<String>,
        /// How many times the hidden tests must accept the solution and each right answer, with every core busy.
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        repeat: u32,
        /// How many times they must refuse the starter and each wrong answer, with every core busy and always for the same
        /// reason; 0 skips this.
        #[arg(long, value_name = "N", default_value_t = 3)]
        repeat_wrong: u32,
        /// How to report.
        #[command(flatten)]
        output: Output,
    },
    /// Look for gaps in hidden tests: grade mutants of the solutions, and list those that are accepted.
    ///
    /// A mutant is the solution with one mistake: a typo (a missing await, statement or wake, a comparison the wrong way
    /// round), or a learner's misconception (polling in a loop, giving up, keeping the first waker, three tasks at a
    /// time, 0 treated as "nothing"). The hidden tests have to notice it. A mutant that behaves like the solution is
    /// recorded in tests/equivalent/, with the reason, and not listed again. If the solution is fast, a hidden test of a
    /// mutant is stopped after two seconds: a test that hangs has noticed the mistake. Last come the tests that refuse no
    /// mutant; for a single exercise, the number of mutants that each test refuses.
    Mutate {
        /// Exercises, or chapters (01_inert_plans); by default all of the workbook.
        names: Vec<String>,
        /// Print with each survivor the record that marks it as equivalent.
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
    /// A learner's workspace, or any folder with exercises/; by default the workspace around the current folder.
    pub dir: Option<PathBuf>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// Report what the progress file says, which its learner can edit, instead of grading.
    #[arg(long)]
    pub recorded: bool,
    /// Grade in a sandbox, as `grade` does: for other people's code.
    #[arg(long, conflicts_with = "recorded")]
    pub confined: bool,
    /// Write to this file instead of standard output, completely or not at all.
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
    /// For spreadsheets: one row per exercise.
    Csv,
    /// For CI systems: one suite per chapter, one case per exercise.
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
    /// Join files instead of grading.
    #[command(subcommand)]
    pub merge: Option<CohortMerge>,
    /// The folder that contains the learners' folders; write ./merge for one named `merge`.
    #[arg(required_unless_present = "roster")]
    pub dir: Option<PathBuf>,
    /// A CSV file with the columns name and path, instead of DIR; its other columns are copied to the output. Commas,
    /// semicolons or tabs.
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    pub roster: Option<PathBuf>,
    /// Grade only the K-th of N shares of the learners, here; needs --json, for `cohort merge`.
    #[arg(long, value_name = "K/N", requires = "json")]
    pub partition: Option<Partition>,
    /// Balance the shares by the time that each learner's work took in an earlier run, whose --json file this is.
    #[arg(long, value_name = "FILE", requires = "partition")]
    pub costs: Option<PathBuf>,
    /// Where an unfinished run is saved, instead of a file in TOKIOLINGS_HOME.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// A secret file of at least 16 bytes, for all shares of a cohort: then hidden tests draw the same values for the same
    /// text on every machine. Without it, each machine has its own secret.
    #[arg(long, value_name = "FILE")]
    pub seed: Option<PathBuf>,
    /// Run submissions with all your rights if this machine has no sandbox; only for code that you trust.
    #[arg(long)]
    pub unconfined: bool,
    /// Where to write.
    #[command(flatten)]
    pub files: CohortFiles,
}

/// What can be done with a cohort besides grading it.
#[derive(Debug, Subcommand)]
pub enum CohortMerge {
    /// Join the --json files of all shares into one cohort; or convert one file to another format.
    ///
    /// It refuses files of different workbooks or versions, learners in two files, and learners in none.
    Merge {
        /// The files.
        #[arg(required = true)]
        parts: Vec<PathBuf>,
        /// Where to write.
        #[command(flatten)]
        files: CohortFiles,
    },
}

/// The files that a cohort is written to; the summary is always printed.
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
    /// Also say what changed since an earlier run, whose --json file this is: on the page and in the summary.
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
}

/// How a command that reports does it.
#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// Text for people, or one JSON object per line.
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
