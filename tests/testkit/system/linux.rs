//! Linux tells what each thread costs, and ends a process with its parent.

use std::time::Duration;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::signal::Signal;
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
