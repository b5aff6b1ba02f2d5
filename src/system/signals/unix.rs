//! Signals.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Asked;

/// As long as there is one, being asked no longer ends the program.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// The next one.
    pub(crate) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::Interrupt,
            _ = self.terminate.recv() => Asked::Terminate,
            _ = self.hangup.recv() => Asked::HangUp,
        }
    }

    /// Forgets interrupts that came before now. Should there be no new receiver to be had, the old one does.
    pub(crate) fn forget_interrupts(&mut self) {
        if let Ok(fresh) = signal(SignalKind::interrupt()) {
            self.interrupt = fresh;
        }
    }
}

/// Where this program was started with SIGINT ignored, as shells do in the background, its children would ignore it as well: what is
/// ignored is inherited, and what is handled is not. Holds as long as what it gives.
pub(crate) fn pass_interrupts_on() -> impl Sized {
    signal(SignalKind::interrupt())
}
