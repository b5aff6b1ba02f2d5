//! A report as a file: whole or not at all, so that a reader never finds half of one.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::system::files as system;
use crate::system::paths::real;

/// Replaces a file in one step, or makes it; a file that was there keeps its permissions, and a link the file that it
/// means. What is no file (a pipe, `/dev/stdout`) is written to as it is.
///
/// # Errors
/// It cannot be written; a file that was there is as before.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, |out| out.write_all(bytes))
}

/// As [`write()`], for content that is made as it is written.
///
/// # Errors
/// As there, or the content's own.
pub fn write_with(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let through = |file: &fs::File| {
        let mut out = io::BufWriter::new(file);
        content(&mut out)?;
        out.flush()
    };
    let before = match path.metadata() {
        Ok(before) if before.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(before) if !before.is_file() => {
            return through(&fs::OpenOptions::new().write(true).open(path)?);
        }
        Ok(before) => Some(before),
        Err(_) => None,
    };
    let path = if before.is_some() { real(path)? } else { path.to_path_buf() };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tokiolings-report-");
    system::ordinary(&mut builder);
    let file = builder.tempfile_in(folder)?;
    through(file.as_file())?;
    if let Some(before) = before {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    system::persist(file, &path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        write(&path, b"a longer first text").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(write(folder.path(), b"x").unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(write(&folder.path().join("no/such"), b"x").unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_links_and_devices_stay_what_they_are() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        write(Path::new("/dev/null"), b"gone").unwrap();
        assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
    }
}
