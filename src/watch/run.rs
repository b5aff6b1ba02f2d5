//! The loop: performs effects, draws, waits for the next event.
//!
//! One task and one thread: there is nothing here to do in parallel. Compilers and tests are processes of their own,
//! and a frame takes microseconds. So no state is shared, and a grading is stopped by dropping its future.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::grader::{Ask, Grader, Told};
use crate::screen::Role;
use crate::screen::colour::Surroundings;
use crate::workspace::{self, News, Workspace};

use super::editor::Editors;
use super::event::{Effect, Event, RunId, Signal};
use super::files::Files;
use super::input::Terminal as TerminalInput;
use super::lines::Lines;
use super::outside::{Display, Input, Room, Save, Saves, World};
use super::paper::Paper;
use super::session::{Session, Settings};
use super::shown::due;
use super::terminal::{Terminal, USUAL};
use super::world::{Desk, chain};

/// A turn of the spinner: often enough to look alive.
const TICK: Duration = Duration::from_millis(100);

/// How to watch.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Look for saves twice a second instead of being told by the file system.
    pub poll: bool,
    /// The editors that open files.
    pub editors: Editors,
    /// Whether a save that solves a step leads on to the next one.
    pub auto_advance: bool,
    /// Something to say on the first screen, such as where a new workspace is.
    pub notice: Option<String>,
    /// Plain text that is only ever added to, and keys as lines, in place of a screen.
    pub plain: bool,
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

/// Watches until the learner leaves. Needs a terminal ([`Place::Screen`](super::Place::Screen)) unless it is to be plain, and
/// a Tokio runtime with I/O and time; one thread is enough.
///
/// # Errors
/// The terminal or the workspace cannot be used.
pub async fn run(grader: Grader, workspace: Workspace, options: Options) -> Result<(), Error> {
    let away = workspace.store().saved_at().and_then(|saved| saved.elapsed().ok());
    let loaded = workspace.store().load()?;
    let (news, unwritten) = match workspace.follow(grader.workbook()) {
        Ok(news) => (news, None),
        Err(error) => (News::default(), Some(error)),
    };
    let mut files = Files::new(options.poll);
    let workbook = grader.workbook().clone();
    let settings = Settings {
        open_files: options.editors.open_by_themselves(),
        auto_advance: options.auto_advance,
        plain: options.plain,
    };
    let reviews = loaded.progress.reviews(&workbook, SystemTime::now());
    let reminder = (!reviews.due.is_empty()).then(|| {
        format!("{}. In another terminal: `tokiolings review`. Press v for no more reminders.", due(&reviews))
    });
    let mut session =
        Session::new(workbook.clone(), loaded.progress, USUAL).with(settings).picking_up(away, &news);
    if let Some(error) = unwritten {
        session.announce(
            Role::Warn,
            format!("The workspace could not be updated from its workbook: failed to {}.", chain(&error)),
        );
    }
    if let Some(notice) = options.notice {
        session.announce(Role::Good, notice);
    }
    if let Some(recovered) = loaded.recovered {
        session.announce(Role::Warn, recovered);
    }
    if let Some(reminder) = reminder {
        session.announce(Role::Plain, reminder);
    }
    let root = workspace.root().to_path_buf();
    let desk = Desk { workbook, workspace, grader, editors: options.editors, unsaved: Vec::new() };
    if options.plain {
        let stdout = io::stdout();
        let mut input = Lines::of_stdin().map_err(Error::Terminal)?;
        let surroundings = Surroundings::of(&stdout);
        let mut paper = Paper::new(stdout, surroundings);
        session.resize(paper.size());
        return match drive(session, desk, &mut paper, &mut files, &mut input).await {
            // Who listened has left, and wants no more.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Error::Output),
        };
    }
    let mut input = TerminalInput::new().map_err(Error::Terminal)?;
    let mut terminal = Terminal::enter(&root).map_err(Error::Terminal)?;
    session.resize(terminal.size());
    drive(session, desk, &mut terminal, &mut files, &mut input).await.map_err(Error::Terminal)
}

/// Something under way. All that is known of it comes through the loop's queue, its end as the last of it: the future only
/// drives the work, and has nothing to say of its own that could overtake what was said before.
type Running = (RunId, Pin<Box<dyn Future<Output = ()>>>);

/// An editor, and what went wrong with it.
type Opened = Pin<Box<dyn Future<Output = Option<Event>>>>;

/// Runs a session until it quits.
pub(super) async fn drive(
    mut session: Session,
    mut world: impl World,
    display: &mut impl Display,
    saves: &mut impl Saves,
    input: &mut impl Input,
) -> io::Result<()> {
    let (news, mut heard) = mpsc::unbounded_channel::<Event>();
    // The receiver lives as long as this loop; when the loop is over, nobody wants to know.
    let tell = move |event| drop(news.send(event));
    let mut grading: Option<Running> = None;
    let mut program: Option<Running> = None;
    let mut questions: Option<(RunId, UnboundedSender<Ask>)> = None;
    let mut editor: Option<Opened> = None;
    let mut windows: FuturesUnordered<Opened> = FuturesUnordered::new();
    let mut preparing: Option<Preparing> = None;
    let mut prepared = false;
    let start = Instant::now();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut effects = VecDeque::from(session.start());
    loop {
        let mut draw = false;
        while let Some(effect) = effects.pop_front() {
            let answer = match effect {
                Effect::Grade(id, name) => {
                    let (activity, end) = (tell.clone(), tell.clone());
                    let future = world.grade(&name, move |what| activity(Event::Activity(id, what)));
                    grading = future.map(|future| {
                        (id, Box::pin(async move { end(Event::Graded(id, Box::new(future.await))) }) as _)
                    });
                    ticks.reset();
                    None
                }
                Effect::CheckAll(id, names) => {
                    let (activity, found, end) = (tell.clone(), tell.clone(), tell.clone());
                    let future = world.check(
                        &names,
                        move |what| activity(Event::Activity(id, what)),
                        move |name, graded| found(Event::Checked(id, name, Box::new(graded))),
                    );
                    let future = async move {
                        future.await;
                        end(Event::CheckOver(id));
                    };
                    grading = Some((id, Box::pin(future)));
                    ticks.reset();
                    None
                }
                Effect::Play(id, name) => {
                    let (activity, said, end) = (tell.clone(), tell.clone(), tell.clone());
                    let (ask, asks) = mpsc::unbounded_channel();
                    let future = world.play(
                        &name,
                        asks,
                        move |what| activity(Event::Activity(id, what)),
                        move |told| {
                            said(match told {
                                Told::Printed(bytes) => Event::Printed(id, bytes.to_owned()),
                                Told::Seen(kind) => Event::Seen(id, kind),
                            });
                        },
                    );
                    questions = Some((id, ask));
                    program = future.map(|future| {
                        (id, Box::pin(async move { end(Event::Played(id, Box::new(future.await))) }) as _)
                    });
                    ticks.reset();
                    None
                }
                Effect::Ask(id, ask) => {
                    if let Some((_, questions)) = questions.as_ref().filter(|(running, _)| *running == id) {
                        // A program that has ended meanwhile answers nothing.
                        let _ = questions.send(ask);
                    }
                    None
                }
                Effect::Stop(id) => {
                    program.take_if(|(running, _)| *running == id);
                    None
                }
                Effect::Cancel(id) => {
                    grading.take_if(|(running, _)| *running == id);
                    None
                }
                Effect::Save(changes) => Some(match world.save(&changes) {
                    Ok(progress) => Event::Progress(Box::new(progress)),
                    Err(unsaved) => unsaved.into(),
                }),
                Effect::Reset(name) => Some(world.reset(&name).map_or_else(Event::Failed, Event::Reset)),
                Effect::Read(name) => Some(match world.read(&name) {
                    Ok(text) => Event::Source(name, text),
                    Err(problem) => Event::Failed(problem),
                }),
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
                Effect::Edit(name, occasion) => match world.edit(&name, occasion) {
                    Ok((room, future)) => {
                        let opened: Opened = Box::pin(async move {
                            future.await.map_err(|problem| Event::NotOpened(occasion, problem)).err()
                        });
                        match room {
                            Room::Window => windows.push(opened),
                            Room::Terminal => {
                                display.lend();
                                input.lend(true);
                                editor = Some(opened);
                            }
                        }
                        None
                    }
                    Err(problem) => Some(Event::NotOpened(occasion, problem)),
                },
                Effect::Suspend => {
                    display.lend();
                    input.lend(true);
                    let ended = suspended(display, input).await?;
                    if ended.is_none() {
                        input.lend(false);
                        let (width, height) = display.take_back()?;
                        effects.extend(session.on(Event::Resized(width, height)));
                    }
                    Some(ended.unwrap_or(Event::Resumed))
                }
                Effect::Quit => {
                    // What was found before the end is said before the end.
                    if draw && editor.is_none() {
                        display.draw(&session.view(), session.size())?;
                    }
                    return Ok(());
                }
            };
            // An answer comes before the effects that were asked for later: a result is saved, or said not to be,
            // before anything about it is drawn.
            for effect in
                answer.into_iter().flat_map(|event| session.on(event)).collect::<Vec<_>>().into_iter().rev()
            {
                effects.push_front(effect);
            }
        }
        if draw && editor.is_none() {
            display.draw(&session.view(), session.size())?;
        }
        let event = tokio::select! {
            // What the learner does comes before what the machine does.
            biased;
            event = input.next() => event,
            failed = closed(&mut editor) => {
                input.lend(false);
                let (width, height) = display.take_back()?;
                effects.extend(session.on(Event::Resized(width, height)));
                effects.extend(failed.into_iter().flat_map(|event| session.on(event)));
                Event::Edited
            }
            save = saves.next() => match save {
                Save::Changed => Event::Saved,
                Save::Missing => Event::Missing,
            },
            Some(event) = heard.recv() => event,
            // Their ends are in the queue by now, behind all that came before.
            () = finished(&mut grading) => {
                if !prepared {
                    prepared = true;
                    preparing = Some(Box::pin(world.prepare()));
                }
                continue;
            }
            () = finished(&mut program) => continue,
            Some(failed) = windows.next() => match failed {
                Some(event) => event,
                None => continue,
            },
            () = done(&mut preparing) => {
                preparing = None;
                continue;
            }
            _ = ticks.tick(), if grading.is_some() || program.is_some() => {
                Event::Tick(start.elapsed())
            }
        };
        // A Ctrl-C where an editor has the terminal goes to all who belong to it, and means the editor.
        if editor.is_none() || !matches!(event, Event::Signal(Signal::Interrupt)) {
            effects.extend(session.on(event));
        }
    }
}

/// Stops until the terminal is ours again. A shell may continue us without it (`bg`): then we stop once more, as other
/// programs do, unless a signal wants us to end.
async fn suspended(display: &mut impl Display, input: &mut impl Input) -> io::Result<Option<Event>> {
    loop {
        display.stop()?;
        if display.is_ours() {
            return Ok(None);
        }
        if let Ok(signal) = timeout(TICK, input.next()).await {
            return Ok(Some(signal));
        }
    }
}

/// The end of the editor that has the terminal; never, while there is none.
async fn closed(editor: &mut Option<Opened>) -> Option<Event> {
    match editor {
        Some(future) => {
            let failed = future.await;
            *editor = None;
            failed
        }
        None => std::future::pending().await,
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

/// The end of what is under way; never, while there is nothing.
async fn finished(running: &mut Option<Running>) {
    match running {
        Some((_, future)) => {
            future.await;
            *running = None;
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
