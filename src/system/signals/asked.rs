//! What this program is asked.

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
