//! Setting a workspace up. Run again, it fills in what is missing and touches nothing else.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

use crate::workbook::{Exercise, Step, Workbook};
use crate::workspace::given::{Old, texts};
use crate::workspace::{
    Error, News, Progress, Workspace, cargo_config, cargo_lock, cargo_parent, cargo_toml, disk, origin,
};

/// What a set-up did, with paths below the workspace's folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setup {
    /// Files that were missing, and are there now.
    pub written: Vec<PathBuf>,
    /// Files that were there, and are as they were.
    pub kept: Vec<PathBuf>,
    /// What the workbook has that the workspace did not have. Files that may be renewed are left to [`Workspace::follow`].
    pub news: News,
}

impl Workspace {
    /// Sets a workspace up in a folder, which is made if need be. Never overwrites a file. The progress file, by
    /// which [`Workspace::find`] knows a workspace, comes last: a set-up cut short is not taken for a whole one.
    ///
    /// # Errors
    /// A folder or file cannot be written, a Cargo workspace around it would break, or there is progress that cannot be read. What was written stays; running
    /// it again goes on from there.
    pub fn init(dir: &Path, workbook: &Workbook) -> Result<(Self, Setup), Error> {
        let workspace = Self::at(std::path::absolute(dir).map_err(Error::folder(dir))?);
        // A manifest that is there stays, and is what Cargo has seen so far.
        if workspace.root().join("Cargo.toml").symlink_metadata().is_err() {
            cargo_parent::leaves_alone(workspace.root())?;
        }
        let progress = match workspace.store() {
            store if store.exists() => store.load()?.progress,
            _ => Progress::new(random_id()),
        };
        let mut setup = Setup::default();
        for (path, content) in files(workbook, &progress, &workspace) {
            let done = workspace.write_missing(Path::new(&path), &content)?;
            setup.note(path.into(), done);
        }
        let folder = workspace.folder();
        fs::create_dir_all(&folder).map_err(Error::folder(folder))?;
        let done = workspace.store().create(&progress)?;
        setup.note(Self::marker(), done);
        setup.news = workspace.compare(workbook, Old::Leave)?;
        Ok((workspace, setup))
    }

    pub(super) fn write_missing(&self, path: &Path, content: &str) -> Result<bool, Error> {
        let path = self.root().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::folder(folder))?;
        }
        disk::create(&path, content.as_bytes(), disk::Durable::No).map_err(Error::write(path))
    }
}

impl Setup {
    pub(super) fn note(&mut self, path: PathBuf, written: bool) {
        if written { self.written.push(path) } else { self.kept.push(path) }
    }
}

/// Every file of a workspace but the progress file.
fn files(workbook: &Workbook, progress: &Progress, workspace: &Workspace) -> Vec<(String, String)> {
    let mut files = texts(workbook);
    // A lock file goes with the manifest that it is for, not with one that was there before.
    let own_manifest = workspace.root().join("Cargo.toml").symlink_metadata().is_ok();
    if let Some(lock) = workbook.dependencies.lock.as_ref().filter(|_| !own_manifest) {
        files.push(("Cargo.lock".into(), cargo_lock::lock_file(lock)));
    }
    files.push(("Cargo.toml".into(), cargo_toml::manifest(workbook, current(workbook, progress))));
    files.push((".gitignore".into(), gitignore()));
    files.push(("README.md".into(), readme(workbook)));
    files
}

/// The exercise that Cargo is to see: the current one, or the next after a quiz.
pub(super) fn current<'w>(workbook: &'w Workbook, progress: &Progress) -> Option<&'w Exercise> {
    let current = progress.current(workbook).map(Step::name);
    let from_current =
        workbook.steps().skip_while(|(_, step)| current.is_some_and(|name| name != step.name()));
    from_current
        .filter_map(|(_, step)| step.as_exercise())
        .next()
        .or_else(|| workbook.exercises().last())
        .map(AsRef::as_ref)
}

fn gitignore() -> String {
    format!(
        "/target/\n# Where this machine has its compiled dependencies.\n/{}\n{}*\n# Progress is committed: it shows others what you have solved.\n/.tokiolings/*\n!/.tokiolings/progress.toml\n!/.tokiolings/{}\n",
        cargo_config::PATH,
        disk::UNDER_WAY,
        origin::NAME
    )
}

fn readme(workbook: &Workbook) -> String {
    let title = &workbook.title;
    let first = workbook.chapters.first().map_or("", |chapter| chapter.id.as_str());
    format!(
        "# {title}

This folder is yours. It contains small broken programs, and you fix them.

1. In a terminal, run `tokiolings` here, and leave it running.
2. Open this folder in your editor. Each chapter starts with a page: `exercises/{first}/README.md` is the first.
3. Open the file that the terminal names, change it, save it. Every save is graded at once.
4. When it passes, move on. Stuck? Ask for a hint; the third one is almost the answer.

| command                    | what it does                                              |
|----------------------------|-----------------------------------------------------------|
| `tokiolings`               | watches this folder, and grades what you save             |
| `tokiolings list`          | shows all steps and their state                           |
| `tokiolings hint`          | gives the next hint                                       |
| `tokiolings run NAME`      | grades one exercise, once                                 |
| `tokiolings check`         | grades all of them                                        |
| `tokiolings reset NAME`    | starts an exercise over, and keeps a copy of your file    |
| `tokiolings solution NAME` | shows the reference answer                                |
| `tokiolings init`          | restores missing files; overwrites none                   |

`cargo run`, `cargo check` and your editor see only the current exercise: `Cargo.toml` names it.
`.tokiolings/progress.toml` records what you have solved. It is worth committing.
"
    )
}

/// A random learner id, in hexadecimal. The standard library seeds its hash maps from the system's randomness, which
/// is all that is needed here: the id orders quiz choices, it guards nothing.
fn random_id() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    fn read(root: &Path, path: &str) -> String {
        fs::read_to_string(root.join(path)).unwrap()
    }

    #[test]
    fn a_new_workspace_has_everything_and_is_found() {
        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("made/on/the/way");
        let mut workbook = fixture::workbook();
        workbook.dependencies.lock = Some("version = 4\n".into());
        let (workspace, setup) = Workspace::init(&root, &workbook).unwrap();
        let written: Vec<&Path> = setup.written.iter().map(PathBuf::as_path).collect();
        assert_eq!(
            written,
            [
                "exercises/01_one/README.md",
                "exercises/01_one/first.rs",
                "exercises/02_two/README.md",
                "exercises/02_two/second.rs",
                "exercises/02_two/third.rs",
                "Cargo.lock",
                "Cargo.toml",
                ".gitignore",
                "README.md",
                ".tokiolings/progress.toml",
            ]
            .map(Path::new)
        );
        assert_eq!(setup.kept, [""; 0].map(PathBuf::from));
        assert!(written.iter().all(|path| root.join(path).is_file()));
        assert_eq!(read(&root, "exercises/01_one/first.rs"), "// first\nfn main() {}\n");
        assert_eq!(read(&root, "exercises/01_one/README.md"), "# 01_one\n");
        assert!(read(&root, "Cargo.toml").contains("exercises/01_one/first.rs"));
        assert!(read(&root, "README.md").lines().count() <= 24, "one screen");
        assert_eq!(Workspace::find(&root.join("exercises/01_one")), Some(workspace));
    }

    #[test]
    fn setting_up_again_fills_in_what_is_missing_and_overwrites_nothing() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let workbook = fixture::workbook();
        let (workspace, first) = Workspace::init(root, &workbook).unwrap();
        let learner = workspace.store().load().unwrap().progress.learner().to_owned();
        for path in &first.written {
            if path.starts_with("exercises") || path.ends_with("README.md") {
                fs::write(root.join(path), "mine").unwrap();
            }
        }
        fs::remove_file(root.join("exercises/02_two/second.rs")).unwrap();
        fs::remove_file(root.join(".gitignore")).unwrap();

        let (_, again) = Workspace::init(root, &workbook).unwrap();
        assert_eq!(again.written, ["exercises/02_two/second.rs", ".gitignore"].map(PathBuf::from));
        assert_eq!(again.kept.len(), first.written.len() - 2);
        assert_eq!(read(root, "exercises/01_one/first.rs"), "mine");
        assert_eq!(read(root, "README.md"), "mine");
        assert_eq!(workspace.store().load().unwrap().progress.learner(), learner);
    }

    #[test]
    fn a_restored_manifest_shows_the_current_exercise() {
        let root = tempfile::tempdir().unwrap();
        let workbook = fixture::workbook();
        let (workspace, _) = Workspace::init(root.path(), &workbook).unwrap();
        for (current, shown) in [("third", "third"), ("question", "second"), ("gone", "first")] {
            workspace.store().update(|progress| progress.go_to(current)).unwrap();
            fs::remove_file(root.path().join("Cargo.toml")).unwrap();
            Workspace::init(root.path(), &workbook).unwrap();
            let manifest = read(root.path(), "Cargo.toml");
            assert!(manifest.contains(&format!("default-run = \"{shown}\"")), "{current}: {manifest}");
        }
    }

    #[test]
    fn a_package_of_the_learners_own_gets_no_lock_file() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("Cargo.toml"), "[package]\n").unwrap();
        let mut workbook = fixture::workbook();
        workbook.dependencies.lock = Some("version = 4\n".into());
        let (_, setup) = Workspace::init(root.path(), &workbook).unwrap();
        assert_eq!(setup.kept, [PathBuf::from("Cargo.toml")]);
        assert!(!root.path().join("Cargo.lock").exists());
    }

    #[test]
    fn damaged_progress_stops_a_set_up_before_it_writes() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(".tokiolings");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("progress.toml"), "garbage").unwrap();
        let error = Workspace::init(root.path(), &fixture::workbook()).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
        assert!(!root.path().join("exercises").exists());
    }

    #[test]
    fn a_file_where_a_folder_should_be_is_named() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("exercises"), "").unwrap();
        let error = Workspace::init(root.path(), &fixture::workbook()).unwrap_err();
        let path = root.path().join("exercises/01_one");
        let said = error.to_string();
        assert!(
            said.starts_with(&format!("create the folder {} (there is a file", path.display())),
            "{said}"
        );
        assert!(!root.path().join(".tokiolings").exists());
    }

    #[test]
    fn learners_differ() {
        let ids: Vec<String> = (0..50).map(|_| random_id()).collect();
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
    }
}
