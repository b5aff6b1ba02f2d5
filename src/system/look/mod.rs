//! What the threads of a family do. Linux tells of each thread whether it runs, and how long it did; others tell the CPU time of each
//! process, in steps of up to 16 ms.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(windows)]
pub(crate) use elsewhere::end;
#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::look;
#[cfg(target_os = "linux")]
pub(crate) use linux::look;

use std::time::Duration;

/// One look at all threads of a family.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sample {
    /// CPU time used so far.
    pub(crate) cpu: Duration,
    /// Processes that were seen; 0 where the system tells nothing.
    pub(crate) processes: usize,
    /// Their threads; 0 where the system does not tell.
    pub(crate) threads: usize,
    /// Threads that run or wait for a CPU, where the system tells.
    pub(crate) runnable: Option<usize>,
}
