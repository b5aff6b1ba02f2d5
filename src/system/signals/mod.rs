//! Who asks this program to stop: Ctrl-C, the system, or a terminal that goes away.

mod asked;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use asked::Asked;
#[cfg(unix)]
pub(crate) use unix::{Signals, pass_interrupts_on};
#[cfg(windows)]
pub(crate) use windows::{Signals, pass_interrupts_on};
