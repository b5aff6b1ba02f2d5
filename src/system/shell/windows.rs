//! `cmd`.

use std::path::Path;

use tokio::process::Command;

/// The exit code that means that there is no such program.
pub(crate) const NOT_FOUND: i32 = 9009;

/// A new group of processes: what the console tells this one does not reach it.
const NEW_GROUP: u32 = 0x200;

/// A command line, as one would type it, with a file behind it.
pub(crate) fn run_with(line: &str, file: &Path) -> Command {
    let mut command = Command::new("cmd");
    // Of a line in quotes `cmd /S` takes off the outer ones, and leaves the rest as it is. No file has a quote in its name.
    command.args(["/D", "/S", "/C"]).raw_arg(format!("\"{line} \"{}\"\"", file.display()));
    command
}

/// In a group of its own it does not hear the Ctrl-C that ends the watcher.
pub(crate) fn detach(command: &mut Command) {
    command.creation_flags(NEW_GROUP);
}

/// A path as a word of a shell's command line, in `cmd` and in PowerShell.
pub(crate) fn word(path: &Path) -> String {
    let shown = path.display().to_string();
    let plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '\\' | '/' | ':' | '.' | '-' | '_');
    if !shown.is_empty() && shown.chars().all(plain) { shown } else { format!("\"{shown}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plain_is_quoted() {
        assert_eq!(word(Path::new(r"C:\a\b-c_1.d")), r"C:\a\b-c_1.d");
        assert_eq!(word(Path::new(r"C:\my folder\x")), "\"C:\\my folder\\x\"");
    }
}
