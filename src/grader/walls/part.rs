//! Which part of the walls this process is.

use std::ffi::OsString;
use std::process::ExitCode;

#[cfg(target_os = "linux")]
use super::order::{FIRST, INSIDE, Order, fail};

/// Builds the walls that the first argument asks for, then runs the command in the others behind them.
///
/// Must be called first thing in `main`, while there is one thread: some walls enclose only the thread that asks.
#[must_use]
pub fn become_child(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let Some(first) = args.next() else { return by_hand() };
    #[cfg(target_os = "linux")]
    if first == FIRST {
        return super::inside::wait_as_first(steps_down(args.next()));
    } else if first == INSIDE {
        let step_down = steps_down(args.next());
        return match args.next().as_deref().and_then(read) {
            Some(order) => super::inside::run(step_down, &order, args.collect()),
            None => by_hand(),
        };
    }
    match read(&first) {
        #[cfg(target_os = "linux")]
        Some(order) => super::outside::run(&order, first, args),
        #[cfg(not(target_os = "linux"))]
        Some(_) => {
            fail(&["this system offers no walls that a program can build around another one".to_owned()])
        }
        None => by_hand(),
    }
}

fn read(text: &std::ffi::OsStr) -> Option<Order> {
    text.to_str().and_then(|text| serde_json::from_str(text).ok())
}

#[cfg(target_os = "linux")]
fn steps_down(word: Option<OsString>) -> bool {
    word.is_some_and(|word| !word.is_empty())
}

fn by_hand() -> ExitCode {
    fail(&["this command is part of `tokiolings grade`; it is not meant to be called by hand".to_owned()])
}
