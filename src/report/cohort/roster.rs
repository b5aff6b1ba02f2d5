//! Who belongs to a cohort, and where their folders are: the sub-folders of a folder, or the rows of a CSV file.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use super::model::Share;
use crate::workspace::{Folder, Refusal};

/// The columns that a roster must have.
const NAME: &str = "name";
const PATH: &str = "path";

/// Everybody of a cohort, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// The names of the columns that are carried along.
    pub carried: Vec<String>,
    /// Where everybody is.
    pub places: Vec<Place>,
    /// Set when these are not all.
    pub share: Option<Share>,
}

/// One learner's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Unique in the cohort.
    pub name: String,
    /// The folder, as it was given.
    pub path: String,
    /// The roster's other columns.
    pub extra: Vec<String>,
    /// What `folder` starts from; links are followed up to here and no further.
    base: PathBuf,
    folder: PathBuf,
}

impl Place {
    /// Opens the folder.
    pub(super) fn open(&self) -> Result<Folder, Refusal> {
        Folder::at(&self.base)?.below(&self.folder)
    }
}

impl Roster {
    /// Each sub-folder is a learner's; hidden ones, and files, are nobody's.
    ///
    /// # Errors
    /// The folder cannot be listed, or has no sub-folder.
    pub fn of_folder(dir: &Path) -> Result<Self, Error> {
        let list = |source| Error::List { path: dir.to_owned(), source };
        let mut places = Vec::new();
        for entry in fs::read_dir(dir).map_err(list)? {
            let entry = entry.map_err(list)?;
            let file = entry.file_name();
            let kind = entry.file_type().map_err(list)?;
            if file.as_encoded_bytes().starts_with(b".") || !(kind.is_dir() || kind.is_symlink()) {
                continue;
            }
            places.push(Place {
                name: readable(&file),
                path: dir.join(&file).display().to_string(),
                extra: Vec::new(),
                base: dir.to_owned(),
                folder: file.into(),
            });
        }
        if places.is_empty() {
            return Err(Error::Nobody(dir.to_owned()));
        }
        places.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { carried: Vec::new(), places, share: None })
    }

    /// The rows of a CSV file with the columns `name` and `path`. Paths start from the file's folder.
    ///
    /// # Errors
    /// The file cannot be read, lacks a column, or names somebody twice: all that is wrong with it at once.
    pub fn of_file(file: &Path) -> Result<Self, Error> {
        let text = fs::read(file).map_err(|source| Error::Read { path: file.to_owned(), source })?;
        let base = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self::read(&text, base).map_err(|problems| Error::Roster { path: file.to_owned(), problems })
    }

    fn read(text: &[u8], base: &Path) -> Result<Self, Vec<String>> {
        // Spreadsheets begin their UTF-8 with a mark.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
        let header = reader.headers().map_err(|error| vec![error.to_string()])?.clone();
        let column = |wanted: &str| header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let (Some(name_at), Some(path_at)) = (column(NAME), column(PATH)) else {
            return Err(vec![format!("line 1 must name the columns, `{NAME}` and `{PATH}` among them")]);
        };
        let others: Vec<usize> = (0..header.len()).filter(|at| ![name_at, path_at].contains(at)).collect();
        let carried: Vec<String> = others.iter().map(|at| header[*at].to_owned()).collect();
        let mut problems = Vec::new();
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for (place, name) in carried.iter().enumerate() {
            if carried[..place].contains(name) {
                problems.push(format!("line 1: there are two columns `{name}`"));
            }
        }
        let mut places = Vec::new();
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    problems.push(error.to_string());
                    continue;
                }
            };
            let line = row.position().map_or(0, csv::Position::line);
            let (name, path) = (row[name_at].to_owned(), row[path_at].to_owned());
            if name.is_empty() || path.is_empty() {
                problems.push(format!("line {line}: `{NAME}` and `{PATH}` must not be empty"));
                continue;
            }
            if let Some(first) = seen.insert(name.clone(), line) {
                problems.push(format!(
                    "line {line}: `{name}` is on line {first} already; tell the two apart by their names"
                ));
            }
            let extra = others.iter().map(|at| row[*at].to_owned()).collect();
            places.push(Place { name, folder: PathBuf::from(&path), path, extra, base: base.to_owned() });
        }
        if places.is_empty() && problems.is_empty() {
            problems.push("it has no rows".to_owned());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        places.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { carried, places, share: None })
    }
}

/// A file's name as text; bytes that are none are written out, so that two names never become one.
fn readable(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(roster: &Roster) -> Vec<&str> {
        roster.places.iter().map(|place| place.name.as_str()).collect()
    }

    #[test]
    fn sub_folders_are_learners_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["bob", "alice", ".git", "<script>"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        fs::write(dir.path().join("README.md"), "").unwrap();
        std::os::unix::fs::symlink("/etc", dir.path().join("eve")).unwrap();
        let roster = Roster::of_folder(dir.path()).unwrap();
        assert_eq!(names(&roster), ["<script>", "alice", "bob", "eve"]);
        assert!(roster.places[3].open().unwrap_err().to_string().contains("symbolic link"));
        assert!(matches!(Roster::of_folder(&dir.path().join("bob")), Err(Error::Nobody(_))));
    }

    #[test]
    fn a_roster_carries_its_other_columns_along() {
        let text = "\u{feff}Email,name,Path,group\nb@x,Bob,clones/bob,2\n\"a,@x\", Alice ,/abs/alice,1\n";
        let roster = Roster::read(text.as_bytes(), Path::new("base")).unwrap();
        assert_eq!(names(&roster), ["Alice", "Bob"]);
        assert_eq!(roster.carried, ["Email", "group"]);
        assert_eq!(roster.places[0].extra, ["a,@x", "1"]);
        assert_eq!(roster.places[1].path, "clones/bob");
    }

    #[test]
    fn everything_wrong_with_a_roster_is_said_at_once() {
        let read = |text: &str| Roster::read(text.as_bytes(), Path::new(".")).unwrap_err();
        assert_eq!(read("name,mail\nx,y\n"), ["line 1 must name the columns, `name` and `path` among them"]);
        assert_eq!(read("name,path\n"), ["it has no rows"]);
        let problems = read("name,path,g,g\nx,a,,\n,b,,\nx,c,,\ny\n");
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(problems[0].contains("two columns `g`"));
        assert!(problems[1].starts_with("line 3: "));
        assert!(problems[2].starts_with("line 4: `x` is on line 2"));
    }

    #[test]
    fn names_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(readable(OsStr::from_bytes(b"a\xff")), "a\\xff");
        assert_ne!(readable(OsStr::from_bytes(b"a\xfe")), readable(OsStr::from_bytes(b"a\xff")));
    }
}
