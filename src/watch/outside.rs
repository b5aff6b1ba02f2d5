//! What the loop acts on and listens to, as traits: the tests have a world of their own.

use std::io;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc::UnboundedReceiver;

use crate::grader::{Activity, Ask, Played, Told};
use crate::screen::watch::View;
use crate::workspace::Progress;

use super::event::{Change, Event, Graded, Occasion, Restored};

/// What effects act on.
pub(super) trait World {
    /// A grading of the learner's file; `None` if the name is no exercise. Dropping it stops it.
    fn grade(
        &self,
        name: &str,
        activity: impl Fn(Activity) + Send + Sync + 'static,
    ) -> Option<impl Future<Output = Graded> + 'static>;
    /// A grading of the learner's files of all these exercises; `found` is told each as soon as it is known. Dropping
    /// it stops it.
    fn check(
        &self,
        names: &[String],
        activity: impl Fn(Activity) + Send + Sync + 'static,
        found: impl Fn(String, Graded) + 'static,
    ) -> impl Future<Output = ()> + 'static;
    /// A run of the learner's file as a program; what it tells is handed on as it comes, and `asks` may be asked of it while
    /// it runs. `None` if the name is no exercise. Dropping it ends the program.
    fn play(
        &self,
        name: &str,
        asks: UnboundedReceiver<Ask>,
        activity: impl Fn(Activity) + Send + Sync + 'static,
        told: impl Fn(Told<'_>) + 'static,
    ) -> Option<impl Future<Output = Played> + 'static>;
    /// Opens the learner's file of an exercise: with the terminal to itself or beside it, and the future of its end.
    /// Nothing happens before that is polled. `Err` says why there is nothing to open it with.
    fn edit(
        &self,
        name: &str,
        occasion: Occasion,
    ) -> Result<(Room, impl Future<Output = Result<(), String>> + 'static), String>;
    /// Remembers changes; gives the progress as it is then. Changes that could not be saved are saved with later ones.
    fn save(&mut self, changes: &[Change]) -> Result<Progress, Unsaved>;
    /// Puts a starter back.
    fn reset(&mut self, name: &str) -> Result<Restored, String>;
    /// The learner's text of an exercise.
    fn read(&self, name: &str) -> Result<String, String>;
    /// Points the workspace's manifest at an exercise.
    fn point(&mut self, name: &str) -> Result<(), String>;
    /// The learner's file of an exercise.
    fn path_of(&self, name: &str) -> Option<PathBuf>;
    /// What can be made ready for later, once the first verdict is there and nobody waits.
    fn prepare(&self) -> impl Future<Output = ()> + 'static;
}

/// Changes that could not be saved.
#[derive(Debug)]
pub(super) struct Unsaved {
    /// The progress with them; `None` if it cannot even be read.
    pub(super) progress: Option<Box<Progress>>,
    /// What failed, for people.
    pub(super) problem: String,
}

impl From<Unsaved> for Event {
    fn from(Unsaved { progress, problem }: Unsaved) -> Self {
        match progress {
            Some(progress) => Self::Unsaved(progress, problem),
            None => Self::Failed(problem),
        }
    }
}

/// Where the learner looks.
pub(super) trait Display {
    /// Shows what there is to see, in so many columns and rows; only what has changed since the last time is written.
    fn draw(&mut self, view: &View<'_>, size: (usize, usize)) -> io::Result<()>;
    /// Forgets what is on the screen: the next frame is written whole.
    fn forget(&mut self);
    /// Gives the terminal back for a while.
    fn lend(&mut self);
    /// Takes the terminal again: the next frame is written whole. Gives its columns and rows, which may be others now.
    fn take_back(&mut self) -> io::Result<(usize, usize)>;
    /// Whether the terminal listens to us, and not to another job of the shell.
    fn is_ours(&self) -> bool;
    /// Stops the program; returns when it is continued.
    fn stop(&mut self) -> io::Result<()>;
}

/// What happened to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Save {
    /// It was saved.
    Changed,
    /// It is gone.
    Missing,
}

/// Saves of one file.
pub(super) trait Saves {
    /// From now on this file, or none. What was saved before does not count. Gives a warning for the learner when
    /// saves will be noticed late.
    fn watch(&mut self, path: Option<&Path>) -> Option<String>;
    /// The next save. Nothing is lost when this future is dropped.
    fn next(&mut self) -> impl Future<Output = Save>;
}

/// What an editor needs of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A window of its own.
    Window,
    /// The terminal.
    Terminal,
}

/// Keys, signals and changes of the screen's size.
pub(super) trait Input {
    /// Leaves the keys to someone else from now on, or no longer.
    fn lend(&mut self, lent: bool);
    /// The next event. Nothing is lost when this future is dropped.
    fn next(&mut self) -> impl Future<Output = Event>;
}
