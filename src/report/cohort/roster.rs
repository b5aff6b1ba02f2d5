//! Who belongs to a cohort, and where their folders are: the sub-folders of a folder, or the rows of a CSV file.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use super::model::Share;
use super::order::{self, by_name};
use crate::system::paths::{real, with_slashes};
use crate::workspace::{Folder, Refusal};
use sheet::Sheet;

mod sheet;

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
    /// What the instructor should look at; what concerns one learner is at their [`Place`].
    pub notes: Vec<String>,
    /// Set when these are not all.
    pub share: Option<Share>,
}

/// One learner's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Unique in the cohort.
    pub name: String,
    /// The folder as it was given, with `/`.
    pub path: String,
    /// The roster's other columns.
    pub extra: Vec<String>,
    /// What is odd about it beside the others; each completes "the learner …".
    pub notes: Vec<String>,
    /// What `folder` starts from; links are followed up to here and no further.
    base: PathBuf,
    folder: PathBuf,
}

impl Place {
    /// Where it really is; `None` if it is not there, or if a link leads to it, and so nothing of it is graded.
    #[must_use]
    pub fn real(&self) -> Option<PathBuf> {
        self.open().ok()?;
        real(&self.base.join(&self.folder)).ok()
    }

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
                path: with_slashes(&dir.join(&file).display().to_string()),
                extra: Vec::new(),
                notes: Vec::new(),
                base: dir.to_owned(),
                folder: file.into(),
            });
        }
        if places.is_empty() {
            return Err(Error::Nobody(dir.to_owned()));
        }
        Ok(Self::of(Vec::new(), places))
    }

    /// The rows of a CSV file with the columns `name` and `path`, separated and encoded in whatever way spreadsheets save
    /// them. Paths start from the file's folder.
    ///
    /// # Errors
    /// The file cannot be read, lacks a column, or names somebody twice: all that is wrong with it at once.
    pub fn of_file(file: &Path) -> Result<Self, Error> {
        let text = fs::read(file).map_err(|source| Error::Read { path: file.to_owned(), source })?;
        let base = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self::read(&text, base).map_err(|problems| Error::Roster { path: file.to_owned(), problems })
    }

    fn read(bytes: &[u8], base: &Path) -> Result<Self, Vec<String>> {
        let Sheet { header, rows, notes } = sheet::read(bytes, &[NAME, PATH])?;
        let column = |wanted: &str| header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let (name_at, path_at) =
            column(NAME).zip(column(PATH)).expect("a sheet has the columns that are wanted");
        let others: Vec<usize> = (0..header.len()).filter(|at| ![name_at, path_at].contains(at)).collect();
        let carried: Vec<String> = others.iter().map(|at| header[*at].clone()).collect();
        let mut problems = Vec::new();
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for (place, name) in carried.iter().enumerate() {
            if carried[..place].contains(name) {
                problems.push(format!("line 1: there are two columns `{name}`"));
            }
        }
        let mut places = Vec::new();
        for (line, cells) in rows {
            let (name, path) = (cells[name_at].clone(), cells[path_at].clone());
            if name.is_empty() || path.is_empty() {
                problems.push(format!("line {line}: `{NAME}` and `{PATH}` must not be empty"));
                continue;
            }
            if let Some(first) = seen.insert(name.clone(), line) {
                problems.push(format!(
                    "line {line}: `{name}` is already on line {first}; give the two different names"
                ));
            }
            let extra = others.iter().map(|at| cells[*at].clone()).collect();
            let (folder, base) = (PathBuf::from(&path), base.to_owned());
            let path = with_slashes(&path);
            places.push(Place { name, path, extra, notes: Vec::new(), folder, base });
        }
        if places.is_empty() && problems.is_empty() {
            problems.push("it has no rows".to_owned());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { notes, ..Self::of(carried, places) })
    }

    /// Puts everybody in order, and looks for those who may be one.
    fn of(carried: Vec<String>, mut places: Vec<Place>) -> Self {
        by_name(&mut places, |place| &place.name);
        note_doubles(&mut places);
        Self { carried, places, notes: Vec::new(), share: None }
    }
}

/// Notes who has the folder of somebody else, and whose name is taken for another one: a slip of the pen, or one learner
/// twice. Nobody but the instructor knows.
fn note_doubles(places: &mut [Place]) {
    let mut folders: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate() {
        let path = place.base.join(&place.folder);
        // What is not there has no real path, and is compared as it is written.
        let path = real(&path).unwrap_or_else(|_| path.components().collect());
        folders.entry(path).or_default().push(at);
    }
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    let mut notes = Vec::new();
    let mut note = |group: &[usize], what: &str| {
        for at in group.iter().filter(|_| group.len() > 1) {
            let others: Vec<String> = group
                .iter()
                .filter(|other| *other != at)
                .map(|other| format!("`{}`", names[*other]))
                .collect();
            notes.push((*at, format!("{what} {}", others.join(", "))));
        }
    };
    folders.values().for_each(|group| note(group, "has the same folder as"));
    let alike = "has a name that differs only in case, or in how accents are encoded, from";
    order::alike(&names).iter().for_each(|group| note(group, alike));
    for (at, text) in notes {
        places[at].notes.push(text);
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
        for name in ["bob", "alice", ".git", "#script"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        fs::write(dir.path().join("README.md"), "").unwrap();
        let roster = Roster::of_folder(dir.path()).unwrap();
        assert_eq!(names(&roster), ["#script", "alice", "bob"]);
        assert!(roster.places[2].path.ends_with("/bob"), "{}", roster.places[2].path);
        assert!(matches!(Roster::of_folder(&dir.path().join("bob")), Err(Error::Nobody(_))));
    }

    #[cfg(unix)]
    #[test]
    fn who_hands_in_a_link_is_a_learner_whose_folder_is_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", dir.path().join("eve")).unwrap();
        let roster = Roster::of_folder(dir.path()).unwrap();
        assert_eq!(names(&roster), ["eve"]);
        assert!(roster.places[0].open().unwrap_err().to_string().contains("symbolic link"));
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
        assert!(read("name,mail\nx,y\n")[0].starts_with("line 1 must name the columns, `name` and `path`"));
        assert_eq!(read("name,path\n"), ["it has no rows"]);
        let problems = read("name,path,g,g\nx,a,,\n,b,,\nx,c,,\ny\n");
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(problems[0].contains("two columns `g`"));
        assert!(problems[1].starts_with("line 3: "));
        assert!(problems[2].starts_with("line 4: `x` is already on line 2"));
        assert!(problems[3].starts_with("line 5: "));
    }

    #[test]
    fn who_may_be_somebody_else_is_noted_and_graded() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        let text = "name;path\nAnn;a\nann;b\nBob;./b/\nZo\u{eb};c\nCarol;../x/../x\nDan;a/../a\n";
        let roster = Roster::read(text.as_bytes(), dir.path()).unwrap();
        let notes = |name: &str| &roster.places.iter().find(|place| place.name == name).unwrap().notes;
        let alike = "has a name that differs only in case, or in how accents are encoded, from";
        assert_eq!(*notes("Ann"), ["has the same folder as `Dan`".to_owned(), format!("{alike} `ann`")]);
        assert_eq!(*notes("ann"), ["has the same folder as `Bob`".to_owned(), format!("{alike} `Ann`")]);
        assert_eq!(*notes("Zo\u{eb}"), [""; 0]);
        assert_eq!(*notes("Carol"), [""; 0]);

        fs::create_dir_all(dir.path().join("A")).unwrap();
        let folder = Roster::of_folder(dir.path()).unwrap();
        // Where the file system takes the two for one there is one.
        let both = folder.places.len() == 2;
        assert!(folder.places.iter().all(|place| place.notes.len() == usize::from(both)), "{folder:?}");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(readable(OsStr::from_bytes(b"a\xff")), "a\\xff");
        assert_ne!(readable(OsStr::from_bytes(b"a\xfe")), readable(OsStr::from_bytes(b"a\xff")));
    }
}
