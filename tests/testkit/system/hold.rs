//! Holds up a thread of this process wherever it is: a signal arrives, and its handler naps.

#![expect(
    unsafe_code,
    reason = "a handler of a signal is the only way to stop a thread between any two instructions"
)]

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

/// Nobody else in a test's process uses it.
const SIGNAL: Signal = Signal::SIGURG;
/// Long enough for other threads to have hundreds of turns.
const NAP: Duration = Duration::from_micros(50);

static HELD: AtomicUsize = AtomicUsize::new(0);

/// A thread that can be held up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thread(Pthread);

impl Thread {
    /// The calling thread. It must not have been joined when [`hold`](Self::hold) is called.
    pub(crate) fn current() -> Self {
        Self(pthread_self())
    }

    /// Holds the thread up for some fifty microseconds, at the instruction that it has come to. A system call goes on afterwards.
    pub(crate) fn hold(self) {
        static HANDLER: Once = Once::new();
        HANDLER.call_once(|| {
            let action = SigAction::new(SigHandler::Handler(nap), SaFlags::SA_RESTART, SigSet::empty());
            // SAFETY: the handler allocates nothing and takes no lock: it sleeps, counts, and leaves `errno` as it was.
            // Where the system refuses, the thread is not held up: the signal is ignored by default.
            let _ = unsafe { sigaction(SIGNAL, &action) };
        });
        let _ = pthread_kill(self.0, SIGNAL);
    }
}

/// How often a thread of this process has been held up.
pub(crate) fn held() -> Option<usize> {
    Some(HELD.load(Ordering::Relaxed))
}

extern "C" fn nap(_: c_int) {
    let errno = Errno::last_raw();
    #[expect(clippy::disallowed_methods, reason = "to hold the thread up is the point")]
    thread::sleep(NAP);
    HELD.fetch_add(1, Ordering::Relaxed);
    Errno::set_raw(errno);
}
