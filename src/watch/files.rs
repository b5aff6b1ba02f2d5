//! Saves of one file, however editors make them.
//!
//! Editors write in place, write a new file and rename it over the old one, or rename the old one away and write a
//! new one. Each leaves several events behind, and for a moment there may be half a file or none. So the *folder* is
//! watched, events are only a reason to look, and what counts is whether the file's text or its time of modification
//! is another one once the file has been quiet for a moment.

mod limits;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};

use super::outside::{Save, Saves};

/// How long a file must be quiet after an event that may be the first of several: the longest pause that an editor
/// makes within one save, with room to spare.
const QUIET: Duration = Duration::from_millis(50);
/// The same after an event that ends a save: the file was closed after writing, or renamed into place.
const FINISHED: Duration = Duration::from_millis(5);
/// How long a file may be away within one save, between a rename and the next.
const AWAY: Duration = Duration::from_millis(200);
/// How often to look without being told: for `--poll`, and for file systems that turn out not to tell.
const POLL: Duration = Duration::from_millis(500);
/// How often to look all the same when the file system tells: some do not, and do not say so (network drives,
/// folders shared with a virtual machine). One look reads one small file.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Watches one file at a time.
pub(super) struct Files {
    /// `None` when the file system is not asked to tell.
    notifier: Option<Notifier>,
    /// Why it cannot tell, until that was said.
    trouble: Option<notify::Error>,
    beat: Interval,
    target: Option<Target>,
}

struct Notifier {
    watcher: RecommendedWatcher,
    folder: Option<PathBuf>,
    news: UnboundedReceiver<News>,
}

/// What the file system told: a reason to look.
struct News {
    /// File names; none means "any".
    names: Vec<OsString>,
    /// Whether a save ends like this.
    finished: bool,
}

struct Target {
    path: PathBuf,
    /// What was seen last, and reported.
    seen: Stamp,
    /// When to look, after an event.
    due: Option<Instant>,
    /// What a look without an event has found: it must be the same at the next look, or it is half a file.
    glimpse: Option<Stamp>,
    /// Since when the file is away.
    away: Option<Instant>,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stamp {
    Absent,
    Present { hash: blake3::Hash, modified: Option<SystemTime> },
}

impl Files {
    /// Nothing is watched yet. With `poll`, the file system is not asked to tell.
    pub(super) fn new(poll: bool) -> Self {
        Self::with(if poll { Ok(None) } else { Notifier::new().map(Some) })
    }

    fn with(notifier: notify::Result<Option<Notifier>>) -> Self {
        let (notifier, trouble) = match notifier {
            Ok(notifier) => (notifier, None),
            Err(error) => (None, Some(error)),
        };
        let beat = beat(if notifier.is_some() { HEARTBEAT } else { POLL });
        Self { notifier, trouble, beat, target: None }
    }
}

impl Saves for Files {
    fn watch(&mut self, path: Option<&Path>) -> Option<String> {
        if let Some(notifier) = &mut self.notifier
            && let Err(error) = notifier.follow(path.and_then(Path::parent))
        {
            self.trouble = Some(error);
            self.notifier = None;
            self.beat = beat(POLL);
        }
        let warning = self.trouble.take_if(|_| path.is_some()).map(|error| limits::words(&error));
        // Only now, so that a save between the two is not lost.
        self.target = path.map(|path| Target {
            path: path.to_path_buf(),
            seen: Stamp::of(path),
            due: None,
            glimpse: None,
            away: None,
        });
        warning
    }

    async fn next(&mut self) -> Save {
        let Self { notifier, beat, target, .. } = self;
        loop {
            let Some(target) = target else { return std::future::pending().await };
            let due = target.due;
            tokio::select! {
                biased;
                news = heard(notifier) => match news {
                    Some(news) => target.note(&news),
                    None => *notifier = None,
                },
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    if let Some(save) = target.look() {
                        return save;
                    }
                }
                _ = beat.tick() => target.glance(),
            }
        }
    }
}

impl Notifier {
    fn new() -> notify::Result<Self> {
        let (send, news) = mpsc::unbounded_channel();
        let watcher = notify::recommended_watcher(move |event| tell(&send, event))?;
        Ok(Self { watcher, folder: None, news })
    }

    fn follow(&mut self, folder: Option<&Path>) -> notify::Result<()> {
        if let Some(old) = self.folder.take_if(|old| Some(old.as_path()) != folder) {
            // It may be gone, and then nobody watches it anyway.
            drop(self.watcher.unwatch(&old));
        }
        if let Some(folder) = folder
            && self.folder.is_none()
        {
            self.watcher.watch(folder, RecursiveMode::NonRecursive)?;
            self.folder = Some(folder.to_path_buf());
        }
        Ok(())
    }
}

/// Runs on the thread of the file system's watcher.
fn tell(send: &UnboundedSender<News>, event: notify::Result<notify::Event>) {
    let news = match event {
        Ok(event) => {
            let finished = match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
                EventKind::Access(_) => return,
                EventKind::Modify(ModifyKind::Name(mode)) => {
                    matches!(mode, RenameMode::To | RenameMode::Both)
                }
                _ => false,
            };
            let names = event.paths.iter().filter_map(|path| path.file_name()).map(OsString::from).collect();
            News { names, finished }
        }
        // Events were lost: any file may have changed.
        Err(_) => News { names: Vec::new(), finished: false },
    };
    // The receiver goes first when the program ends.
    drop(send.send(news));
}

/// The next news; never, while nobody tells.
async fn heard(notifier: &mut Option<Notifier>) -> Option<News> {
    match notifier {
        Some(notifier) => notifier.news.recv().await,
        None => std::future::pending().await,
    }
}

impl Target {
    /// Something happened in the folder.
    fn note(&mut self, news: &News) {
        let ours = news.names.is_empty()
            || news.names.iter().any(|name| Some(name.as_os_str()) == self.path.file_name());
        if ours {
            self.glimpse = None;
            self.due = Some(Instant::now() + if news.finished { FINISHED } else { QUIET });
        }
    }

    /// Nothing happened, as far as anyone told.
    fn glance(&mut self) {
        if self.due.is_none() {
            let now = Stamp::of(&self.path);
            if now != self.seen {
                self.glimpse = Some(now);
                self.due = Some(Instant::now() + QUIET);
            }
        }
    }

    /// The file has been quiet: is it another one?
    fn look(&mut self) -> Option<Save> {
        self.due = None;
        let now = Stamp::of(&self.path);
        if now == Stamp::Absent && self.seen != Stamp::Absent {
            let since = *self.away.get_or_insert_with(Instant::now);
            if since.elapsed() < AWAY {
                self.due = Some(Instant::now() + QUIET);
                return None;
            }
        }
        self.away = None;
        if let Some(glimpse) = self.glimpse.take()
            && glimpse != now
        {
            self.glimpse = Some(now);
            self.due = Some(Instant::now() + QUIET);
            return None;
        }
        if now == self.seen {
            return None;
        }
        self.seen = now;
        Some(if self.seen == Stamp::Absent { Save::Missing } else { Save::Changed })
    }
}

impl Stamp {
    fn of(path: &Path) -> Self {
        // A pipe or a device is no text, and reading it may never end.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => match fs::read(path) {
                Ok(text) => Self::Present { hash: blake3::hash(&text), modified: metadata.modified().ok() },
                Err(_) => Self::Absent,
            },
            _ => Self::Absent,
        }
    }
}

fn beat(every: Duration) -> Interval {
    let mut beat = interval_at(Instant::now() + every, every);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

#[cfg(test)]
mod tests;
