//! What a mutant is made by, a file for each subject.

pub(super) mod bodies;
pub(super) mod calls;
pub(super) mod flow;
pub(super) mod handles;
pub(super) mod locks;
pub(super) mod nothing;
mod operator;
pub(super) mod plans;
pub(super) mod polls;
pub(super) mod select;
pub(super) mod spawns;
pub(super) mod statements;
mod syntax;
pub(super) mod values;
pub(super) mod waits;

pub use operator::Operator;
