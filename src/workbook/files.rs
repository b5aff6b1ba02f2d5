//! Where a workbook's files come from: a folder on disk here, the built-in copy in `builtin`. Paths are as an author
//! writes them, below the workbook's root and with `/`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A file whose bytes are no text.
#[derive(Debug, Error)]
#[error("line {line} is not UTF-8")]
pub(super) struct NotUtf8 {
    /// From 1.
    pub(super) line: usize,
}

/// The files of one workbook.
pub(super) trait Files {
    /// The text of a file; `NotFound` when there is none.
    fn read(&self, path: &str) -> io::Result<String>;

    /// Every file below a folder, at any depth, sorted; none when there is no such folder.
    fn list(&self, folder: &str) -> Vec<String>;

    /// Where the workbook lies, for people and for paths of its dependencies. The built-in one lies nowhere.
    fn root(&self) -> Option<&Path>;
}

/// A workbook in a folder.
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> io::Result<String> {
        let text = String::from_utf8(fs::read(self.root.join(path))?).map_err(|error| {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            io::Error::new(io::ErrorKind::InvalidData, NotUtf8 { line })
        })?;
        // Some editors write this mark in front of a text; rustc and Cargo pass over it, too.
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        collect(&self.root.join(folder), folder, &mut files);
        files.sort();
        files
    }

    fn root(&self) -> Option<&Path> {
        Some(&self.root)
    }
}

/// A folder that cannot be listed holds no file that is needed: reading a file of it says what is wrong.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Build output and an editor's own files are nobody's answers, and `target` can be huge.
        if name.starts_with('.') || name == "target" {
            continue;
        }
        let path = format!("{prefix}/{name}");
        // The entry's own type, so that a link to a folder is not followed in circles.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), &path, files);
        } else {
            files.push(path);
        }
    }
}
