//! The loop: performs effects, draws, waits for the next event.
//!
//! One task and one thread: there is nothing here to do in parallel. Compilers and tests are processes of their own,
//! and a frame takes microseconds. So no state is shared, and a grading is stopped by dropping its future.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::grader::{Activity, Grader};
use crate::screen::watch::frame;
use crate::screen::{Line, Role};
use crate::workspace::{self, Progress, Workspace};

use super::event::{Change, Effect, Event, Graded, Restored, RunId};
use super::files::{Files, Save};
use super::input::Terminal as TerminalInput;
use super::session::Session;
use super::terminal::Terminal;
use super::world::Desk;

/// A turn of the spinner: often enough to look alive.
const TICK: Duration = Duration::from_millis(100);

/// How to watch.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Look for saves twice a second instead of being told by the file system.
    pub poll: bool,
    /// Something to say on the first screen, such as where a new workspace is.
    pub notice: Option<String>,
}

/// Why the watcher could not go on. The terminal is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The terminal cannot be used.
    #[error("use the terminal (without one, `tokiolings run` grades the current step)")]
    Terminal(#[source] io::Error),
    /// The workspace cannot be used.
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    /// A result could not be written to standard output.
    #[error("write to standard output")]
    Output(#[source] io::Error),
}

/// Watches until the learner leaves. Needs a terminal on standard input and output, and a Tokio runtime with I/O
/// and time; one thread is enough.
///
/// # Errors
/// The terminal or the workspace cannot be used.
pub async fn run(grader: Grader, workspace: Workspace, options: Options) -> Result<(), Error> {
    let loaded = workspace.store().load()?;
    let mut files = Files::new(options.poll);
    let mut input = TerminalInput::new().map_err(Error::Terminal)?;
    let mut terminal = Terminal::enter().map_err(Error::Terminal)?;
    let workbook = grader.workbook().clone();
    let mut session = Session::new(workbook.clone(), loaded.progress, terminal.size());
    if let Some(notice) = options.notice {
        session.say(Role::Good, notice);
    }
    if let Some(recovered) = loaded.recovered {
        session.say(Role::Warn, recovered);
    }
    let desk = Desk { workbook, workspace, grader };
    drive(session, desk, &mut terminal, &mut files, &mut input).await.map_err(Error::Terminal)
}

/// What effects act on.
pub(super) trait World {
    /// A grading of the learner's file; `None` if the name is no exercise. Dropping it stops it.
    fn grade(
        &self,
        name: &str,
        activity: impl Fn(Activity) + Send + Sync + 'static,
    ) -> Option<impl Future<Output = Graded> + 'static>;
    /// Remembers changes; gives the progress as it is then.
    fn save(&mut self, changes: &[Change]) -> Result<Progress, String>;
    /// Puts a starter back.
    fn reset(&mut self, name: &str) -> Result<Restored, String>;
    /// Points the workspace's manifest at an exercise.
    fn point(&mut self, name: &str) -> Result<(), String>;
    /// The learner's file of an exercise.
    fn path_of(&self, name: &str) -> Option<PathBuf>;
    /// What can be made ready for later, once the first verdict is there and nobody waits.
    fn prepare(&self) -> impl Future<Output = ()> + 'static;
}

/// Where the learner looks.
pub(super) trait Display {
    /// Shows a frame; only what has changed since the last one is written.
    fn draw(&mut self, frame: &[Line]) -> io::Result<()>;
    /// Forgets what is on the screen: the next frame is written whole.
    fn forget(&mut self);
    /// Gives the terminal back, stops the program, and takes the terminal again once it is continued.
    fn suspend(&mut self) -> io::Result<()>;
}

/// Saves of one file.
pub(super) trait Saves {
    /// From now on this file, or none. What was saved before does not count. Gives a warning for the learner when
    /// saves will be noticed late.
    fn watch(&mut self, path: Option<&Path>) -> Option<String>;
    /// The next save. Nothing is lost when this future is dropped.
    fn next(&mut self) -> impl Future<Output = Save>;
}

/// Keys, signals and changes of the screen's size.
pub(super) trait Input {
    /// The next event. Nothing is lost when this future is dropped.
    fn next(&mut self) -> impl Future<Output = Event>;
}

/// The grading under way.
type Running = (RunId, Pin<Box<dyn Future<Output = Graded>>>);

/// Runs a session until it quits.
pub(super) async fn drive(
    mut session: Session,
    mut world: impl World,
    display: &mut impl Display,
    saves: &mut impl Saves,
    input: &mut impl Input,
) -> io::Result<()> {
    let (activity, mut activities) = mpsc::unbounded_channel::<(RunId, Activity)>();
    let mut grading: Option<Running> = None;
    let mut preparing: Option<Preparing> = None;
    let mut prepared = false;
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut effects = VecDeque::from(session.start());
    loop {
        let mut draw = false;
        while let Some(effect) = effects.pop_front() {
            let answer = match effect {
                Effect::Grade(id, name) => {
                    let activity = activity.clone();
                    // The receiver lives as long as this loop; when the loop is over, nobody wants to know.
                    let tell = move |what| drop(activity.send((id, what)));
                    grading = world.grade(&name, tell).map(|future| (id, Box::pin(future) as _));
                    ticks.reset();
                    None
                }
                Effect::Cancel(id) => {
                    grading.take_if(|(running, _)| *running == id);
                    None
                }
                Effect::Save(changes) => Some(match world.save(&changes) {
                    Ok(progress) => Event::Progress(Box::new(progress)),
                    Err(problem) => Event::Failed(problem),
                }),
                Effect::Reset(name) => Some(world.reset(&name).map_or_else(Event::Failed, Event::Reset)),
                Effect::Point(name) => world.point(&name).err().map(Event::Failed),
                Effect::Watch(name) => {
                    let path = name.and_then(|name| world.path_of(&name));
                    saves.watch(path.as_deref()).map(Event::Failed)
                }
                Effect::Draw => {
                    draw = true;
                    None
                }
                Effect::Redraw => {
                    display.forget();
                    draw = true;
                    None
                }
                Effect::Suspend => {
                    display.suspend()?;
                    Some(Event::Resumed)
                }
                Effect::Quit => return Ok(()),
            };
            // An answer comes before the effects that were asked for later: a result is saved, or said not to be,
            // before anything about it is drawn.
            for effect in
                answer.into_iter().flat_map(|event| session.on(event)).collect::<Vec<_>>().into_iter().rev()
            {
                effects.push_front(effect);
            }
        }
        if draw {
            let (width, height) = session.size();
            display.draw(&frame(&session.view(), width, height))?;
        }
        let event = tokio::select! {
            // What the learner does comes before what the machine does.
            biased;
            event = input.next() => event,
            save = saves.next() => match save {
                Save::Changed => Event::Saved,
                Save::Missing => Event::Missing,
            },
            Some((id, what)) = activities.recv() => Event::Activity(id, what),
            (id, graded) = finished(&mut grading) => {
                grading = None;
                if !prepared {
                    prepared = true;
                    preparing = Some(Box::pin(world.prepare()));
                }
                Event::Graded(id, Box::new(graded))
            }
            () = done(&mut preparing) => {
                preparing = None;
                continue;
            }
            _ = ticks.tick(), if grading.is_some() => Event::Tick,
        };
        effects.extend(session.on(event));
    }
}

/// What goes on in the background.
type Preparing = Pin<Box<dyn Future<Output = ()>>>;

/// The end of what goes on in the background; never, while there is nothing.
async fn done(preparing: &mut Option<Preparing>) {
    match preparing {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

/// The result of the grading under way; never, while there is none.
async fn finished(grading: &mut Option<Running>) -> (RunId, Graded) {
    match grading {
        Some((id, future)) => (*id, future.await),
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
