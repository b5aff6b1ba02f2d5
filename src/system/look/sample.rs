//! What is seen.

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
