//! What compiles: the toolchain, what exercises may use, built once, and what to do where a machine lacks something.

pub(super) mod cargo;
pub(super) mod cargo_home;
pub(super) mod dependencies;
pub(super) mod format;
pub(super) mod remedy;
mod toolchain;
mod walled_build;

pub(super) use toolchain::Toolchain;
