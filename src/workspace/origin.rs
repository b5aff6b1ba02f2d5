//! Which workbook a workspace was made for: another one would add its own chapters and rewrite `Cargo.toml`.
//!
//! It lies in a learner's folder, and the learner can edit it: only commands of the learner's own may go by it, never one
//! that grades other people's folders.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::system::folder::{Folder, Refusal};
use crate::system::paths::real;
use crate::workbook::Workbook;
use crate::workspace::{Error, Workspace, disk};

/// Below the workspace's own folder.
pub(super) const NAME: &str = "workbook.toml";

/// What is read of it at most, in bytes; a title and a path take a hundred.
const MOST: u64 = 64 << 10;

const HEAD: &str = "# The workbook that this folder was set up for; without a path, the one that is built into tokiolings.\n";

/// The workbook of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its title when it was last opened here.
    pub title: String,
    /// Its folder, absolute; `None` for the built-in one.
    pub path: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    /// Relative to the workspace where they lie beside or inside of each other: then they can move together.
    path: Option<PathBuf>,
}

impl Origin {
    /// Whether the workbook is still where it was.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.path.as_ref().is_none_or(|path| Workbook::find(path).as_ref() == Some(path))
    }
}

impl Workspace {
    /// The workbook that it was made for; `None` if nobody has noted it.
    ///
    /// # Errors
    /// There is a note that cannot be read.
    pub fn origin(&self) -> Result<Option<Origin>, Error> {
        let path = self.folder().join(NAME);
        let read = Folder::at(&self.folder()).and_then(|folder| folder.read(NAME, MOST));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(Refusal::Missing) => return Ok(None),
            Err(refusal) => return Err(Error::read(path)(io::Error::other(refusal.to_string()))),
        };
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::read(path.clone())(io::Error::other("it is not UTF-8")))?;
        let file: File = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            Error::Origin { path, line, problem: error.message().to_owned() }
        })?;
        let path = file.path.map(|path| {
            let path = self.root().join(path);
            real(&path).unwrap_or(path)
        });
        Ok(Some(Origin { title: file.title, path }))
    }

    /// Notes the workbook that it is for, in place of the one that was noted before.
    ///
    /// # Errors
    /// The note cannot be written; the one before it is still there.
    pub fn set_origin(&self, origin: &Origin) -> Result<(), Error> {
        let root = real(self.root()).unwrap_or_else(|_| self.root().to_path_buf());
        let path = origin.path.as_ref().map(|path| near(&root, path).unwrap_or_else(|| path.clone()));
        let text = toml::to_string(&File { title: origin.title.clone(), path })
            .map_err(|error| Error::write(self.folder().join(NAME))(std::io::Error::other(error)))?;
        let path = self.folder().join(NAME);
        disk::replace(&path, format!("{HEAD}{text}").as_bytes()).map_err(Error::write(path))
    }
}

/// The way from a workspace to a workbook beside it, or around it.
fn near(root: &Path, workbook: &Path) -> Option<PathBuf> {
    if let Ok(below) = root.strip_prefix(workbook) {
        return Some(below.components().map(|_| "..").collect());
    }
    Some(Path::new("..").join(workbook.strip_prefix(root.parent()?).ok()?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn workspace(root: &Path) -> Workspace {
        fs::create_dir_all(root.join(".tokiolings")).unwrap();
        Workspace::at(root.to_path_buf())
    }

    #[test]
    fn what_was_noted_is_read_again_and_neighbors_may_move_together() {
        let folder = tempfile::tempdir().unwrap();
        let folder = real(folder.path()).unwrap();
        fs::create_dir_all(folder.join("a/book")).unwrap();
        let here = workspace(&folder.join("a/mine"));
        assert_eq!(here.origin().unwrap(), None);
        for path in [
            None,
            Some(folder.join("a/book")),
            Some(std::path::absolute("/elsewhere/book").unwrap()),
            Some(folder.join("a")),
        ] {
            let origin = Origin { title: "A \"book\"".into(), path };
            here.set_origin(&origin).unwrap();
            assert_eq!(here.origin().unwrap(), Some(origin));
        }
        here.set_origin(&Origin { title: "A".into(), path: Some(folder.join("a/book")) }).unwrap();
        fs::rename(folder.join("a"), folder.join("b")).unwrap();
        let moved = Workspace::at(folder.join("b/mine")).origin().unwrap().unwrap();
        assert_eq!(moved.path, Some(folder.join("b/book")));
    }

    #[test]
    fn a_note_that_cannot_be_read_is_named_with_its_line_and_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let here = workspace(folder.path());
        for (text, line) in [("title = 3\n", 1), ("title = \"a\"\npaht = \"b\"\n", 2), ("\n\ngarbage", 3)] {
            fs::write(here.folder().join(NAME), text).unwrap();
            let said = here.origin().unwrap_err().to_string();
            assert!(
                said.contains(&format!("workbook.toml:{line}: ")) && said.contains("--workbook DIR"),
                "{said}"
            );
        }
    }
}
