//! What can happen to a session, and what it can ask for.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::grader::{Activity, Ask, Played};
use crate::verdict::{HangKind, Verdict};
use crate::workbook::{Step, Workbook};
use crate::workspace::{Progress, hidden_hash};

/// Names one grading, or one run of the learner's program. What comes from an older one is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub u64);

/// Something happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// A line was typed, where keys come as lines.
    Line(String),
    /// No more lines will come.
    NoMoreLines,
    /// The current file was saved.
    Saved,
    /// The current file is gone.
    Missing,
    /// A grading tells what it is doing.
    Activity(RunId, Activity),
    /// A grading has ended.
    Graded(RunId, Box<Graded>),
    /// A check has graded one exercise.
    Checked(RunId, String, Box<Graded>),
    /// A check is over.
    CheckOver(RunId),
    /// The learner's program has printed something.
    Printed(RunId, Vec<u8>),
    /// What the threads of the learner's program do: the answer to [`Ask::Look`].
    Seen(RunId, HangKind),
    /// The learner's program has ended, or never began.
    Played(RunId, Box<Played>),
    /// The progress as it is on disk now.
    Progress(Box<Progress>),
    /// The progress as it would be on disk, could it be saved: what failed, for people.
    Unsaved(Box<Progress>, String),
    /// The starter was put back.
    Reset(Restored),
    /// The learner's text of an exercise, as it is on disk.
    Source(String, String),
    /// An effect could not be performed: what failed, for people.
    Failed(String),
    /// An editor has ended that had the terminal.
    Edited,
    /// An editor could not be opened: what failed, for people.
    NotOpened(Occasion, String),
    /// The screen has another size now, in columns and rows.
    Resized(usize, usize),
    /// The program runs again after it was stopped by Ctrl-Z.
    Resumed,
    /// Time for the spinner to turn; so much time has passed since the loop began.
    Tick(Duration),
    /// The system wants the program to end.
    Signal(Signal),
}

/// Why a file is opened in an editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The learner has asked for it.
    Asked,
    /// The learner has come to the step.
    Arrival,
}

/// What came of putting a starter back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restored {
    /// The learner's text is kept in this file, below the workspace.
    Backup(PathBuf),
    /// It was the starter already.
    Unchanged,
    /// There was no file.
    Anew,
}

/// What a grading found.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// The verdict.
    pub verdict: Verdict,
    /// BLAKE3 of the text that was graded, in hexadecimal; `None` when it could not be read.
    pub source: Option<String>,
}

/// A key, as far as the session tells keys apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character, with Shift applied.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Backspace.
    Backspace,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Z.
    Suspend,
    /// Ctrl-L.
    Redraw,
}

/// A signal that ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP, or a terminal that is gone.
    HangUp,
}

/// Something to do. Effects are performed in order, and the screen is drawn after the last of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Grade the learner's file of an exercise, or run the program of a prediction.
    Grade(RunId, String),
    /// Grade the learner's files of all these exercises, in any order, as [`Event::Checked`] each.
    CheckAll(RunId, Vec<String>),
    /// Stop a grading, or a check.
    Cancel(RunId),
    /// Run the learner's file of an exercise as a program; one that is running ends.
    Play(RunId, String),
    /// Ask something of the learner's program while it runs.
    Ask(RunId, Ask),
    /// End the learner's program.
    Stop(RunId),
    /// Open the learner's file of an exercise in an editor; [`Event::NotOpened`] if that fails.
    Edit(String, Occasion),
    /// Remember all of this, at once; answered by [`Event::Progress`].
    Save(Vec<Change>),
    /// Put the starter of an exercise back; answered by [`Event::Reset`].
    Reset(String),
    /// Read the learner's file of an exercise; answered by [`Event::Source`].
    Read(String),
    /// Make the workspace's manifest show an exercise to Cargo and the editor.
    Point(String),
    /// Watch the file of this exercise for saves from now on, or no file.
    Watch(Option<String>),
    /// Draw what has changed on the screen.
    Draw,
    /// Draw the whole screen.
    Redraw,
    /// Stop the program until the shell continues it; answered by [`Event::Resumed`].
    Suspend,
    /// Leave.
    Quit,
}

/// Something to remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The learner is at this step now.
    GoTo(String),
    /// The learner has left this step for later.
    Skip(String),
    /// A grading that counts.
    Attempt(String),
    /// An exercise passed its hidden tests.
    Solved {
        /// The exercise.
        name: String,
        /// BLAKE3 of the text that passed.
        source: String,
    },
    /// The page of this chapter was shown.
    Page(String),
    /// One hint more was taken.
    Hint(String),
    /// A quiz was answered.
    Answer {
        /// The quiz.
        name: String,
        /// Index into its choices.
        choice: usize,
    },
    /// Reviews are on, or off.
    Reviews(bool),
}

impl Change {
    /// Writes it into `progress`. A step that the workbook does not have changes nothing.
    pub fn apply(&self, progress: &mut Progress, workbook: &Workbook, now: SystemTime) {
        match self {
            Self::GoTo(name) => progress.go_to(name),
            Self::Skip(name) => progress.skip(name),
            Self::Attempt(name) => progress.record_attempt(name),
            Self::Solved { name, source } => {
                if let Some(exercise) = workbook.step(name).and_then(Step::as_exercise) {
                    progress.record_solved(name, source, &hidden_hash(exercise), now);
                }
            }
            Self::Page(chapter) => progress.see_page(chapter),
            Self::Hint(name) => {
                if let Some(exercise) = workbook.step(name).and_then(Step::as_exercise) {
                    progress.take_hint(exercise);
                }
            }
            Self::Answer { name, choice } => {
                if let Some(quiz) = workbook.step(name).and_then(Step::as_quiz) {
                    progress.answer_quiz(quiz, *choice, now);
                }
            }
            Self::Reviews(on) => progress.switch_reviews(*on),
        }
    }
}
