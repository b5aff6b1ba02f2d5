//! What is seen.

use std::time::Duration;

use crate::system::family::Id;
use crate::system::waits::Alarm;

/// One look at all threads of a family.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sample {
    /// CPU time used so far.
    pub(crate) cpu: Duration,
    /// Processes that were seen; none where the system tells nothing.
    pub(crate) processes: Vec<Id>,
    /// Their threads; 0 where the system does not tell.
    pub(crate) threads: usize,
    /// Threads that run or wait for a CPU, where the system tells.
    pub(crate) runnable: Option<usize>,
    /// What they have done so far, if every one of them sleeps; `None` also where the system does not tell.
    pub(crate) stillness: Option<Stillness>,
}

/// What sleeping threads had done when they fell asleep. Two looks that find the same have found them in one sleep.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Stillness {
    /// How many there are.
    pub(crate) threads: usize,
    /// How long they were on a CPU, together.
    pub(crate) ran: Duration,
    /// How often they were given one, together.
    pub(crate) turns: u64,
    /// Whether the clock will wake one of them.
    pub(crate) alarm: Alarm,
}
