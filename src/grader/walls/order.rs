//! What the processes that build the walls are told, and what the probe answers.

use serde::{Deserialize, Serialize};

use super::bait::Bait;
use super::rights::{Limits, Walls};

/// What holds where root becomes nobody.
pub(super) const STEPS_DOWN: &str = "user: nobody, in place of root";

/// The first line of a probe that found no hole.
pub(super) const HOLD: &str = "the walls hold\n";

/// What the processes that build the walls are told.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) walls: Walls,
    /// What the probe should reach for; only where there is no command.
    pub(super) bait: Option<Bait>,
}

impl Limits {
    /// For the probe: as for a test, but so small that it has them all in a moment.
    pub(super) fn probe() -> Self {
        Self { scratch: 1 << 19, threads: 24, ..Self::test(60) }
    }
}
