//! What threads cost: whether somebody sleeps, naps or spins. Asked of the system, and not read from `/proc`, which is out
//! of reach for a test behind walls.

use std::time::Duration;

use crate::system;

/// What threads have done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// CPU time.
    pub cpu: Duration,
    /// How often one lay down: each sleep, and each wait that had to wait.
    pub naps: u64,
    /// How often one lost its core without lying down: it gave it back (`yield_now`), or its turn was over.
    pub turns: u64,
}

impl Effort {
    /// What the calling thread has done; `None` where the system does not tell.
    #[must_use]
    pub fn of_this_thread() -> Option<Self> {
        system::thread()
    }

    /// What all other threads of the process have done, those that ended among them; `None` where the system does not
    /// tell one thread from the others. The grader runs a test that asks this once more when it has passed.
    #[must_use]
    pub fn of_others() -> Option<Self> {
        crate::harness::measured();
        let (all, own) = (system::process()?, system::thread()?);
        Some(all.since(own))
    }

    /// What was done since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(before.cpu),
            naps: self.naps.saturating_sub(before.naps),
            turns: self.turns.saturating_sub(before.turns),
        }
    }
}

/// Keeps a core busy until the calling thread has used so much CPU time. A thread that spins meanwhile gets about as much,
/// however busy the machine is: so a spin shows, and a sleeper is not mistaken for one. Does nothing where the system
/// does not tell.
pub fn compete(cpu: Duration) {
    let Some(start) = system::thread() else { return };
    while system::thread().is_some_and(|now| now.since(start).cpu < cpu) {
        for _ in 0..10_000 {
            std::hint::spin_loop();
        }
    }
}
