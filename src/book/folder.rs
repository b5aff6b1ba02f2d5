//! The folder of a book. Only what a former run wrote is ever replaced or deleted there.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::site::Page;

/// It marks a folder as one of a book, and names the files of the book, one a line.
const MARKER: &str = ".tokiolings-book";

/// What the marker begins with.
const HEAD: &str =
    "`tokiolings book` wrote the files that are named here. Its next run replaces or deletes them.\n";

/// Why a book could not be written. Each completes "failed to …".
#[derive(Debug, Error)]
pub enum Error {
    /// There is something at its path, and it is no folder.
    #[error("write the book into {}: that is not a folder; name another path: `tokiolings book DIR`", .0.display())]
    NotAFolder(PathBuf),
    /// A folder of somebody else's.
    #[error(
        "write the book into {}: the folder has files that `tokiolings book` did not write; name a new or empty folder: \
         `tokiolings book DIR`",
        .0.display()
    )]
    NotOurs(PathBuf),
    /// A file of somebody else's, in a folder of a book.
    #[error(
        "write {}: `tokiolings book` did not write the file that is there; move it away, or name another folder: \
         `tokiolings book DIR`",
        .0.display()
    )]
    InTheWay(PathBuf),
    /// The disk.
    #[error("write {}", path.display())]
    Write {
        /// Which file or folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

impl Error {
    /// Whether the machine is to blame, and not the path that was named.
    #[must_use]
    pub fn is_machines(&self) -> bool {
        matches!(self, Self::Write { .. })
    }
}

/// Writes a book. Pages that a former run wrote there and that are not in this book are deleted; all other files stay.
///
/// # Errors
/// The folder, or a file in it, is somebody else's, or it cannot be written. Nothing is changed then, unless the disk fails half-way;
/// the next run goes on from there.
pub fn write(folder: &Path, pages: &[Page]) -> Result<(), Error> {
    let former = former(folder)?;
    if let Some(page) =
        pages.iter().find(|page| !former.contains(&page.name) && taken(&folder.join(&page.name)))
    {
        return Err(Error::InTheWay(folder.join(&page.name)));
    }
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let names: BTreeSet<String> = pages.iter().map(|page| page.name.clone()).collect();
    // Before the pages, so that a run that is stopped leaves no page that the next one would not know.
    mark(folder, &former.union(&names).cloned().collect())?;
    for page in pages {
        let path = folder.join(&page.name);
        fs::write(&path, &page.html).map_err(failed(&path))?;
    }
    for name in former.difference(&names) {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&path)(error)),
            _ => {}
        }
    }
    mark(folder, &names)
}

/// The files that a former run wrote; none in a folder that is new or empty.
fn former(folder: &Path) -> Result<BTreeSet<String>, Error> {
    match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(failed(folder)(error)),
        Ok(metadata) if !metadata.is_dir() => return Err(Error::NotAFolder(folder.to_owned())),
        Ok(_) => {}
    }
    let marker = folder.join(MARKER);
    match fs::read_to_string(&marker) {
        Ok(text) => {
            let names = text.strip_prefix(HEAD).ok_or_else(|| Error::NotOurs(folder.to_owned()))?;
            Ok(names.lines().filter(|name| is_page(name)).map(str::to_owned).collect())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut entries = fs::read_dir(folder).map_err(failed(folder))?;
            if entries.next().is_some() {
                Err(Error::NotOurs(folder.to_owned()))
            } else {
                Ok(BTreeSet::new())
            }
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Error::NotOurs(folder.to_owned())),
        Err(error) => Err(failed(&marker)(error)),
    }
}

/// Whether a line of the marker can be a page of ours: no path leads out of the folder.
fn is_page(name: &str) -> bool {
    name.ends_with(".html") && !name.contains(['/', '\\', ':'])
}

/// Whether there is something, if only a link that leads nowhere.
fn taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn mark(folder: &Path, names: &BTreeSet<String>) -> Result<(), Error> {
    let path = folder.join(MARKER);
    let lines: String = names.iter().map(|name| format!("{name}\n")).collect();
    fs::write(&path, format!("{HEAD}{lines}")).map_err(failed(&path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::Write { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, html: &str) -> Page {
        Page { name: name.to_owned(), html: html.to_owned() }
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.filter(|name| name != MARKER).collect();
        names.sort();
        names
    }

    #[test]
    fn a_later_book_takes_the_place_of_a_former_one_and_leaves_other_files_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/book");
        write(&folder, &[page("index.html", "one"), page("01_a.html", "a")]).unwrap();
        assert_eq!(files(&folder), ["01_a.html", "index.html"]);
        fs::write(folder.join("CNAME"), "mine").unwrap();
        write(&folder, &[page("index.html", "two"), page("02_b.html", "b")]).unwrap();
        assert_eq!(files(&folder), ["02_b.html", "CNAME", "index.html"]);
        assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "two");
        fs::write(folder.join("03_c.html"), "mine").unwrap();
        let error = write(&folder, &[page("index.html", "three"), page("03_c.html", "c")]).unwrap_err();
        assert!(matches!(&error, Error::InTheWay(path) if path.ends_with("03_c.html")), "{error}");
        assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "two");
    }

    #[test]
    fn what_somebody_else_wrote_is_never_overwritten() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("site");
        fs::create_dir(&folder).unwrap();
        let book = [page("index.html", "book")];
        write(&folder, &book).unwrap();
        for marker in ["", "something else\n", "index.html\n"] {
            fs::write(folder.join(MARKER), marker).unwrap();
            let error = write(&folder, &[page("index.html", "new")]).unwrap_err();
            assert!(matches!(error, Error::NotOurs(_)), "{marker:?}: {error}");
        }
        fs::remove_file(folder.join(MARKER)).unwrap();
        assert!(matches!(write(&folder, &[]).unwrap_err(), Error::NotOurs(_)));
        assert_eq!(fs::read_to_string(folder.join("index.html")).unwrap(), "book");
        let file = folder.join("index.html");
        assert!(matches!(write(&file, &book).unwrap_err(), Error::NotAFolder(_)));
    }

    #[test]
    fn a_marker_names_nothing_outside_of_its_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("book");
        write(&folder, &[page("index.html", "")]).unwrap();
        for name in ["out.html", "note.txt"] {
            fs::write(place.path().join(name), "mine").unwrap();
        }
        fs::write(folder.join("note.txt"), "mine").unwrap();
        let names =
            format!("{HEAD}../out.html\n{}\nnote.txt\nindex.html\n", place.path().join("out.html").display());
        fs::write(folder.join(MARKER), names).unwrap();
        write(&folder, &[page("index.html", "")]).unwrap();
        assert!(place.path().join("out.html").is_file() && folder.join("note.txt").is_file());
    }
}
