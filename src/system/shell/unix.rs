//! `sh`.

use std::path::Path;

use shlex::Quoter;
use tokio::process::Command;

/// The exit code that means that there is no such program.
pub(crate) const NOT_FOUND: i32 = 127;

/// A command line, as one would type it, with a file behind it. What people put into `EDITOR` has quotes, variables and arguments.
pub(crate) fn run_with(line: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    // A Ctrl-C is the editor's affair: the shell hears it too, and has to wait for the editor all the same.
    command.arg("-c").arg(format!("trap : INT\n{line} \"$@\"")).arg("sh").arg(file);
    command
}

/// In a group of its own it does not hear the Ctrl-C that ends the watcher.
pub(crate) fn detach(command: &mut Command) {
    command.process_group(0);
}

/// A path as a word of a shell's command line.
pub(crate) fn word(path: &Path) -> String {
    let shown = path.display().to_string();
    // Else it would be taken for an option.
    let shown = if shown.starts_with('-') { format!("./{shown}") } else { shown };
    // No path holds a NUL, which is all that cannot be quoted.
    Quoter::new().allow_nul(true).quote(&shown).map_or_else(|_| shown.clone(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_each_for_one_word() {
        for (path, expected) in [
            ("wz", "wz"),
            ("/a/b-c_1.d", "/a/b-c_1.d"),
            ("my folder", "'my folder'"),
            ("-v", "./-v"),
            ("it's", "\"it's\""),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
        for path in ["a b", "it's $HOME", "`x`;!\"\\", "*", "~", "new\nline"] {
            assert_eq!(shlex::split(&word(Path::new(path))).unwrap(), [path]);
        }
    }
}
