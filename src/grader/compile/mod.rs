//! From a text to a library or a program: calls of `rustc`, and what it says.

mod control;
pub(super) mod controlled;
pub(super) mod rustc;
pub(super) mod rustc_json;
pub(super) mod unsafety;
