//! What proves an exercise good before a learner meets it.
//!
//! - [`check`]: everything that an exercise must hold up to, all its faults in one run.
//! - [`mutate`]: what no hidden test looks at.
//! - [`new`]: an exercise to fill in, or a whole workbook to begin with.
//! - [`comparable`] and [`refused_as`]: when two verdicts are the same, and when a refusal is the one that was meant.

pub mod check;
mod compare;
pub mod mutate;
pub mod new;
mod refusal;
#[cfg(test)]
mod sample;

pub use compare::{comparable, same};
pub use refusal::{refused_as, said};
