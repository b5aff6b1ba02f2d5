//! `tokiolings init [DIR]`

use std::path::{Path, PathBuf};

use super::context::{Context, Surroundings, current_folder};
use super::exit::{Exit, Failure};
use crate::screen::{Line, Role, counted};
use crate::system::paths::real;
use crate::system::shell;
use crate::workbook::Workbook;
use crate::workspace::{EditorSettings, News, Setup, Workspace};

pub(super) fn run(
    workbook: Option<&Path>,
    dir: Option<&Path>,
    editors: &[EditorSettings],
) -> Result<Exit, Failure> {
    let folder = folder(&Surroundings::find(workbook)?, dir)?;
    let context = Context::of_folder(workbook, &folder)?;
    let (workspace, mut setup) = Workspace::init(&folder, &context.workbook)?;
    for editor in editors {
        workspace.add_settings(*editor, &mut setup)?;
    }
    context.remember(&workspace)?;
    let mut lines = told(&workspace, &setup);
    lines.extend(news(&context.workbook, &setup.news));
    let here = current_folder()?;
    let next = if here.starts_with(&folder) {
        "tokiolings".to_owned()
    } else {
        let from_here = folder.strip_prefix(&here).unwrap_or(&folder);
        format!("cd {} && tokiolings", shell::word(dir.unwrap_or(from_here)))
    };
    lines.push(Line::of(Role::Plain, "Next: ").and(Role::Code, next));
    context.print(&lines);
    Ok(Exit::Success)
}

/// The folder that is set up, absolute. Inside of a workspace it is that one, which gets back what it lacks.
fn folder(surroundings: &Surroundings, dir: Option<&Path>) -> Result<PathBuf, Failure> {
    let Some(dir) = dir else {
        return Ok(match surroundings.workspace() {
            Some(workspace) => workspace.root().to_path_buf(),
            None => surroundings.new_workspace_folder(),
        });
    };
    let whole = real(dir).or_else(|_| std::path::absolute(dir));
    let whole = whole.map_err(|error| Failure::Usage(format!("find {}: {error}", dir.display())))?;
    match Workspace::find(&whole) {
        Some(around) if around.root() == whole || whole.is_dir() => Ok(around.root().to_path_buf()),
        Some(around) => Err(Failure::Usage(format!(
            "set up {}: it would be inside the workspace {}; `tokiolings init` restores what is missing there, and a \
             new workspace needs a folder outside of it",
            dir.display(),
            around.root().display()
        ))),
        None => Ok(whole),
    }
}

fn told(workspace: &Workspace, setup: &Setup) -> Vec<Line> {
    let root = workspace.root().display();
    let written = counted(setup.written.len(), "file");
    if setup.kept.is_empty() {
        return vec![Line::of(Role::Good, "Ready: ").and(Role::Plain, format!("{written} in {root}"))];
    }
    let kept = match setup.kept.len() {
        1 => "1 left unchanged".to_owned(),
        more => format!("{more} left unchanged"),
    };
    let sum = Line::of(Role::Good, "Ready: ").and(Role::Plain, format!("{written} added to {root}, {kept}"));
    let added = setup.written.iter().map(|path| Line::of(Role::Dim, format!("  added {}", path.display())));
    std::iter::once(sum).chain(added).collect()
}

/// What became of the learner's own in a newer workbook.
fn news(workbook: &Workbook, news: &News) -> Vec<Line> {
    let kept = news.kept.iter().map(|path| {
        let line = Line::of(Role::Plain, "  your ")
            .and(Role::Path, path.display().to_string())
            .and(Role::Plain, " stays, although there is a newer one");
        match workbook.exercises().find(|exercise| *path == Path::new(&exercise.path())) {
            Some(exercise) => line
                .and(Role::Plain, "; ")
                .and(Role::Code, format!("tokiolings reset {}", exercise.name))
                .and(Role::Plain, " installs it, and keeps your text"),
            None => line,
        }
    });
    let gone = news.gone.iter().map(|name| {
        Line::of(Role::Plain, "  you had solved ")
            .and(Role::Code, name)
            .and(Role::Plain, ", which is no longer in the workbook")
    });
    kept.chain(gone).collect()
}
