//! Processes: what they see, how they are started, watched and ended, and what they print.

pub(super) mod attend;
pub(super) mod environment;
pub(super) mod hang;
pub(super) mod limits;
pub(super) mod lines;
pub(super) mod orphans;
pub(super) mod output;
pub(super) mod process;
pub(super) mod proof;
mod starved;
