//! `unsafe` in any spelling. The compiler's own lint misses some (`#[unsafe(naked)]`, as of Rust 1.95), but none can
//! be written without the word.
//!
//! And what needs no such word: known holes of the compiler, through which code that looks safe reads any memory of its
//! process. They are told by the shape of the text. A shape that may hide another hole, and may be honest as well, is
//! not refused: it is pointed out to whoever reads the verdict.

mod look;
mod shapes;
mod tokens;

#[cfg(test)]
mod tests;

pub(in crate::grader) use look::{look, look_at_tests};
