//! What children print, and the two ends of a hidden test's channel.
//!
//! A system gives two kinds of pipe, each with an end for this process, which reads without blocking, and one for a child
//! ([`Theirs`]), which becomes its standard input or output:
//!
//! - `output()`: the child writes, and this process reads with [`Reader`].
//! - `channel()`: both read and write; this process by [`Channel`].
//!
//! Nobody but this process and the child it is given to can reach either end. On Unix they have no name. On Windows they are
//! instances of named pipes: the name is 128 random bits, there is one instance, remote clients are refused, and this process
//! itself has connected to it before anything is written; a program that is faster makes the grading fail.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{Channel, Reader, Theirs, channel, output};
#[cfg(windows)]
pub(crate) use windows::{Channel, Reader, Theirs, channel, output};
