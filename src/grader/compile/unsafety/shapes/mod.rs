//! The shapes of programs through which the compiler's known holes are reached. `ARCHITECTURE.md` lists the holes, which
//! of them this compiler has, and the shape that each of them needs.

mod found;
mod lifetimes;
mod shape;
mod traits;

pub(super) use found::{doubtful, refused};
