//! What a console tells its programs.

use std::io;

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_logoff,
    ctrl_shutdown,
};

use super::Asked;

/// As long as there is one, being asked no longer ends the program.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: CtrlC,
    interrupt_too: CtrlBreak,
    close: CtrlClose,
    log_off: CtrlLogoff,
    shut_down: CtrlShutdown,
}

impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: ctrl_c()?,
            interrupt_too: ctrl_break()?,
            close: ctrl_close()?,
            log_off: ctrl_logoff()?,
            shut_down: ctrl_shutdown()?,
        })
    }

    /// The next one.
    pub(crate) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::Interrupt,
            _ = self.interrupt_too.recv() => Asked::Interrupt,
            _ = self.close.recv() => Asked::HangUp,
            _ = self.log_off.recv() => Asked::Terminate,
            _ = self.shut_down.recv() => Asked::Terminate,
        }
    }

    /// Forgets interrupts that came before now. Should there be no new receiver to be had, the old one does.
    pub(crate) fn forget_interrupts(&mut self) {
        if let Ok(fresh) = ctrl_c() {
            self.interrupt = fresh;
        }
    }
}

/// Children are not sent interrupts one by one, so nothing is to be done.
pub(crate) fn pass_interrupts_on() -> impl Sized {}
