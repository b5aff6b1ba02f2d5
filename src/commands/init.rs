//! `tokiolings init [DIR]`

use std::path::Path;

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::screen::{Line, Role};
use crate::workspace::Workspace;

pub(super) fn run(context: &Context, dir: &Path) -> Result<Exit, Failure> {
    let (workspace, setup) = Workspace::init(dir, &context.workbook)?;
    let root = workspace.root().display();
    let mut lines = Vec::new();
    if setup.kept.is_empty() {
        lines.push(
            Line::of(Role::Good, "Ready: ")
                .and(Role::Plain, format!("{} files in {root}", setup.written.len())),
        );
    } else {
        lines.push(Line::of(Role::Good, "Ready: ").and(
            Role::Plain,
            format!("{} files added to {root}, {} left as they were", setup.written.len(), setup.kept.len()),
        ));
        lines.extend(
            setup.written.iter().map(|path| Line::of(Role::Dim, format!("  added {}", path.display()))),
        );
    }
    lines
        .push(Line::of(Role::Plain, "Next: ").and(Role::Code, format!("cd {} && tokiolings", dir.display())));
    context.print(&lines);
    Ok(Exit::Success)
}
