//! The learner's terminal: taken over for the watcher, and given back whatever happens.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, Clear, ClearType, DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate,
    EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{execute, queue};

use crate::screen::Line;
use crate::screen::colour::{Colour, Links, Surroundings, paint_linked};
use crate::screen::watch::{View, frame};

use super::outside::Display;
use crate::system::paths::with_slashes;
use crate::system::terminal::{self as system, in_background};

/// The screen of a terminal that does not know its size.
pub(super) const USUAL: (usize, usize) = (80, 24);
/// No screen has more columns or rows; a terminal that says so is mistaken.
const MOST: u16 = 1000;

/// The thread that has taken the terminal over, if one has. Leaving takes it out, so that the terminal is given back
/// once, by whoever comes first: the drop, or the panic hook.
static TAKEN: Mutex<Option<ThreadId>> = Mutex::new(None);

/// Where this program was started, as far as the watcher cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a terminal that shows screens and whose keys come to us.
    Screen,
    /// On such a terminal, but its keys go to another job: to take it over would stop us where no signal is heard.
    Background,
    /// On a terminal that can only print (`TERM=dumb`), or where plain text is asked for.
    Plain,
    /// Without a terminal.
    Paper,
}

/// Where this program was started. `plain`: the learner asks for plain text.
#[must_use]
pub fn place(plain: bool) -> Place {
    let surroundings = Surroundings::of(&io::stdout());
    let keyboard = io::stdin().is_terminal();
    let on_terminal = surroundings.terminal && keyboard;
    if !on_terminal && !plain {
        Place::Paper
    } else if keyboard && in_background() {
        Place::Background
    } else if plain || surroundings.dumb {
        Place::Plain
    } else {
        Place::Screen
    }
}

/// Standard output as a screen of our own: raw keys, the alternate screen, no cursor. Dropping it gives the terminal
/// back as it was; a panic does so before its message is printed.
pub(super) struct Terminal {
    painter: Painter,
}

impl Terminal {
    /// Takes the terminal over. Paths on it are below `folder`.
    pub(super) fn enter(folder: &Path) -> io::Result<Self> {
        give_back_on_panic();
        let surroundings = Surroundings::of(&io::stdout());
        let links = folder.to_str().and_then(|folder| Links::below(&with_slashes(folder), surroundings));
        let terminal = Self { painter: Painter::new(surroundings.colour(), links) };
        take()?;
        Ok(terminal)
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (usize, usize) {
        usable_size(terminal::size().ok())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

impl Display for Terminal {
    fn draw(&mut self, view: &View<'_>, (width, height): (usize, usize)) -> io::Result<()> {
        let bytes = self.painter.changes(&frame(view, width, height))?;
        if bytes.is_empty() {
            return Ok(());
        }
        // One write: a terminal that knows nothing of synchronized updates still gets the frame in one piece.
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()
    }

    fn forget(&mut self) {
        self.painter.forget();
    }

    fn lend(&mut self) {
        give_back();
    }

    fn take_back(&mut self) -> io::Result<(usize, usize)> {
        take()?;
        self.painter.forget();
        Ok(self.size())
    }

    fn is_ours(&self) -> bool {
        !in_background()
    }

    fn stop(&mut self) -> io::Result<()> {
        system::stop()
    }
}

/// A size that can be drawn on.
pub(super) fn usable_size(size: Option<(u16, u16)>) -> (usize, usize) {
    let (columns, rows) = size.unwrap_or_default();
    let or = |given: u16, usual| if given == 0 { usual } else { usize::from(given.min(MOST)) };
    (or(columns, USUAL.0), or(rows, USUAL.1))
}

fn take() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
    let entered = execute!(io::stdout(), EnterAlternateScreen, Hide, DisableLineWrap);
    if entered.is_err() {
        give_back();
    }
    entered
}

fn give_back() {
    if TAKEN.lock().unwrap_or_else(PoisonError::into_inner).take().is_none() {
        return;
    }
    // The shell has taken it from us and put it in order. To touch it now would stop us instead of ending us.
    if in_background() {
        return;
    }
    // Each is tried whatever became of the others; a terminal that is gone needs none of them.
    let shown =
        execute!(io::stdout(), EndSynchronizedUpdate, ResetColor, EnableLineWrap, LeaveAlternateScreen, Show);
    let cooked = terminal::disable_raw_mode();
    drop((shown, cooked));
}

/// A panic's message would be lost on the alternate screen, and its lines would run like stairs in raw mode. A panic
/// on another thread (in a library) does not end the watcher, so it does not take the screen from it.
fn give_back_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let taken = *TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
            if taken == Some(thread::current().id()) {
                give_back();
            }
            print(info);
        }));
    });
}

/// Turns frames into what must be written to change the screen from one to the next.
struct Painter {
    colour: Colour,
    links: Option<Links>,
    /// The rows on the screen; `None` when they are unknown.
    shown: Option<Vec<String>>,
}

impl Painter {
    fn new(colour: Colour, links: Option<Links>) -> Self {
        Self { colour, links, shown: None }
    }

    fn forget(&mut self) {
        self.shown = None;
    }

    /// The bytes to write; none if nothing has changed.
    fn changes(&mut self, frame: &[Line]) -> io::Result<Vec<u8>> {
        let rows: Vec<String> =
            frame.iter().map(|line| paint_linked(line, self.colour, self.links.as_ref())).collect();
        // Another height is another screen: terminals move their text about when they are resized.
        let old = self.shown.take().filter(|old| old.len() == rows.len());
        let mut bytes = Vec::new();
        queue!(bytes, BeginSynchronizedUpdate)?;
        let empty = bytes.len();
        if old.is_none() {
            queue!(bytes, Clear(ClearType::All))?;
        }
        for (index, row) in rows.iter().enumerate() {
            if old.as_ref().is_none_or(|old| old[index] != *row) {
                let at = u16::try_from(index).map_err(io::Error::other)?;
                // Cleared first: behind a full row the cursor stands on its last column, and would clear that.
                queue!(bytes, MoveTo(0, at), Clear(ClearType::CurrentLine))?;
                bytes.extend_from_slice(row.as_bytes());
            }
        }
        self.shown = Some(rows);
        if bytes.len() == empty {
            return Ok(Vec::new());
        }
        queue!(bytes, EndSynchronizedUpdate)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(painter: &mut Painter, rows: &[&str]) -> String {
        let frame: Vec<Line> = rows.iter().map(|row| Line::from(*row)).collect();
        String::from_utf8(painter.changes(&frame).unwrap()).unwrap()
    }

    #[test]
    fn only_rows_that_changed_are_written() {
        let mut painter = Painter::new(Colour::Off, None);
        let first = written(&mut painter, &["one", "two", "three"]);
        assert!(first.contains("one") && first.contains("three"), "{first:?}");
        let second = written(&mut painter, &["one", "2", "three"]);
        assert!(second.contains("\u{1b}[2;1H\u{1b}[2K2"), "{second:?}");
        assert!(!second.contains("one") && !second.contains("three"), "{second:?}");
        assert!(second.starts_with("\u{1b}[?2026h") && second.ends_with("\u{1b}[?2026l"), "{second:?}");
        assert_eq!(written(&mut painter, &["one", "2", "three"]), "");
    }

    #[test]
    fn a_forgotten_or_resized_screen_is_written_whole() {
        let mut painter = Painter::new(Colour::Off, None);
        written(&mut painter, &["one", "two"]);
        painter.forget();
        assert!(written(&mut painter, &["one", "two"]).contains("one"));
        let other = written(&mut painter, &["one"]);
        assert!(other.contains("\u{1b}[2J") && other.contains("one"), "{other:?}");
    }

    #[test]
    fn a_terminal_without_a_size_gets_the_usual_one() {
        assert_eq!(usable_size(None), (80, 24));
        assert_eq!(usable_size(Some((0, 0))), (80, 24));
        assert_eq!(usable_size(Some((120, 0))), (120, 24));
        assert_eq!(usable_size(Some((u16::MAX, 50))), (1000, 50));
    }
}
