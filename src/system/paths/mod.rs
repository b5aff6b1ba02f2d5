//! Paths as others get them.

mod others;

pub(crate) use others::{real, with_slashes};
