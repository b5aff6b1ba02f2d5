//! `tokiolings`: the watcher, or one grading where there is no terminal.

use super::console::Stdout;
use super::context::Context;
use super::drive::block_on;
use super::exit::{Exit, Failure};
use crate::cli::Watch;
use crate::screen::counted;
use crate::watch::{self, Place, place};
use crate::workspace::Workspace;

pub(super) fn run(context: &Context, wishes: Watch) -> Result<Exit, Failure> {
    let place = place(wishes.plain);
    if place == Place::Background {
        return Err(Failure::Usage(IN_BACKGROUND.to_owned()));
    }
    let (workspace, notice) = match context.find_workspace() {
        Some(workspace) => {
            // A folder that cannot be written is told where there is something to write.
            let _ = context.remember(&workspace);
            (workspace, context.renamed.as_ref().map(|text| format!("{text}.")))
        }
        None => set_up(context)?,
    };
    let grader = context.grader()?;
    if matches!(place, Place::Screen | Place::Plain) {
        let plain = place == Place::Plain;
        let editors = watch::Editors::choose(wishes.edit, |name| std::env::var(name).ok());
        let editors = if plain { editors.without_the_terminal() } else { editors };
        let options =
            watch::Options { poll: wishes.poll, editors, auto_advance: wishes.auto_advance, notice, plain };
        // The watcher hears signals itself: it has a terminal to put in order first.
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::runtime)?;
        runtime.block_on(watch::run(grader, workspace, options))?;
        return Ok(Exit::Success);
    }
    block_on(async {
        let verdict = watch::once(grader, workspace, &mut Stdout).await?;
        Ok(Exit::of(&verdict))
    })
}

/// Where the keys go to another job, there is nobody to watch for.
const IN_BACKGROUND: &str = "watch from the background: the watcher needs the keyboard. Start it in the foreground (without `&`, \
                             and under `timeout` with --foreground); `tokiolings run` grades the current step from anywhere";

fn set_up(context: &Context) -> Result<(Workspace, Option<String>), Failure> {
    let folder = context.new_workspace_folder();
    let (workspace, setup) = Workspace::init(&folder, &context.workbook)?;
    context.remember(&workspace)?;
    let place = context.shown(&folder);
    let notice = format!(
        "Your workspace is ready: {} in {}. Open that folder in your editor.",
        counted(setup.written.len(), "file"),
        place.display()
    );
    Ok((workspace, Some(notice)))
}
