//! Paths as others get them.

mod others;

pub(crate) use others::{below, real, with_slashes};
