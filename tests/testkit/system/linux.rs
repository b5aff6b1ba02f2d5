//! Linux tells what each thread costs, ends a process with its parent, and holds a thread up wherever it is: a signal arrives, and
//! its handler naps.

#![expect(
    unsafe_code,
    reason = "a handler of a signal is the only way to stop a thread between any two instructions"
)]

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::time::TimeValLike;

use crate::effort::Effort;

/// A grader that is killed cannot stop what it has started, and a test that hangs would stay for ever.
pub(crate) fn end_with_the_grader() {
    // Where the system refuses, the test still ends at its limit as long as there is a grader.
    let _ = set_pdeathsig(Signal::SIGKILL);
}

/// How often the calling thread was given a page of memory that it touched for the first time.
pub(crate) fn fresh_pages() -> Option<u64> {
    getrusage(UsageWho::RUSAGE_THREAD).ok()?.minor_page_faults().try_into().ok()
}

/// What the process has done.
pub(crate) fn process() -> Option<Effort> {
    getrusage(UsageWho::RUSAGE_SELF).ok().map(|usage| effort(&usage))
}

/// What the calling thread has done.
pub(crate) fn thread() -> Option<Effort> {
    getrusage(UsageWho::RUSAGE_THREAD).ok().map(|usage| effort(&usage))
}

fn effort(usage: &Usage) -> Effort {
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Effort {
        cpu: Duration::from_micros(microseconds.try_into().unwrap_or(0)),
        naps: usage.voluntary_context_switches().try_into().unwrap_or(0),
        turns: usage.involuntary_context_switches().try_into().unwrap_or(0),
    }
}

/// Nobody else in a test's process uses it.
const HOLDUP: Signal = Signal::SIGURG;
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
            let _ = unsafe { sigaction(HOLDUP, &action) };
        });
        let _ = pthread_kill(self.0, HOLDUP);
    }
}

/// How often a thread of this process has been held up.
pub(crate) fn held() -> Option<usize> {
    Some(HELD.load(Ordering::Relaxed))
}

extern "C" fn nap(_: c_int) {
    let errno = Errno::last_raw();
    #[expect(clippy::disallowed_methods, reason = "to hold the thread up is the point")]
    std::thread::sleep(NAP);
    HELD.fetch_add(1, Ordering::Relaxed);
    Errno::set_raw(errno);
}
