//! Who asks this program to stop: Ctrl-C, the system, or a terminal that goes away.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{Signals, pass_interrupts_on};
#[cfg(windows)]
pub(crate) use windows::{Signals, pass_interrupts_on};

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Ctrl-C, and Ctrl-Break.
    Interrupt,
    /// The system, or another program, asks this one to end.
    Terminate,
    /// The terminal is gone, or its window is being closed.
    HangUp,
}

impl Asked {
    /// Its number among the signals of Unix, which exit codes are made from.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}
