//! Standard output: how wide it is, whether it has colour, and printing on it.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use super::exit::Failure;

use crate::screen::Line;
use crate::screen::colour::{Colour, Surroundings, paint_all};

/// Columns where the terminal does not tell.
const WIDTH: usize = 80;

/// Standard output as it was found at the start.
pub(super) struct Console {
    width: usize,
    colour: Colour,
}

impl Console {
    pub(super) fn new() -> Self {
        let stdout = std::io::stdout();
        let columns = stdout
            .is_terminal()
            .then(crossterm::terminal::size)
            .and_then(Result::ok)
            .map_or(0, |(columns, _)| columns);
        Self {
            width: if columns == 0 { WIDTH } else { usize::from(columns).clamp(40, 200) },
            colour: Surroundings::of(&stdout).colour(),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Prints lines.
    pub(super) fn print(&self, lines: &[Line]) {
        self.print_raw(&paint_all(lines, self.colour));
    }

    /// Prints text as it is.
    pub(super) fn print_raw(&self, text: &str) {
        let _ = Stdout.write_all(text.as_bytes());
    }
}

/// The first error of standard output. There is one standard output in a process, whoever prints on it.
static TROUBLE: OnceLock<io::Error> = OnceLock::new();

/// Standard output as a command writes on it: what goes wrong is remembered for [`all_written`], and the work goes on.
/// After an error nothing more is written: a result with a hole in it would look like a whole one.
pub(super) struct Stdout;

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if TROUBLE.get().is_none() {
            let mut stdout = io::stdout().lock();
            if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush()) {
                let _ = TROUBLE.set(error);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether everything that was printed has been written.
///
/// # Errors
/// It has not. A reader that has left (`| head`) wants no more, and that is no error.
pub(super) fn all_written() -> Result<(), Failure> {
    match TROUBLE.get() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error.to_string())),
        _ => Ok(()),
    }
}
