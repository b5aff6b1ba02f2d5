//! Files to write, all or none: nothing is written when one of them is there already.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::Error;

/// Files to add and to change below a folder.
pub(super) struct Files<'a> {
    root: &'a Path,
    added: Vec<(String, String)>,
    changed: Vec<(String, String)>,
}

impl<'a> Files<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, added: Vec::new(), changed: Vec::new() }
    }

    /// A file that must not be there yet.
    pub(super) fn add(&mut self, file: &str, text: String) {
        self.added.push((file.to_owned(), text));
    }

    /// A file that gets another text, which keeps all of what it says now.
    pub(super) fn change(&mut self, file: &str, text: String) {
        self.changed.push((file.to_owned(), text));
    }

    pub(super) fn read(&self, file: &str) -> Result<String, Error> {
        let path = self.root.join(file);
        fs::read_to_string(&path).map_err(|source| Error::Write { file: path, source })
    }

    /// Writes them, what is added first, so that no manifest names what is not there. Gives their names.
    pub(super) fn write(self, what: &str) -> Result<Vec<String>, Error> {
        let there = |file: &String| self.root.join(file).symlink_metadata().is_ok();
        let files: Vec<String> =
            self.added.iter().map(|(file, _)| file).filter(|file| there(file)).cloned().collect();
        if !files.is_empty() {
            return Err(Error::Exists { what: what.to_owned(), files });
        }
        for (file, text) in &self.added {
            let path = self.root.join(file);
            create(&path, text).map_err(|source| Error::Write { file: path.clone(), source })?;
        }
        for (file, text) in &self.changed {
            let path = self.root.join(file);
            replace(&path, text).map_err(|source| Error::Write { file: path.clone(), source })?;
        }
        Ok(self.added.into_iter().chain(self.changed).map(|(file, _)| file).collect())
    }
}

fn create(path: &PathBuf, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::File::create_new(path)?.write_all(text.as_bytes())
}

/// In one step: an interrupted write leaves the old text.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    file.persist(path).map_err(|error| error.error).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_when_one_file_is_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b"), "mine").unwrap();
        let mut files = Files::new(folder.path());
        files.add("a/new", "x".to_owned());
        files.add("b", "x".to_owned());
        let error = files.write("it").unwrap_err();
        assert!(
            error.to_string().contains("this is already there, and nothing is overwritten: b"),
            "{error}"
        );
        assert!(!folder.path().join("a").exists());
        assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "mine");
    }
}
