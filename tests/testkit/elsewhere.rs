//! Something that happens on another thread, at a certain moment: while code under test is in the middle of a poll, say,
//! and may hold a lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::effort::{Effort, compete};
use crate::panics::panic_of;

/// Whoever is woken, or was only delayed, has gone on by the time that this thread has used so much CPU time.
const CHANCE: Duration = Duration::from_millis(10);
/// CPU time that no short piece of work needs: it spins.
const SPINS: Duration = Duration::from_millis(50);
/// How long it is waited for where the system does not tell who waits.
const BLIND: Duration = Duration::from_millis(200);

/// A short piece of work on another thread: see [`elsewhere`].
#[derive(Debug)]
#[must_use = "it may still wait for something"]
pub struct Elsewhere {
    had_to_wait: bool,
    thread: JoinHandle<Result<(), String>>,
}

/// Runs `work` on another thread, and comes back when it is done, or when it waits for something: for a lock that the
/// calling thread holds, for one. All other threads of the process must be asleep.
///
/// ```standalone_crate
/// use std::sync::{Arc, Mutex};
/// use testkit::elsewhere;
///
/// let value = Arc::new(Mutex::new(1));
/// let set = |to| { let value = value.clone(); move || *value.lock().unwrap() = to };
/// assert!(!elsewhere(set(2)).had_to_wait());
/// let guard = value.lock().unwrap();
/// let waits = elsewhere(set(3));
/// # if cfg!(target_os = "linux") {
/// assert!(waits.had_to_wait());
/// # }
/// assert_eq!(*guard, 2);
/// drop(guard);
/// waits.finish().unwrap();
/// assert_eq!(*value.lock().unwrap(), 3);
/// ```
pub fn elsewhere(work: impl FnOnce() + Send + 'static) -> Elsewhere {
    let [up, go, done] = [(); 3].map(|()| Arc::new(AtomicBool::new(false)));
    let thread = thread::spawn({
        let (up, go, done) = (Arc::clone(&up), Arc::clone(&go), Arc::clone(&done));
        move || {
            up.store(true, Ordering::SeqCst);
            // Not asleep: from here on, lying down is the work's own.
            while !go.load(Ordering::SeqCst) {
                std::hint::spin_loop();
            }
            let outcome = panic_of(work);
            done.store(true, Ordering::SeqCst);
            outcome
        }
    });
    while !up.load(Ordering::SeqCst) {
        thread::yield_now();
    }
    let before = Effort::of_others();
    go.store(true, Ordering::SeqCst);
    let start = Instant::now();
    let over = || done.load(Ordering::SeqCst);
    while !over() {
        match (before, Effort::of_others()) {
            (Some(before), Some(now)) => {
                let effort = now.since(before);
                if effort.naps > 0 || effort.cpu >= SPINS {
                    compete(CHANCE);
                    break;
                }
            }
            _ if start.elapsed() >= BLIND => break,
            _ => {}
        }
        thread::yield_now();
    }
    Elsewhere { had_to_wait: !over(), thread }
}

impl Elsewhere {
    /// Whether [`elsewhere`] came back because the work waited for something, and not because it was done.
    #[must_use]
    pub fn had_to_wait(&self) -> bool {
        self.had_to_wait
    }

    /// Waits until it is done.
    ///
    /// # Errors
    /// When it panicked: the text.
    pub fn finish(self) -> Result<(), String> {
        self.thread.join().unwrap_or_else(|_| Err("the thread was ended by a panic".to_owned()))
    }
}
