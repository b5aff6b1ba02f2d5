//! Plain text as a display: it is only ever added to, and no cursor moves.

use std::io::{self, Write};

use crate::screen::Transcript;
use crate::screen::colour::{Surroundings, paint_all};
use crate::screen::watch::View;

use super::outside::Display;
use super::terminal::usable_size;

/// Fewer columns are not worth breaking lines for.
const NARROWEST: usize = 40;
/// Longer lines are hard to read.
const WIDEST: usize = 100;

/// Where plain text is written.
pub(super) struct Paper<W> {
    out: W,
    surroundings: Surroundings,
    transcript: Transcript,
}

impl<W: Write> Paper<W> {
    /// Nothing has been written so far.
    pub(super) fn new(out: W, surroundings: Surroundings) -> Self {
        Self { out, surroundings, transcript: Transcript::default() }
    }

    /// Columns and rows. Where there is no terminal, nobody knows how wide a line may be.
    pub(super) fn size(&self) -> (usize, usize) {
        usable_size(self.surroundings.terminal.then(crossterm::terminal::size).and_then(Result::ok))
    }
}

impl<W: Write> Display for Paper<W> {
    fn draw(&mut self, view: &View<'_>, (width, _): (usize, usize)) -> io::Result<()> {
        let lines = self.transcript.take(view, width.clamp(NARROWEST, WIDEST));
        if lines.is_empty() {
            return Ok(());
        }
        // One write: what belongs together is read together.
        self.out.write_all(paint_all(&lines, self.surroundings.colour()).as_bytes())?;
        self.out.flush()
    }

    /// What is written is written.
    fn forget(&mut self) {}

    /// There is nothing to give back.
    fn lend(&mut self) {}

    fn take_back(&mut self) -> io::Result<(usize, usize)> {
        Ok(self.size())
    }

    fn is_ours(&self) -> bool {
        true
    }

    /// The terminal stops us by itself.
    fn stop(&mut self) -> io::Result<()> {
        Ok(())
    }
}
