//! What the learner was given: so that a newer workbook can tell what they have touched from what they have not.
//!
//! A file that still is what was given may be replaced by a newer one: nobody's work is in it. Any other file is the
//! learner's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::workbook::{Step, Workbook};
use crate::workspace::{Error, Workspace, disk, hash_of};

/// Below the workspace's own folder.
const NAME: &str = "given.toml";

const HEAD: &str = "# The starters that you got: a file that is still unchanged is replaced when the workbook has a newer one.\n";

/// Hashes by path. A file that is lost or damaged is an empty one: then every file is taken for the learner's.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    /// Solved steps that the workbook has no more, and the learner has been told of.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    gone: BTreeSet<String>,
    #[serde(default)]
    pub(super) given: BTreeMap<String, String>,
}

/// What a workbook has that the workspace did not have, with paths below the workspace's folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// New files.
    pub added: Vec<PathBuf>,
    /// Newer ones in place of files that nobody had touched.
    pub renewed: Vec<PathBuf>,
    /// Files of the learner's that have a newer starter; they are as they were. Each is named once.
    pub kept: Vec<PathBuf>,
    /// Solved steps that the workbook has no more. Each is named once.
    pub gone: Vec<String>,
}

/// What may be done about files that are still as they were given, and old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Old {
    Renew,
    Leave,
}

/// The files of the chapters: pages and starters.
pub(super) fn texts(workbook: &Workbook) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for chapter in &workbook.chapters {
        files.push((format!("exercises/{}/README.md", chapter.id), chapter.readme.clone()));
        let exercises = chapter.steps.iter().filter_map(Step::as_exercise);
        files.extend(exercises.map(|exercise| (exercise.path(), exercise.starter.clone())));
    }
    files
}

impl News {
    /// Whether there is nothing new.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Workspace {
    /// Brings a workspace up to its workbook: writes the files of new exercises, and replaces those that nobody has
    /// touched by newer ones. What the learner has touched, or taken away, stays so.
    ///
    /// # Errors
    /// A file cannot be read or written. Each is either as before or new.
    pub fn follow(&self, workbook: &Workbook) -> Result<News, Error> {
        self.compare(workbook, Old::Renew)
    }

    pub(super) fn compare(&self, workbook: &Workbook, old: Old) -> Result<News, Error> {
        let Given { mut gone, mut given } = self.given();
        let before = (gone.clone(), given.clone());
        let mut news = News::default();
        // Progress that cannot be read is told by those who need it.
        if let Ok(loaded) = self.store().load() {
            let names = loaded.progress.gone(workbook).into_iter().map(str::to_owned);
            news.gone = names.filter(|name| gone.insert(name.clone())).collect();
        }
        for (path, content) in texts(workbook) {
            let newest = hash_of(&content);
            let now = match fs::read(self.root().join(&path)) {
                Ok(bytes) => Some(blake3::hash(&bytes).to_hex().to_string()),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                // A folder in its place, or the like, is not ours to touch.
                Err(_) => continue,
            };
            let known = given.get(&path);
            match now {
                None if known.is_none() => {
                    if self.write_missing(path.as_ref(), &content)? {
                        news.added.push(PathBuf::from(&path));
                    }
                }
                // Whoever takes a file away does not want it back.
                None => continue,
                Some(now) if now == newest => {}
                Some(now) if Some(&now) == known => {
                    if old == Old::Leave {
                        continue;
                    }
                    let whole = self.root().join(&path);
                    disk::replace(&whole, content.as_bytes()).map_err(Error::write(whole))?;
                    news.renewed.push(PathBuf::from(&path));
                }
                // Without a word about what it was, it may be as old as the workspace: no news.
                Some(_) if known.is_some_and(|known| *known != newest) => {
                    news.kept.push(PathBuf::from(&path));
                }
                Some(_) => {}
            }
            given.insert(path, newest);
        }
        let now = (gone, given);
        if now != before {
            self.remember(&Given { gone: now.0, given: now.1 })?;
        }
        Ok(news)
    }

    pub(super) fn given(&self) -> Given {
        let text = fs::read_to_string(self.folder().join(NAME)).unwrap_or_default();
        toml::from_str(&text).unwrap_or_default()
    }

    pub(super) fn remember(&self, given: &Given) -> Result<(), Error> {
        let path = self.folder().join(NAME);
        let text = toml::to_string(given).expect("a table of strings is TOML");
        disk::replace(&path, format!("{HEAD}{text}").as_bytes()).map_err(Error::write(path))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tempfile::TempDir;

    use super::*;
    use crate::workbook::{Exercise, Step};
    use crate::workspace::fixture::{self, exercise};

    /// A workspace of the first version of a workbook.
    fn workspace() -> (TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, _) = Workspace::init(folder.path(), &fixture::workbook()).unwrap();
        (folder, workspace)
    }

    /// The second: other starters for `first` and `second`, and one exercise more.
    fn newer() -> Workbook {
        let mut workbook = fixture::workbook();
        let newer = |name: &str, chapter: &str| {
            let starter = format!("// {name}, newer\n");
            Step::Exercise(Exercise { starter, ..exercise(name, chapter) }.into())
        };
        workbook.chapters[0].steps[0] = newer("first", "01_one");
        workbook.chapters[1].steps[0] = newer("second", "02_two");
        workbook.chapters[1].steps.push(newer("fourth", "02_two"));
        workbook
    }

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    fn read(workspace: &Workspace, path: &str) -> String {
        fs::read_to_string(workspace.root().join(path)).unwrap()
    }

    const FIRST: &str = "exercises/01_one/first.rs";
    const SECOND: &str = "exercises/02_two/second.rs";
    const FOURTH: &str = "exercises/02_two/fourth.rs";

    #[test]
    fn the_same_workbook_is_no_news() {
        let (_folder, workspace) = workspace();
        assert!(workspace.follow(&fixture::workbook()).unwrap().is_empty());
    }

    #[test]
    fn what_nobody_touched_is_renewed_what_is_edited_stays_and_what_is_new_is_added() {
        let (_folder, workspace) = workspace();
        fs::write(workspace.root().join(SECOND), "// mine\n").unwrap();
        let news = workspace.follow(&newer()).unwrap();
        assert_eq!(
            news,
            News {
                added: paths(&[FOURTH]),
                renewed: paths(&[FIRST]),
                kept: paths(&[SECOND]),
                gone: Vec::new()
            }
        );
        assert_eq!(read(&workspace, FIRST), "// first, newer\n");
        assert_eq!(read(&workspace, SECOND), "// mine\n");
        assert_eq!(read(&workspace, FOURTH), "// fourth, newer\n");
        assert!(workspace.follow(&newer()).unwrap().is_empty(), "told once");
        assert_eq!(read(&workspace, SECOND), "// mine\n");
    }

    #[test]
    fn an_edit_that_was_kept_once_is_kept_ever_after() {
        let (_folder, workspace) = workspace();
        fs::write(workspace.root().join(FIRST), "// mine\n").unwrap();
        for workbook in [newer(), fixture::workbook(), newer()] {
            workspace.follow(&workbook).unwrap();
            assert_eq!(read(&workspace, FIRST), "// mine\n");
        }
    }

    #[test]
    fn a_file_that_was_taken_away_stays_away() {
        let (_folder, workspace) = workspace();
        fs::remove_file(workspace.root().join(FIRST)).unwrap();
        workspace.follow(&newer()).unwrap();
        assert!(!workspace.root().join(FIRST).exists());
    }

    #[test]
    fn without_a_memory_every_file_is_the_learners() {
        for damage in ["", "garbage = = ", "[given]\nx = 3\n"] {
            let (_folder, workspace) = workspace();
            fs::write(workspace.folder().join(NAME), damage).unwrap();
            let news = workspace.follow(&newer()).unwrap();
            assert_eq!((news.renewed, news.kept), (Vec::new(), Vec::new()), "{damage}");
            assert_eq!(read(&workspace, FIRST), "// first\nfn main() {}\n");
        }
    }

    #[test]
    fn a_set_up_overwrites_nothing_and_leaves_the_rest_to_the_watcher() {
        let (_folder, workspace) = workspace();
        Workspace::init(workspace.root(), &newer()).unwrap();
        assert_eq!(read(&workspace, FIRST), "// first\nfn main() {}\n");
        assert_eq!(workspace.follow(&newer()).unwrap().renewed, paths(&[FIRST, SECOND]));
    }

    #[test]
    fn something_else_in_its_place_is_left_alone() {
        let (_folder, workspace) = workspace();
        let path = workspace.root().join(FIRST);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(!workspace.follow(&newer()).unwrap().renewed.contains(&Path::new(FIRST).to_path_buf()));
        assert!(path.is_dir());
    }
}
