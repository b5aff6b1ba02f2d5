//! Which part of the walls this process is.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use super::Order;

/// The second argument of the processes that are started from here.
#[cfg(target_os = "linux")]
pub(super) const FIRST: &str = "first";
#[cfg(target_os = "linux")]
pub(super) const INSIDE: &str = "inside";

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
        Some(_) => fail(&crate::system::walls::IMPOSSIBLE.map(str::to_owned).into_iter().collect::<Vec<_>>()),
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

/// Says what is wrong. Whoever started this reads it; if nobody does, nobody needs it.
pub(super) fn fail(problems: &[String]) -> ExitCode {
    let lines: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    let _ = std::io::stderr().write_all(lines.as_bytes());
    ExitCode::from(125)
}
