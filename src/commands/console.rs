//! Standard output: how wide it is, whether it has colour, and printing on it.

use std::io::{IsTerminal, Write};

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
        // A reader that has left (`| head`) wants no more.
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    }
}
