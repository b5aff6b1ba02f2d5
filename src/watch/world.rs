//! What the watcher acts on: the learner's workspace and the grader.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::grader::{Activity, Ask, Grader, Played, Source, Told};
use crate::workbook::{Exercise, Step, Workbook};
use crate::workspace::{Progress, Reset, Workspace, hash_of};

use super::editor::Editors;
use super::event::{Change, Graded, Occasion, Restored};
use super::outside::{Room, Unsaved, World};

/// A learner's workspace, and who grades it.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) workbook: Arc<Workbook>,
    pub(super) workspace: Workspace,
    pub(super) grader: Grader,
    pub(super) editors: Editors,
    /// Changes that could not be saved so far.
    pub(super) unsaved: Vec<Change>,
}

impl Desk {
    fn exercise(&self, name: &str) -> Option<&Arc<Exercise>> {
        self.workbook.step(name).and_then(Step::as_exercise)
    }

    /// The learner's text of an exercise as it is now, and its hash. It is read here, so that what is recorded as solved
    /// is what was graded, whatever is saved meanwhile. What cannot be read as text is the grader's to judge.
    fn source_of(&self, exercise: &Exercise) -> (Source, Option<String>) {
        match self.workspace.read_source(exercise) {
            Ok(text) => {
                let hash = hash_of(&text);
                (Source::Text(text), Some(hash))
            }
            Err(_) => (Source::Path(self.workspace.path_of(exercise)), None),
        }
    }

    /// Grades the learner's file as it is now.
    pub(super) async fn grade_file(
        &self,
        exercise: &Arc<Exercise>,
        activity: &(dyn Fn(Activity) + Send + Sync),
    ) -> Graded {
        let (source, hash) = self.source_of(exercise);
        Graded { verdict: self.grader.grade(exercise, &source, activity).await, source: hash }
    }

    /// Writes changes into the progress file, all or none; those that could not be written before among them.
    pub(super) fn save_changes(&mut self, changes: &[Change]) -> Result<Progress, Unsaved> {
        let now = SystemTime::now();
        let mut all = std::mem::take(&mut self.unsaved);
        all.extend_from_slice(changes);
        let apply = |progress: &mut Progress| {
            all.iter().for_each(|change| change.apply(progress, &self.workbook, now));
        };
        let store = self.workspace.store();
        let error = match store.update(apply) {
            Ok(updated) => return Ok(updated.progress),
            Err(error) => error,
        };
        let progress = store.load().ok().map(|loaded| {
            let mut progress = loaded.progress;
            apply(&mut progress);
            Box::new(progress)
        });
        self.unsaved = all;
        let problem = format!("Your progress could not be saved: failed to {}.", chain(&error));
        Err(Unsaved { progress, problem })
    }
}

impl World for Desk {
    fn grade(
        &self,
        name: &str,
        activity: impl Fn(Activity) + Send + Sync + 'static,
    ) -> Option<impl Future<Output = Graded> + 'static> {
        let step = self.workbook.step(name)?.clone();
        let run = step.as_quiz().and_then(|quiz| quiz.as_run());
        let exercise = step.as_exercise().cloned().or_else(|| run.clone())?;
        let desk = self.clone();
        Some(async move {
            match run {
                Some(run) => Graded { verdict: desk.grader.run_program(&run, &activity).await, source: None },
                None => desk.grade_file(&exercise, &activity).await,
            }
        })
    }

    fn check(
        &self,
        names: &[String],
        activity: impl Fn(Activity) + Send + Sync + 'static,
        found: impl Fn(String, Graded) + 'static,
    ) -> impl Future<Output = ()> + 'static {
        let exercises: Vec<_> = names.iter().filter_map(|name| self.exercise(name)).cloned().collect();
        let desk = self.clone();
        async move {
            let (submissions, hashes): (Vec<_>, Vec<_>) = exercises
                .into_iter()
                .map(|exercise| {
                    let (source, hash) = desk.source_of(&exercise);
                    ((exercise, source), hash)
                })
                .unzip();
            desk.grader
                .grade_all(&submissions, &activity, &mut |index, verdict| {
                    let name = submissions[index].0.name.clone();
                    found(name, Graded { verdict, source: hashes[index].clone() });
                })
                .await;
        }
    }

    fn play(
        &self,
        name: &str,
        asks: UnboundedReceiver<Ask>,
        activity: impl Fn(Activity) + Send + Sync + 'static,
        told: impl Fn(Told<'_>) + 'static,
    ) -> Option<impl Future<Output = Played> + 'static> {
        let exercise = Arc::clone(self.exercise(name)?);
        let desk = self.clone();
        Some(async move {
            let source = Source::Path(desk.workspace.path_of(&exercise));
            let folder = desk.workspace.root();
            desk.grader.play(&exercise, &source, folder, &activity, asks, &told).await
        })
    }

    fn edit(
        &self,
        name: &str,
        occasion: Occasion,
    ) -> Result<(Room, impl Future<Output = Result<(), String>> + 'static), String> {
        let exercise = self.exercise(name).ok_or_else(|| format!("`{name}` is not an exercise."))?;
        let editor = match occasion {
            Occasion::Asked => &self.editors.asked,
            Occasion::Arrival => &self.editors.around,
        };
        let editor = editor.clone().ok_or_else(|| {
            "No editor is set: name one with `tokiolings --edit CMD`, or set VISUAL or EDITOR.".to_owned()
        })?;
        if self.editors.no_terminal && editor.takes_terminal() {
            return Err(format!(
                "`{editor}` needs the terminal, and plain mode reads your keys there. Open {} in another terminal, or name \
                 an editor with a window: `tokiolings --plain --edit \"code -g\"`.",
                exercise.path()
            ));
        }
        let room = if editor.takes_terminal() { Room::Terminal } else { Room::Window };
        let folder = self.workspace.root().to_path_buf();
        Ok((room, editor.open(self.workspace.path_of(exercise), folder)))
    }

    fn save(&mut self, changes: &[Change]) -> Result<Progress, Unsaved> {
        self.save_changes(changes)
    }

    fn reset(&mut self, name: &str) -> Result<Restored, String> {
        let exercise = self.exercise(name).ok_or_else(|| format!("`{name}` is not an exercise."))?;
        match self.workspace.reset(exercise) {
            Ok(Reset::Saved(backup)) => Ok(Restored::Backup(below(&backup, self.workspace.root()))),
            Ok(Reset::Unchanged) => Ok(Restored::Unchanged),
            Ok(Reset::WrittenAnew) => Ok(Restored::Anew),
            Err(error) => Err(format!("Nothing was reset: failed to {}.", chain(&error))),
        }
    }

    fn read(&self, name: &str) -> Result<String, String> {
        let exercise = self.exercise(name).ok_or_else(|| format!("`{name}` is not an exercise."))?;
        let text = self.workspace.read_source(exercise);
        text.map_err(|error| format!("There is nothing to compare: failed to {}.", chain(&error)))
    }

    fn point(&mut self, name: &str) -> Result<(), String> {
        let Some(exercise) = self.exercise(name) else { return Ok(()) };
        self.workspace.point_at(&self.workbook, exercise).map(drop).map_err(|error| {
            format!(
                "Your editor does not know the current step: failed to {}. Grading still works.",
                chain(&error)
            )
        })
    }

    fn path_of(&self, name: &str) -> Option<PathBuf> {
        self.exercise(name).map(|exercise| self.workspace.path_of(exercise))
    }

    fn prepare(&self) -> impl Future<Output = ()> + 'static {
        let desk = self.clone();
        async move {
            // Without it the learner's own `cargo run` works as well, and builds the dependencies once more.
            if let Ok(Some(folder)) = desk.grader.target_folder().await {
                let _ = desk.workspace.build_in(&folder);
            }
            desk.grader.prepare_rest().await;
        }
    }
}

/// An error with its causes, on one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn below(path: &Path, root: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_path_buf()
}
