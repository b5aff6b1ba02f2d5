//! What a grading carries with it: options, draws, what compiles, and what tells about the tests.

mod bench;
pub(super) mod draws;
pub(super) mod layout;
pub(super) mod leftovers;
pub(super) mod lost;
pub(super) mod options;

pub(super) use bench::{Bench, Grading};
