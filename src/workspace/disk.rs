//! Writing files so that a crash leaves either the old state or the new one.

use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::system::files as system;
use crate::system::paths::real;

/// What files under way are called; `.gitignore` names it too.
pub(super) const UNDER_WAY: &str = ".tokiolings-new-";

/// Writes a file that is not there yet, whole or not at all. `Ok(false)`: something is there, and stays as it is.
pub(super) fn create(path: &Path, content: &[u8], durable: Durable) -> io::Result<bool> {
    // The usual case of a second set-up: no need to write a file only to find that it is not wanted.
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let file = under_way(path, content, durable)?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error.error),
    }
    if durable == Durable::Yes {
        sync_folder_of(path)?;
    }
    Ok(true)
}

/// Replaces a file in one step, with its permissions kept; writes it if it is not there. Follows a symbolic link to
/// the file it means.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = &real(path).unwrap_or_else(|_| path.to_path_buf());
    let file = under_way(path, content, Durable::Yes)?;
    if let Ok(before) = path.metadata() {
        file.as_file().set_permissions(before.permissions())?;
    }
    system::persist(file, path)?;
    sync_folder_of(path)
}

/// Whether a file must outlive a power cut from the moment that it is written. What the program can write again need
/// not: a hundred starters would cost a hundred waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durable {
    Yes,
    No,
}

fn under_way(path: &Path, content: &[u8], durable: Durable) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(UNDER_WAY);
    system::ordinary(&mut builder);
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    if durable == Durable::Yes {
        file.as_file().sync_all()?;
    }
    Ok(file)
}

/// Makes a rename in a folder outlive a power cut.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => system::sync_folder(folder),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn create_never_touches_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        assert!(create(&path, b"one", Durable::Yes).unwrap());
        assert!(!create(&path, b"two", Durable::No).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn a_dangling_link_counts_as_something_and_a_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let [link, file] = ["link", "file"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink("file", &link).unwrap();
        assert!(!create(&link, b"one", Durable::No).unwrap());
        assert!(!file.exists());

        fs::write(&file, "old").unwrap();
        replace(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_ordinary_at_first_and_kept_later() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let mode = || path.metadata().unwrap().permissions().mode() & 0o777;
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();

        create(&path, b"", Durable::No).unwrap();
        assert_eq!(mode(), plain.metadata().unwrap().permissions().mode() & 0o777);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"x").unwrap();
        assert_eq!(mode(), 0o640);
    }
}
