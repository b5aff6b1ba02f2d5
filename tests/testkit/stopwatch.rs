//! Virtual time that goes on from one runtime to the next and stands still between them.

use std::sync::Mutex;
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::time::Instant;

use crate::activity::lock;

/// When the runtimes of [`vt`](crate::vt) and [`rt`](crate::rt) that are alive were started, by their own clocks.
///
/// A paused clock starts at the real time at which it is made. Time counted from anything older would contain the
/// real time in between, and differ from run to run.
static STARTS: Mutex<Vec<(Id, Instant)>> = Mutex::new(Vec::new());

/// Notes that the runtime of this context starts now; dropping the note forgets it.
pub(crate) fn note_start() -> Started {
    let id = Handle::current().id();
    lock(&STARTS).push((id, Instant::now()));
    Started(id)
}

/// A runtime that has been noted.
pub(crate) struct Started(Id);

impl Drop for Started {
    fn drop(&mut self) {
        lock(&STARTS).retain(|(id, _)| *id != self.0);
    }
}

/// Time by the clock of whichever runtime it is read in.
pub(crate) struct Stopwatch {
    /// The runtime that it was last read in.
    lap: Option<Lap>,
    /// What it showed last.
    shown: Duration,
}

struct Lap {
    runtime: Id,
    /// When this lap began, by that runtime's clock.
    began: Instant,
    /// What the watch showed then.
    before: Duration,
}

impl Stopwatch {
    /// Starts at zero, now.
    pub(crate) fn start() -> Self {
        let lap = Handle::try_current().ok().map(|handle| Lap {
            runtime: handle.id(),
            began: Instant::now(),
            before: Duration::ZERO,
        });
        Self { lap, shown: Duration::ZERO }
    }

    /// The time since the start. It never goes back.
    pub(crate) fn read(&mut self) -> Duration {
        let Ok(handle) = Handle::try_current() else { return self.shown };
        let (runtime, now) = (handle.id(), Instant::now());
        let lap = match &mut self.lap {
            Some(lap) if lap.runtime == runtime => lap,
            lap => {
                let noted = lock(&STARTS).iter().find(|(id, _)| *id == runtime).map(|(_, began)| *began);
                lap.insert(Lap { runtime, began: noted.unwrap_or(now), before: self.shown })
            }
        };
        self.shown = self.shown.max(lap.before + now.saturating_duration_since(lap.began));
        self.shown
    }
}
