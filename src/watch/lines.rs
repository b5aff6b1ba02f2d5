//! Keys as lines of standard input, for the watcher without a screen: the terminal stays as it is, with its echo, its editing
//! and its own Ctrl-C, and a pipe or a file can be in its place.

use std::io::{self, BufRead, Read};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::event::{Event, Signal};
use super::outside::Input;
use crate::system::signals::Signals;

/// Bytes of a line that are read; what comes behind them is another line. The longest name of a step is a tenth of it.
const LONGEST: u64 = 1024;

/// Lines of standard input, and the system's signals.
pub(super) struct Lines {
    /// `None` when no more will come.
    lines: Option<UnboundedReceiver<String>>,
    signals: Signals,
}

impl Lines {
    /// From now on signals are events and no longer end the program. A thread waits for the lines, since not all that can
    /// be standard input can be waited for in another way; it ends with the program.
    pub(super) fn of_stdin() -> io::Result<Self> {
        let (send, lines) = unbounded_channel();
        std::thread::Builder::new().name("lines".into()).spawn(move || {
            let mut input = io::stdin().lock();
            while let Some(line) = next_line(&mut input) {
                if send.send(line).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { lines: Some(lines), signals: Signals::new()? })
    }
}

/// The next line without its end; `None` at the end of input. An input that fails has ended.
fn next_line(input: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    match input.take(LONGEST).read_until(b'\n', &mut bytes) {
        Ok(1..) => Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()),
        Ok(0) | Err(_) => None,
    }
}

impl Input for Lines {
    /// Only an editor with a window is opened, and that one leaves the keys to us.
    fn lend(&mut self, _lent: bool) {}

    async fn next(&mut self) -> Event {
        tokio::select! {
            biased;
            asked = self.signals.next() => Event::Signal(Signal::from(asked)),
            line = next_of(&mut self.lines) => match line {
                Some(line) => Event::Line(line),
                None => {
                    self.lines = None;
                    Event::NoMoreLines
                }
            },
        }
    }
}

/// The next line; never, once there are no more.
async fn next_of(lines: &mut Option<UnboundedReceiver<String>>) -> Option<String> {
    match lines {
        Some(lines) => lines.recv().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_without_their_ends_and_the_last_one_needs_none() {
        let mut input: &[u8] = b"h\r\n\nfirst\xff\nq";
        let lines: Vec<String> = std::iter::from_fn(|| next_line(&mut input)).collect();
        assert_eq!(lines, ["h", "", "first\u{fffd}", "q"]);
    }

    #[test]
    fn a_line_without_an_end_is_broken() {
        let zeros = vec![0; 2500];
        let mut input = zeros.as_slice();
        let lengths: Vec<usize> =
            std::iter::from_fn(|| next_line(&mut input)).map(|line| line.len()).collect();
        assert_eq!(lengths, [1024, 1024, 452]);
    }
}
