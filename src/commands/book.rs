//! `tokiolings book [DIR]`

use std::path::Path;

use super::context::{Context, note};
use super::exit::{Exit, Failure};
use crate::book;
use crate::screen::{Line, Role, counted};
use crate::system::paths::real;

pub(super) fn run(context: &Context, dir: &Path, open: bool) -> Result<Exit, Failure> {
    let pages = book::pages(&context.workbook);
    book::write(dir, &pages)?;
    let first = dir.join(book::INDEX);
    context.print(&[
        Line::of(Role::Good, "Ready: ")
            .and(Role::Plain, format!("{} in ", counted(pages.len(), "page")))
            .and(Role::Path, dir.display().to_string()),
        Line::of(Role::Plain, "Start with ").and(Role::Path, first.display().to_string()),
    ]);
    if open {
        // The book is written, and its path is on the screen.
        let opened = real(&first).and_then(open::that_detached);
        note(
            opened
                .err()
                .map(|error| format!("no browser could be started: {error}; open the file yourself"))
                .as_deref(),
        );
    }
    Ok(Exit::Success)
}
