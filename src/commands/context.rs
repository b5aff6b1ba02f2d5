//! What commands share: the workbook, the workspace, the grader, and standard output.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::console::Console;
use super::exit::Failure;
use crate::grader::walls::{Confinement, Unconfinable};
use crate::grader::{Draws, Grader, Home, Options, Source};
use crate::report::cohort::edition;
use crate::screen::Line;
use crate::system::paths::real;
use crate::system::shell;
use crate::verdict::{Verdict, wire};
use crate::workbook::{Exercise, Step, Workbook};
use crate::workspace::{Origin, Progress, Workspace};

/// What a command starts from.
pub(super) struct Context {
    pub(super) workbook: Arc<Workbook>,
    /// What became of steps that the learner has worked on and that have another name now.
    pub(super) renamed: Option<String>,
    /// The workbook's folder, absolute; `None` for the built-in one.
    place: Option<PathBuf>,
    folder: PathBuf,
    /// Where a workspace is set up: the folder of the workbook that the current folder is in, or the current folder.
    base: PathBuf,
    console: Console,
    /// Made when it is first asked for: all of the workbook goes into it.
    edition: OnceLock<String>,
    /// What a probe of the walls has found while the workbook was read.
    probed: Option<Result<Confinement, Unconfinable>>,
}

/// Compilers, linkers and tests write there, and each would tell in its own words that they cannot.
fn check_temporary_folder() -> Result<(), Failure> {
    let folder = std::env::temp_dir();
    if folder.is_dir() {
        return Ok(());
    }
    let shown = folder.display();
    Err(Failure::Machine(format!(
        "use the folder for temporary files: {shown} is not there; create it with `mkdir -p {}`, or `unset TMPDIR`",
        shell::word(&folder)
    )))
}

/// This program, which builds walls.
fn helper() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|error| Failure::Machine(format!("find this program: {error}")))
}

/// The folder that is set up when there is no workspace yet.
const NEW_WORKSPACE: &str = "tokiolings";

impl Context {
    /// For commands that grade other people's work: with the workbook in this folder, or else with the built-in one. What
    /// lies around the current folder, and what a workspace says of its workbook, does not count: those who are graded may
    /// have put it there.
    pub(super) fn of_grader(workbook: Option<&Path>) -> Result<Self, Failure> {
        Self::with(&Surroundings { folder: current_folder()?, workbook: None }, workbook, None)
    }

    /// For the learner's own commands: the same, but a workspace is opened with the workbook that it was made for.
    pub(super) fn of_learner(workbook: Option<&Path>) -> Result<Self, Failure> {
        let surroundings = Surroundings::find(workbook)?;
        Self::with(&surroundings, workbook, surroundings.workspace().as_ref())
    }

    /// Reads what a command starts from. Where it will compile and run other people's code behind walls, those are probed
    /// meanwhile: that is another process's work.
    pub(super) async fn while_probing(
        confined: bool,
        read: impl FnOnce() -> Result<Self, Failure>,
    ) -> Result<Self, Failure> {
        if !confined || !std::env::temp_dir().is_dir() {
            return read();
        }
        let helper = helper()?;
        let reading = async {
            // The probe sets out first.
            tokio::task::yield_now().await;
            read()
        };
        let (probed, context) = tokio::join!(Confinement::probe(helper), reading);
        Ok(Self { probed: Some(probed), ..context? })
    }

    /// The same for a workspace in this folder, or around it; there may be none yet.
    pub(super) fn of_folder(workbook: Option<&Path>, folder: &Path) -> Result<Self, Failure> {
        Self::with(&Surroundings::find(workbook)?, workbook, Workspace::find(folder).as_ref())
    }

    fn with(
        surroundings: &Surroundings,
        named: Option<&Path>,
        workspace: Option<&Workspace>,
    ) -> Result<Self, Failure> {
        let origin = workspace.map(Workspace::origin).transpose()?.flatten();
        let place = match (named, &origin) {
            (Some(named), _) => Some(real(named).unwrap_or_else(|_| named.to_path_buf())),
            (None, Some(origin)) if origin.is_there() => origin.path.clone(),
            (None, Some(origin)) => return Err(gone(origin)),
            (None, None) => surroundings.workbook.clone(),
        };
        let workbook = match named.or(place.as_deref()) {
            Some(root) => Workbook::read(root)?,
            None => Workbook::builtin()?,
        };
        if let (Some(named), Some(origin)) = (named, &origin)
            && origin.path != place
            && origin.title != workbook.title
        {
            return Err(another(named, &workbook, origin));
        }
        let mut context = Self {
            renamed: None,
            workbook: Arc::new(workbook),
            place,
            folder: surroundings.folder.clone(),
            base: surroundings.base().to_path_buf(),
            console: Console::new(),
            edition: OnceLock::new(),
            probed: None,
        };
        if let (Some(workspace), Some(origin)) = (workspace, &origin)
            && !origin.is_there()
        {
            context.remember(workspace)?;
        }
        if let Some(workspace) = workspace {
            context.renamed = context.carry_over(workspace);
            note(context.renamed.as_deref());
        }
        Ok(context)
    }

    /// Takes what belongs to renamed steps along; says for which, or why it could not.
    fn carry_over(&self, workspace: &Workspace) -> Option<String> {
        match workspace.carry_over(&self.workbook) {
            Ok(carried) if carried.is_empty() => None,
            Ok(carried) => {
                let names: Vec<String> =
                    carried.iter().map(|(old, new)| format!("`{old}` is `{new}` now")).collect();
                Some(format!("steps have new names, and your progress moved with them: {}", names.join(", ")))
            }
            Err(error) => {
                let failure = Failure::from(error);
                Some(format!(
                    "steps have new names, and your progress could not move with them: {}",
                    failure.text()
                ))
            }
        }
    }

    /// Notes in a workspace that it is for this workbook. What it was made for before and is still there goes on being
    /// its workbook: this one is a copy of it.
    pub(super) fn remember(&self, workspace: &Workspace) -> Result<(), Failure> {
        let origin = Origin { title: self.workbook.title.clone(), path: self.place.clone() };
        match workspace.origin()? {
            Some(before) if before == origin || (before.path != origin.path && before.is_there()) => Ok(()),
            _ => Ok(workspace.set_origin(&origin)?),
        }
    }

    /// The workspace that the current folder is in, or that a first start made below it.
    pub(super) fn workspace(&self) -> Result<Workspace, Failure> {
        self.find_workspace().ok_or_else(|| Failure::NoWorkspace(self.folder.clone()))
    }

    pub(super) fn find_workspace(&self) -> Option<Workspace> {
        workspace_of(&self.folder, &self.base)
    }

    /// The workbook's folder; `None` for the built-in one.
    pub(super) fn place(&self) -> Option<&Path> {
        self.place.as_deref()
    }

    pub(super) fn new_workspace_folder(&self) -> PathBuf {
        self.base.join(NEW_WORKSPACE)
    }

    /// A folder as a message names it: from the current folder, where it lies below.
    pub(super) fn shown(&self, folder: &Path) -> PathBuf {
        match folder.strip_prefix(&self.folder) {
            Ok(below) => Path::new(".").join(below),
            Err(_) => folder.to_path_buf(),
        }
    }

    /// A grader for the learner's own code, which may do what `cargo run` lets it do.
    pub(super) fn grader(&self) -> Result<Grader, Failure> {
        self.grader_with(Options { draws: Draws::Kept, ..Options::default() })
    }

    /// A grader for the workbook's own texts: hidden tests draw other values in each run.
    pub(super) fn authors_grader(&self) -> Result<Grader, Failure> {
        self.grader_with(Options::default())
    }

    /// Says on standard error which workbook decides.
    pub(super) fn tell_workbook(&self) {
        let place = match &self.place {
            Some(place) => place.display().to_string(),
            None => "built-in".to_owned(),
        };
        note(Some(&format!("workbook: {place}, \"{}\", edition {}", self.workbook.title, self.edition())));
    }

    /// Names everything in the workbook that decides.
    pub(super) fn edition(&self) -> &str {
        self.edition.get_or_init(|| edition(&self.workbook))
    }

    /// A grader for other people's code; says on standard error which walls are around it.
    pub(super) async fn confined_grader(&self, unconfined: bool, draws: Draws) -> Result<Grader, Failure> {
        check_temporary_folder()?;
        if unconfined {
            note(Some("unconfined: submissions run with all your rights"));
            return self.grader_with(Options { draws, ..Options::default() });
        }
        let probed = match &self.probed {
            Some(probed) => probed.clone(),
            None => Confinement::probe(helper()?).await,
        };
        let confinement = probed.map_err(|Unconfinable(missing)| {
            Failure::Machine(format!(
                "confine submissions: this machine cannot build the whole sandbox:\n  {}\n\
                 To run code that you trust, with all your rights: `grade --unconfined`, or `report` without \
                 `--confined`",
                missing.join("\n  ")
            ))
        })?;
        note(Some(&format!("confined: {}", confinement.protections.join("; "))));
        self.grader_with(Options { confinement: Some(confinement), draws, ..Options::default() })
    }

    fn grader_with(&self, options: Options) -> Result<Grader, Failure> {
        check_temporary_folder()?;
        Ok(Grader::new(Arc::clone(&self.workbook), Home::from_environment()?, options))
    }

    /// The progress of a workspace; what had to be recovered is said.
    pub(super) fn progress(&self, workspace: &Workspace) -> Result<Progress, Failure> {
        let loaded = workspace.store().load()?;
        note(loaded.recovered.as_deref());
        let mut progress = loaded.progress;
        // Where it could not be written, or belongs to somebody else.
        progress.carry_over(&self.workbook);
        Ok(progress)
    }

    /// Changes the progress of a workspace; what had to be recovered is said.
    pub(super) fn update<T>(
        &self,
        workspace: &Workspace,
        change: impl FnOnce(&mut Progress) -> T,
    ) -> Result<(T, Progress), Failure> {
        let updated = workspace.store().update(change)?;
        note(updated.recovered.as_deref());
        Ok((updated.value, updated.progress))
    }

    /// Changes the progress, which was `known` before, whether or not the change can be saved: a result is shown first,
    /// and then what could not be kept of it.
    pub(super) fn keep<T>(
        &self,
        workspace: &Workspace,
        known: &Progress,
        change: impl Fn(&mut Progress) -> T,
    ) -> Kept<T> {
        match self.update(workspace, &change) {
            Ok((value, progress)) => Kept { value, progress, lost: None },
            Err(failure) => {
                let mut progress = known.clone();
                Kept { value: change(&mut progress), progress, lost: Some(failure) }
            }
        }
    }

    /// The step of that name, or the current one.
    pub(super) fn step(&self, name: Option<&str>, progress: &Progress) -> Result<&Step, Failure> {
        match name {
            Some(name) => self.workbook.step(name).ok_or_else(|| self.no_step(name)),
            None => progress.current(&self.workbook).ok_or_else(|| {
                Failure::Usage("find the current exercise: everything is solved; name one".to_owned())
            }),
        }
    }

    /// The exercise of that name.
    pub(super) fn exercise(&self, name: &str) -> Result<&Arc<Exercise>, Failure> {
        let step = self.workbook.step(name).ok_or_else(|| self.no_step(name))?;
        step.as_exercise().ok_or_else(|| {
            Failure::Usage(format!(
                "use `{name}` as an exercise: it is a {}; answer it with `tokiolings answer {name}`",
                step.kind()
            ))
        })
    }

    fn no_step(&self, name: &str) -> Failure {
        let near = self.workbook.steps().map(|(_, step)| step.name()).find(|known| near(known, name));
        let hint = near.map(|known| format!(" (did you mean `{known}`?)")).unwrap_or_default();
        Failure::NoStep { name: name.to_owned(), hint }
    }

    pub(super) fn width(&self) -> usize {
        self.console.width()
    }

    /// Prints lines.
    pub(super) fn print(&self, lines: &[Line]) {
        self.console.print(lines);
    }

    /// Prints a verdict as one JSON object on one line.
    pub(super) fn print_json(&self, verdict: &Verdict) {
        self.print_raw(&(wire::Verdict::from(verdict).to_json() + "\n"));
    }

    /// Prints text as it is.
    pub(super) fn print_raw(&self, text: &str) {
        self.console.print_raw(text);
    }
}

/// Progress after a change.
pub(super) struct Kept<T> {
    /// What the change returned.
    pub(super) value: T,
    /// As it is with the change.
    pub(super) progress: Progress,
    /// Why the disk does not have the change.
    pub(super) lost: Option<Failure>,
}

/// Says what could not be kept of a result that has been shown. It is the result that counts, for the exit code too.
pub(super) fn tell_lost(lost: Option<&Failure>) {
    if let Some(failure) = lost {
        note(Some(&format!("your progress could not be saved: {}", failure.text())));
    }
}

/// Lets the learner's own cargo build where the grader has built the dependencies. Without it that works as well, and
/// takes longer.
pub(super) async fn share_builds(grader: &Grader, workspace: &Workspace) {
    if let Ok(Some(folder)) = grader.target_folder().await {
        let _ = workspace.build_in(&folder);
    }
}

/// Where a command was started.
pub(super) struct Surroundings {
    folder: PathBuf,
    /// The folder of the workbook that the current folder is in, unless another one was named.
    workbook: Option<PathBuf>,
}

impl Surroundings {
    pub(super) fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let folder = current_folder()?;
        let workbook = if named.is_none() { workbook_around(&folder) } else { None };
        Ok(Self { folder, workbook })
    }

    fn base(&self) -> &Path {
        self.workbook.as_deref().unwrap_or(&self.folder)
    }

    /// The workspace that the current folder is in, or that a first start made below it.
    pub(super) fn workspace(&self) -> Option<Workspace> {
        workspace_of(&self.folder, self.base())
    }

    /// Where a workspace is set up when nobody says where.
    pub(super) fn new_workspace_folder(&self) -> PathBuf {
        self.base().join(NEW_WORKSPACE)
    }
}

fn workspace_of(folder: &Path, base: &Path) -> Option<Workspace> {
    Workspace::find(folder).or_else(|| {
        let below = base.join(NEW_WORKSPACE);
        Workspace::find(&below).filter(|workspace| workspace.root() == below)
    })
}

fn gone(origin: &Origin) -> Failure {
    let path = origin.path.as_deref().unwrap_or(Path::new("")).display();
    Failure::Usage(format!(
        "open the workbook of this workspace, \"{}\": it was in {path}, but it is not there any more; name its \
         current folder, once: `tokiolings --workbook DIR`",
        origin.title
    ))
}

fn another(named: &Path, workbook: &Workbook, origin: &Origin) -> Failure {
    let place = match &origin.path {
        Some(path) => format!("in {}", path.display()),
        None => "which is built into tokiolings".to_owned(),
    };
    Failure::Usage(format!(
        "open this workspace with \"{}\": it was set up for \"{}\", {place}; leave out --workbook, or set up another folder: \
         `tokiolings --workbook {} init DIR`",
        workbook.title,
        origin.title,
        shell::word(named)
    ))
}

/// The folder that relative paths start from.
pub(super) fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| Failure::Usage(format!("find the current folder: {error}")))
}

/// The folder of the workbook that a folder is in. One that lies inside a workspace is a learner's own, and not what that
/// workspace is for.
fn workbook_around(folder: &Path) -> Option<PathBuf> {
    let root = Workbook::find(folder)?;
    let inside = Workspace::find(&root).is_some_and(|workspace| workspace.root() != root);
    (!inside).then_some(root)
}

/// Says something that is not the command's result.
pub(super) fn note(text: Option<&str>) {
    if let Some(text) = text {
        let _ = writeln!(std::io::stderr(), "tokiolings: {text}");
    }
}

/// The learner's file of an exercise, as a submission.
pub(super) fn source_of(workspace: &Workspace, exercise: &Exercise) -> Source {
    Source::Path(workspace.path_of(exercise))
}

/// Whether someone who typed `typed` may have meant `known`: a prefix, or one or two letters off.
fn near(known: &str, typed: &str) -> bool {
    let (known, typed): (Vec<char>, Vec<char>) = (known.chars().collect(), typed.chars().collect());
    if typed.len() >= 3 && known.starts_with(&typed) {
        return true;
    }
    // The edit distance, one row at a time.
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for (i, a) in known.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in typed.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[typed.len()] <= 2
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn typing_errors_are_recognised_and_other_names_are_not() {
        for typed in ["lazy_cal", "lazycall", "laxy_call", "lazy"] {
            assert!(near("lazy_call", typed), "{typed}");
        }
        for typed in ["plan_order", "la", "", "async_block"] {
            assert!(!near("lazy_call", typed), "{typed}");
        }
    }
}
