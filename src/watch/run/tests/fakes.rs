//! A world, a screen, a keyboard and saves that only note what happens to them, on a clock that tests turn.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::*;
use crate::grader::{Activity, Played};
use crate::screen::Line;
use crate::screen::watch::{View, frame};
use crate::verdict::{HangKind, Kind};
use crate::watch::event::{Change, Graded, Key, Occasion, Restored};
use crate::watch::outside::Unsaved;
use crate::watch::sample;
use crate::workspace::Progress;

/// What happened, in order, with virtual milliseconds since the start.
#[derive(Clone)]
pub(super) struct Log {
    pub(super) start: Instant,
    pub(super) lines: Rc<RefCell<Vec<(u128, String)>>>,
}

impl Log {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), lines: Rc::default() }
    }

    pub(super) fn note(&self, line: impl Into<String>) {
        self.lines.borrow_mut().push((self.start.elapsed().as_millis(), line.into()));
    }

    /// Everything but drawings.
    pub(super) fn deeds(&self) -> Vec<String> {
        let lines = self.lines.borrow();
        let deeds = lines.iter().filter(|(_, line)| !line.starts_with("draw"));
        deeds.map(|(at, line)| format!("{at} {line}")).collect()
    }

    pub(super) fn draws(&self) -> Vec<(u128, String)> {
        let lines = self.lines.borrow();
        lines.iter().filter(|(_, line)| line.starts_with("draw")).cloned().collect()
    }
}

/// How work goes on: so many virtual milliseconds pass before each thing that it tells. Where it is none, what comes next
/// comes in the same turn of the loop, as it does when all is in the cache, or a program prints and ends at once.
#[derive(Clone)]
pub(super) struct Pace {
    /// Before each thing that is told, and before the end.
    pub(super) grade: Vec<u64>,
    /// Before each result, and before the end.
    pub(super) check: Vec<u64>,
    /// Before each word of the program, and before its end.
    pub(super) play: Vec<u64>,
    /// In which order a check finds what: places in the list that it was given.
    pub(super) found: Vec<usize>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            grade: vec![0, 1000, 0],
            check: vec![1000, 1000, 1000, 0],
            play: vec![400, 400, 400, 0],
            found: vec![2, 1, 0],
        }
    }
}

/// Lets the next pause of a pace pass.
async fn pause(pauses: &mut impl Iterator<Item = u64>) {
    let pause = pauses.next().unwrap_or(0);
    if pause > 0 {
        sleep(Duration::from_millis(pause)).await;
    }
}

/// Does everything at its pace; every second grading passes, beginning with the second.
pub(super) struct FakeWorld {
    pub(super) log: Log,
    pub(super) pace: Pace,
    pub(super) progress: Progress,
    pub(super) gradings: RefCell<u32>,
    pub(super) disk_full: bool,
    pub(super) editor: Result<Room, String>,
}

/// Notes that something was dropped before its end.
struct Alive(Log, &'static str, bool);

impl Drop for Alive {
    fn drop(&mut self) {
        if self.2 {
            self.0.note(self.1);
        }
    }
}

impl World for FakeWorld {
    fn grade(
        &self,
        name: &str,
        activity: impl Fn(Activity) + Send + Sync + 'static,
    ) -> Option<impl Future<Output = Graded> + 'static> {
        *self.gradings.borrow_mut() += 1;
        let kind = if self.gradings.borrow().is_multiple_of(2) { Kind::Passed } else { Kind::Failed };
        let (log, name) = (self.log.clone(), name.to_owned());
        let mut pauses = self.pace.grade.clone().into_iter();
        log.note(format!("grade {name}"));
        Some(async move {
            let mut alive = Alive(log, "grading killed", true);
            pause(&mut pauses).await;
            activity(Activity::Compiling);
            pause(&mut pauses).await;
            activity(Activity::Testing { done: 1, total: 1 });
            pause(&mut pauses).await;
            alive.2 = false;
            Graded { verdict: sample::verdict(&name, kind), source: Some("hash".into()) }
        })
    }

    /// All pass.
    fn check(
        &self,
        names: &[String],
        _: impl Fn(Activity) + Send + Sync + 'static,
        found: impl Fn(String, Graded) + 'static,
    ) -> impl Future<Output = ()> + 'static {
        let log = self.log.clone();
        log.note(format!("check {}", names.join(" ")));
        let order: Vec<String> = self.pace.found.iter().map(|place| names[*place].clone()).collect();
        let mut pauses = self.pace.check.clone().into_iter();
        async move {
            let mut alive = Alive(log, "check killed", true);
            for name in order {
                pause(&mut pauses).await;
                let verdict = sample::verdict(&name, Kind::Passed);
                found(name, Graded { verdict, source: Some("hash".into()) });
            }
            pause(&mut pauses).await;
            alive.2 = false;
        }
    }

    /// Prints three words; asleep between them, and ended by an interrupt.
    fn play(
        &self,
        name: &str,
        mut asks: UnboundedReceiver<Ask>,
        activity: impl Fn(Activity) + Send + Sync + 'static,
        told: impl Fn(Told<'_>) + 'static,
    ) -> Option<impl Future<Output = Played> + 'static> {
        let (log, name) = (self.log.clone(), name.to_owned());
        log.note(format!("play {name}"));
        let mut pauses = self.pace.play.clone().into_iter();
        Some(async move {
            let mut alive = Alive(log, "program ended", true);
            activity(Activity::Testing { done: 0, total: 1 });
            let work = async {
                for word in ["one\n", "two\n", "three\n"] {
                    pause(&mut pauses).await;
                    told(Told::Printed(word.as_bytes()));
                }
                pause(&mut pauses).await;
                Played::Exited(0)
            };
            let interrupted = async {
                loop {
                    match asks.recv().await {
                        Some(Ask::Look) => told(Told::Seen(HangKind::Parked)),
                        Some(Ask::Interrupt) => return Played::Signalled(2),
                        None => std::future::pending().await,
                    }
                }
            };
            let played = tokio::select! {
                biased;
                played = work => played,
                played = interrupted => played,
            };
            alive.2 = false;
            played
        })
    }

    /// An editor that is open for 1000 virtual milliseconds.
    fn edit(
        &self,
        name: &str,
        occasion: Occasion,
    ) -> Result<(Room, impl Future<Output = Result<(), String>> + 'static), String> {
        let (log, what) = (self.log.clone(), format!("{name} {occasion:?}"));
        let room = self.editor.clone()?;
        Ok((room, async move {
            log.note(format!("edit {what}"));
            sleep(Duration::from_millis(1000)).await;
            if room == Room::Window { Err("no window".into()) } else { Ok(()) }
        }))
    }

    fn save(&mut self, changes: &[Change]) -> Result<Progress, Unsaved> {
        self.log.note(format!("save {changes:?}"));
        let workbook = sample::workbook();
        let now = std::time::SystemTime::UNIX_EPOCH;
        changes.iter().for_each(|change| change.apply(&mut self.progress, &workbook, now));
        let progress = self.progress.clone();
        if self.disk_full {
            let problem = "Your progress could not be saved: the disk is full.".into();
            return Err(Unsaved { progress: Some(Box::new(progress)), problem });
        }
        Ok(progress)
    }

    fn reset(&mut self, name: &str) -> Result<Restored, String> {
        self.log.note(format!("reset {name}"));
        Ok(Restored::Backup("backup.rs".into()))
    }

    fn read(&self, name: &str) -> Result<String, String> {
        Ok(format!("// the text of {name}\n"))
    }

    fn point(&mut self, name: &str) -> Result<(), String> {
        self.log.note(format!("point {name}"));
        Ok(())
    }

    fn path_of(&self, name: &str) -> Option<PathBuf> {
        Some(PathBuf::from(name))
    }

    fn prepare(&self) -> impl Future<Output = ()> + 'static {
        self.log.note("prepare");
        std::future::ready(())
    }
}

/// A screen; the terminal is another job's at so many of the next looks.
pub(super) struct FakeDisplay(pub(super) Log, pub(super) Cell<u32>);

impl Display for FakeDisplay {
    fn draw(&mut self, view: &View<'_>, (width, height): (usize, usize)) -> io::Result<()> {
        let text: Vec<String> = frame(view, width, height).iter().map(Line::text).collect();
        self.0.note(format!("draw {}", text.join("\n")));
        Ok(())
    }

    fn forget(&mut self) {
        self.0.note("forget the screen");
    }

    fn lend(&mut self) {
        self.0.note("give the screen back");
    }

    fn take_back(&mut self) -> io::Result<(usize, usize)> {
        self.0.note("take the screen");
        Ok((100, 30))
    }

    fn is_ours(&self) -> bool {
        let left = self.1.get();
        self.1.set(left.saturating_sub(1));
        left == 0
    }

    fn stop(&mut self) -> io::Result<()> {
        self.0.note("stop");
        Ok(())
    }
}

/// Events at given virtual milliseconds; `None` is a save.
pub(super) struct Script<T> {
    pub(super) start: Instant,
    pub(super) left: VecDeque<(u64, T)>,
}

impl<T> Script<T> {
    pub(super) fn new(events: impl IntoIterator<Item = (u64, T)>) -> Self {
        Self { start: Instant::now(), left: events.into_iter().collect() }
    }

    pub(super) async fn next(&mut self) -> T {
        match self.left.front() {
            Some((at, _)) => sleep_until(self.start + Duration::from_millis(*at)).await,
            None => std::future::pending().await,
        }
        self.left.pop_front().expect("there is a front").1
    }
}

/// Keys and signals; while they are lent to someone else, only signals come through.
pub(super) struct Keys {
    pub(super) script: Script<Event>,
    pub(super) lent: bool,
}

impl Input for Keys {
    fn lend(&mut self, lent: bool) {
        self.lent = lent;
    }

    async fn next(&mut self) -> Event {
        loop {
            let event = self.script.next().await;
            if !self.lent || matches!(event, Event::Signal(_)) {
                return event;
            }
        }
    }
}

pub(super) struct FakeSaves {
    pub(super) log: Log,
    pub(super) saves: Script<Save>,
    pub(super) warning: Option<String>,
}

impl Saves for FakeSaves {
    fn watch(&mut self, path: Option<&Path>) -> Option<String> {
        self.log.note(format!("watch {}", path.map_or("nothing".into(), |path| path.display().to_string())));
        self.warning.take()
    }

    async fn next(&mut self) -> Save {
        Script::next(&mut self.saves).await
    }
}

pub(super) struct Case {
    pub(super) log: Log,
    pub(super) pace: Pace,
    pub(super) keys: Vec<(u64, Event)>,
    pub(super) saves: Vec<(u64, Save)>,
    pub(super) disk_full: bool,
    pub(super) editor: Result<Room, String>,
    pub(super) open_files: bool,
    /// After a stop, so many times the shell continues the watcher without the terminal.
    pub(super) background: u32,
    pub(super) warning: Option<String>,
}

impl Case {
    pub(super) fn new(keys: &[(u64, char)], saves: &[u64]) -> Self {
        Self {
            log: Log::new(),
            pace: Pace::default(),
            keys: keys.iter().map(|&(at, key)| (at, Event::Key(Key::Char(key)))).collect(),
            saves: saves.iter().map(|&at| (at, Save::Changed)).collect(),
            disk_full: false,
            editor: Err("no editor".into()),
            open_files: false,
            background: 0,
            warning: None,
        }
    }

    /// Plays until then, and leaves by a signal: the last drawing is what was on the screen.
    pub(super) async fn shown_until(mut self, end: u64) -> Log {
        self.keys.retain(|(at, _)| *at < end);
        self.keys.push((end, Event::Signal(Signal::Terminate)));
        self.play().await
    }

    pub(super) async fn play(self) -> Log {
        let mut progress = Progress::new("seed".into());
        // No newcomer: the session starts on the step, not on the welcome.
        progress.record_attempt("first");
        let settings = Settings { open_files: self.open_files, ..Settings::default() };
        let session = Session::new(Arc::new(sample::workbook()), progress.clone(), (80, 24)).with(settings);
        let log = self.log;
        let world = FakeWorld {
            log: log.clone(),
            pace: self.pace,
            progress,
            gradings: RefCell::new(0),
            disk_full: self.disk_full,
            editor: self.editor,
        };
        let mut saves = FakeSaves { log: log.clone(), saves: Script::new(self.saves), warning: self.warning };
        let mut display = FakeDisplay(log.clone(), Cell::new(self.background));
        let mut keys = Keys { script: Script::new(self.keys), lent: false };
        let over = drive(session, world, &mut display, &mut saves, &mut keys);
        // A virtual day: a case whose keys do not quit fails instead of waiting for ever.
        tokio::time::timeout(Duration::from_secs(86_400), over).await.expect("the case quits").unwrap();
        log
    }
}
