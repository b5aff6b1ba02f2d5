//! Paths in commands that people copy into a shell.

use std::path::Path;

use shlex::Quoter;

/// A path as a word of a shell's command line.
pub(super) fn word(path: &Path) -> String {
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
