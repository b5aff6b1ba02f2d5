//! Writing and removing.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::home::unwritable;
use super::scratch::remove_tree;
use crate::system::files::{persist, rename};
use crate::verdict::Broken;

/// Writes a file so that a reader, or a second writer, sees all of it or none.
pub(in crate::grader) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    persist(file, path)
}

/// Removes what an earlier grading left behind: a file, or a folder with all that is in it.
pub(in crate::grader) fn remove(path: &Path) -> Result<(), Broken> {
    let removed = if path.is_dir() { remove_tree(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(path, &error)),
        _ => Ok(()),
    }
}

/// Moves a file of the build folder to another place there.
pub(in crate::grader) fn move_to(file: &Path, place: &Path) -> Result<(), Broken> {
    let parent = place.parent().expect("a file below a folder has a parent");
    fs::create_dir_all(parent).and_then(|()| rename(file, place)).map_err(|error| unwritable(place, &error))
}

/// Writes a file of the build folder, unless it holds that text already.
pub(in crate::grader) fn write(path: &Path, text: &str) -> Result<(), Broken> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let parent = path.parent().expect("a file below a folder has a parent");
    fs::create_dir_all(parent).and_then(|()| fs::write(path, text)).map_err(|error| unwritable(path, &error))
}
