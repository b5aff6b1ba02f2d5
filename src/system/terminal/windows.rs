//! A console has no jobs: whoever is started has it, and nobody can be stopped for a while.

use std::io;

/// Whether the terminal belongs to another job of the shell: there are none.
pub(crate) fn in_background() -> bool {
    false
}

/// Does nothing: the key that asks for it has no such meaning here.
pub(crate) fn stop() -> io::Result<()> {
    Ok(())
}
