//! Where this program becomes one that builds walls.

use std::ffi::OsString;
use std::process::ExitCode;

use super::word::fail;

/// Stands ready to build walls, and runs a command behind them when it is told to. The argument is the number of the
/// grader.
///
/// Must be called first thing in `main`, while there is one thread: some walls enclose only the thread that asks, and a
/// copy of the process has no others.
#[must_use]
pub fn become_child(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let grader = args.next().and_then(|number| number.to_str()?.parse::<u32>().ok());
    #[cfg(target_os = "linux")]
    if let Some(code) = grader.and_then(super::outside::run) {
        return code;
    }
    let _ = grader;
    fail(&["this command is part of `tokiolings grade`; it is not meant to be called by hand".to_owned()])
}
