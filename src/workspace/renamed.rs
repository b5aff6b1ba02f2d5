//! Steps that have another name in the workbook than they had when the learner did them: progress and files go along.

use std::fs;
use std::path::Path;

use crate::system::files::rename;
use crate::workbook::{Step, Workbook};
use crate::workspace::progress::{Mark, Progress};
use crate::workspace::{Error, Workspace, setup};

impl Workspace {
    /// Carries what belongs to renamed steps over to their names of today: the learner's files, and progress. Gives the
    /// old and the new names of those for which there was something.
    ///
    /// # Errors
    /// A file cannot be moved or written. What was not carried over yet is, the next time.
    pub fn carry_over(&self, workbook: &Workbook) -> Result<Vec<(String, String)>, Error> {
        if workbook.renamed.is_empty() || !self.store().exists() {
            return Ok(Vec::new());
        }
        self.move_files(workbook)?;
        let mut known = self.store().load()?.progress;
        if known.carry_over(workbook).is_empty() {
            return Ok(Vec::new());
        }
        let updated = self.store().update(|progress| progress.carry_over(workbook))?;
        // The manifest may name a file that has just been moved.
        if let Some(exercise) = setup::current(workbook, &updated.progress) {
            self.point_at(workbook, exercise)?;
        }
        Ok(updated.value)
    }

    /// Moves each file that was given under an old name, unless something stands at the new one.
    fn move_files(&self, workbook: &Workbook) -> Result<(), Error> {
        let mut memory = self.given();
        let before = memory.given.clone();
        for (old, new) in &workbook.renamed {
            let Some(Step::Exercise(exercise)) = workbook.step(new) else { continue };
            let path = exercise.path();
            let file = format!("/{old}.rs");
            let Some(given) = memory.given.keys().find(|given| given.ends_with(&file)).cloned() else {
                continue;
            };
            let (from, to) = (self.root().join(&given), self.root().join(&path));
            if memory.given.contains_key(&path) || to.symlink_metadata().is_ok() {
                continue;
            }
            if from.is_file() {
                let folder = to.parent().unwrap_or(Path::new("."));
                fs::create_dir_all(folder).map_err(Error::folder(folder))?;
                rename(&from, &to).map_err(Error::write(&to))?;
            }
            let hash = memory.given.remove(&given).unwrap_or_default();
            memory.given.insert(path, hash);
        }
        if memory.given == before { Ok(()) } else { self.remember(&memory) }
    }
}

impl Progress {
    /// Gives the records of renamed steps their names of today. Gives the old and the new names of those that had one. A
    /// record that there is under the new name stays, unless only the older one says that the step is solved.
    pub fn carry_over(&mut self, workbook: &Workbook) -> Vec<(String, String)> {
        let mut carried = Vec::new();
        for (old, new) in &workbook.renamed {
            if self.current.as_ref() == Some(old) {
                self.current = Some(new.clone());
            }
            let solved = |name| self.record(name).is_some_and(|record| record.mark == Some(Mark::Solved));
            if (self.record(new).is_none() || (solved(old) && !solved(new)))
                && let Some(record) = self.records.remove(old)
            {
                self.records.insert(new.clone(), record);
                carried.push((old.clone(), new.clone()));
            }
        }
        carried
    }

    /// The steps that were solved and that the workbook does not have any more, under no other name either.
    #[must_use]
    pub fn gone(&self, workbook: &Workbook) -> Vec<&str> {
        let gone = |name: &&str| workbook.step(name).is_none() && !workbook.renamed.contains_key(*name);
        let solved = self.records().filter(|(_, record)| record.mark == Some(Mark::Solved));
        solved.map(|(name, _)| name).filter(gone).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::workbook::Exercise;
    use crate::workspace::fixture::{self, exercise, now};
    use crate::workspace::{State, hidden_hash};

    /// The workbook with `first` as `opening` in the other chapter, and without `third`.
    fn newer() -> Workbook {
        let mut workbook = fixture::workbook();
        workbook.chapters[0].steps.remove(0);
        let starter = "// opening\n".to_owned();
        let opening = Exercise { starter, ..exercise("opening", "02_two") };
        workbook.chapters[1].steps[1] = Step::Exercise(opening.into());
        workbook.renamed = [("first".to_owned(), "opening".to_owned())].into();
        workbook
    }

    #[test]
    fn the_file_and_the_progress_of_a_renamed_step_go_along() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let (workspace, _) = Workspace::init(root, &fixture::workbook()).unwrap();
        fs::write(root.join("exercises/01_one/first.rs"), "// mine\n").unwrap();
        let hidden = hidden_hash(&exercise("first", "01_one"));
        workspace
            .store()
            .update(|progress| {
                progress.go_to("first");
                progress.record_solved("first", "hash", &hidden, now());
                progress.record_solved("third", "hash", &hidden, now());
            })
            .unwrap();
        let workbook = newer();
        let carried = workspace.carry_over(&workbook).unwrap();
        assert_eq!(carried, [("first".to_owned(), "opening".to_owned())]);
        assert_eq!(fs::read_to_string(root.join("exercises/02_two/opening.rs")).unwrap(), "// mine\n");
        assert!(!root.join("exercises/01_one/first.rs").exists());
        let progress = workspace.store().load().unwrap().progress;
        assert_eq!(progress.state(workbook.step("opening").unwrap()), State::Solved);
        assert_eq!(progress.current(&workbook).map(Step::name), Some("opening"));
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("exercises/02_two/opening.rs"), "{manifest}");
        assert_eq!(workspace.carry_over(&workbook).unwrap(), [], "once");

        // What was given under the old name is known under the new one: the learner's text is theirs.
        let news = workspace.follow(&workbook).unwrap();
        assert_eq!(news.kept, [Path::new("exercises/02_two/opening.rs")]);
        assert_eq!(news.gone, ["third"]);
        assert_eq!(workspace.follow(&workbook).unwrap().gone, [""; 0], "told once");
    }

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let (workspace, _) = Workspace::init(root, &fixture::workbook()).unwrap();
        fs::write(root.join("exercises/02_two/opening.rs"), "// here first\n").unwrap();
        workspace.carry_over(&newer()).unwrap();
        assert_eq!(fs::read_to_string(root.join("exercises/02_two/opening.rs")).unwrap(), "// here first\n");
        assert!(root.join("exercises/01_one/first.rs").exists());

        let mut progress = Progress::new("seed".into());
        progress.record_attempt("first");
        progress.record_solved("opening", "hash", "hidden", now());
        assert_eq!(progress.carry_over(&newer()), []);
        progress.record_solved("first", "older", "hidden", now());
        assert_eq!(progress.carry_over(&newer()), [], "both are solved: the newer one stays");
        assert_eq!(progress.record("opening").unwrap().source.as_deref(), Some("hash"));
    }
}
