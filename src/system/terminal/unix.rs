//! A shell gives the terminal to one of its jobs at a time.

use std::io;

use rustix::process::{Signal, getpgrp, kill_current_process_group};
use rustix::termios::tcgetpgrp;

/// Whether the terminal belongs to another job of the shell. One that does not control us has no such order.
pub(crate) fn in_background() -> bool {
    tcgetpgrp(io::stdin()).is_ok_and(|group| group != getpgrp())
}

/// Stops this job until the shell continues it.
pub(crate) fn stop() -> io::Result<()> {
    // The whole group, as the terminal would do it: cargo, if it runs us, must stop as well. The call returns when
    // the shell continues us.
    kill_current_process_group(Signal::TSTP).map_err(io::Error::from)
}
