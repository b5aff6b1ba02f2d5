//! Drives a command, and hears what asks it to stop.

use super::exit::{Exit, Failure};
use crate::system::signals::Signals;

/// Drives a command to its end, or until the user or the system asks it to stop. Then its future is dropped, and with
/// it every process that it started: they are in groups of their own and would not hear the terminal's Ctrl-C.
///
/// One thread is enough: the work is done by children.
pub(super) fn block_on(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::runtime)?;
    runtime.block_on(async {
        tokio::select! {
            result = command => result,
            number = stop_signal() => Ok(Exit::Stopped(number?)),
        }
    })
}

/// Waits for the first signal that asks to stop, and gives its number.
async fn stop_signal() -> Result<u8, Failure> {
    let mut signals = Signals::new().map_err(Failure::runtime)?;
    Ok(signals.next().await.number())
}
