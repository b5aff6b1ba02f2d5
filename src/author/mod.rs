//! What proves an exercise good before a learner meets it.
//!
//! - [`check`]: everything that an exercise must hold up to, all its faults in one run.
//! - [`comparable`] and [`refused_as`]: when two verdicts are the same, and when a refusal is the one that was meant.

pub mod check;
mod compare;
mod refusal;

pub use compare::{comparable, same};
pub use refusal::{refused_as, said};
