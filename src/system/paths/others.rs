//! Paths as others get them: programs, and people.

use std::io;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// A path for programs, in JSON, CSV or a URL: with `/` on every system. People see the system's own separators.
pub(crate) fn with_slashes(path: &str) -> String {
    slashed(path, MAIN_SEPARATOR)
}

fn slashed(path: &str, separator: char) -> String {
    path.replace(separator, "/")
}

/// A path that is written with `/`, below a folder, as the system writes it.
pub(crate) fn below(folder: &Path, path: &str) -> PathBuf {
    path.split('/').fold(folder.to_path_buf(), |path, part| path.join(part))
}

/// Where a path leads once links are followed, written as people write it. Windows itself answers with a path that begins
/// with `\\?\`, which many programs refuse.
pub(crate) fn real(path: &Path) -> io::Result<PathBuf> {
    dunce::canonicalize(path)
}

#[cfg(test)]
mod tests {
    use std::path::MAIN_SEPARATOR_STR;

    use super::*;

    #[test]
    fn programs_get_slashes_and_a_backslash_in_a_name_stays() {
        assert_eq!(slashed(r"exercises/01_one\deep\x.rs", '\\'), "exercises/01_one/deep/x.rs");
        assert_eq!(slashed(r"C:\clones\ann", '\\'), "C:/clones/ann");
        // Elsewhere a backslash separates nothing, and another name would be another file.
        assert_eq!(slashed(r"clones/a\b", '/'), r"clones/a\b");
    }

    #[test]
    fn a_path_below_a_folder_is_written_as_the_system_writes_it() {
        let path = below(Path::new("mine"), "exercises/01_one/x.rs");
        let separated = ["mine", "exercises", "01_one", "x.rs"].join(MAIN_SEPARATOR_STR);
        assert_eq!(path.to_str(), Some(separated.as_str()));
    }

    #[test]
    fn a_real_path_is_one_that_people_write() {
        let folder = tempfile::tempdir().unwrap();
        let real = real(&folder.path().join(".")).unwrap();
        assert!(real.is_absolute() && !real.to_string_lossy().contains('?'), "{real:?}");
    }
}
