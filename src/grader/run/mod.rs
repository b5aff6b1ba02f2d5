//! Hidden tests, each in a process of its own: its socket, its recording, and the learner's program where it asks for that.

pub(super) mod child;
mod escape;
pub(super) mod execute;
mod program;
mod recording;
