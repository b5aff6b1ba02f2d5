//! What proves an exercise good before a learner meets it.

pub mod check;
pub mod mutate;
