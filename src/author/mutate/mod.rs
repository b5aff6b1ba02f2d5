//! Mutants of a solution: what hidden tests must notice.
//!
//! Each mutant differs from the solution in one place, as a slip of the pen or a misunderstanding would. One that the
//! hidden tests accept shows a gap in them, unless it behaves like the solution: then it is *equivalent*, and recorded
//! with the reason. Everything in here is pure.

mod finder;
mod helpers;
mod known;
mod mutant;
mod operators;
mod outcome;
mod reach;
mod show;
mod source;

#[cfg(test)]
mod tests;

pub use known::{Known, known, nth};
pub(super) use mutant::limit_beside;
pub use mutant::{Mutant, limit, mutants};
pub use operators::Operator;
pub use outcome::{Outcome, State, Tally, by_operator, by_test};
pub use show::{SCHEMA, json, record, survivor, table, tests_of};
