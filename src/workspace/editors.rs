//! Settings that make an editor start the watcher beside the exercises: `init --vscode` and `init --zed`.

use std::env;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::workspace::{Error, Setup, Workspace};

/// An editor that reads settings and tasks from the folder that it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditorSettings {
    /// Visual Studio Code, and editors built from it.
    VsCode,
    /// Zed.
    Zed,
}

impl Workspace {
    /// Writes an editor's settings and tasks. Files that exist stay as they are.
    ///
    /// # Errors
    /// A file or folder cannot be written.
    pub fn add_settings(&self, editor: EditorSettings, setup: &mut Setup) -> Result<(), Error> {
        for (path, content) in files(editor, &program()) {
            let text = format!("{content:#}\n");
            let written = self.write_missing(Path::new(path), &text)?;
            setup.note(path.into(), written);
        }
        Ok(())
    }
}

fn files(editor: EditorSettings, program: &str) -> Vec<(&'static str, Value)> {
    match editor {
        EditorSettings::VsCode => vec![
            (
                ".vscode/tasks.json",
                json!({
                    "version": "2.0.0",
                    "tasks": [{
                        "label": "tokiolings",
                        "detail": "Grades each save",
                        "type": "process",
                        "command": program,
                        "options": { "cwd": "${workspaceFolder}" },
                        "isBackground": true,
                        "problemMatcher": [],
                        "presentation": { "reveal": "always", "panel": "dedicated", "focus": true, "echo": false },
                        "runOptions": { "runOn": "folderOpen", "instanceLimit": 1 }
                    }]
                }),
            ),
            (".vscode/extensions.json", json!({ "recommendations": ["rust-lang.rust-analyzer"] })),
            // A save is an attempt. Text that is saved while it is typed would be graded half-finished.
            (".vscode/settings.json", json!({ "files.autoSave": "off" })),
        ],
        EditorSettings::Zed => vec![
            (
                ".zed/tasks.json",
                json!([{
                    "label": "tokiolings",
                    "command": program,
                    "cwd": "$ZED_WORKTREE_ROOT",
                    "use_new_terminal": false,
                    "allow_concurrent_runs": false,
                    "reveal": "always"
                }]),
            ),
            (".zed/settings.json", json!({ "autosave": "off" })),
        ],
    }
}

/// How an editor starts this program: by its name if the search path has it, otherwise by its path.
fn program() -> String {
    let name = env!("CARGO_PKG_NAME");
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let search_path = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&search_path).any(|folder| folder.join(&file).is_file()) {
        return name.to_owned();
    }
    env::current_exe().unwrap_or_else(|_| PathBuf::from(name)).display().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn settings_are_written_once_and_a_learners_own_stay() {
        for (editor, own) in
            [(EditorSettings::VsCode, ".vscode/settings.json"), (EditorSettings::Zed, ".zed/settings.json")]
        {
            let root = tempfile::tempdir().unwrap();
            let (workspace, _) = Workspace::init(root.path(), &fixture::workbook()).unwrap();
            let own_path = root.path().join(own);
            fs::create_dir_all(own_path.parent().unwrap()).unwrap();
            fs::write(&own_path, "{}").unwrap();
            let mut setup = Setup::default();
            workspace.add_settings(editor, &mut setup).unwrap();
            assert_eq!(setup.kept, [PathBuf::from(own)]);
            assert_eq!(fs::read_to_string(&own_path).unwrap(), "{}");
            assert_eq!(setup.written.len(), files(editor, "").len() - 1);
            for path in &setup.written {
                let text = fs::read_to_string(root.path().join(path)).unwrap();
                assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", path.display());
            }
        }
    }

    #[test]
    fn vs_code_starts_the_watcher_when_it_opens_the_folder() {
        let files = files(EditorSettings::VsCode, "/somewhere/tokiolings");
        let (_, tasks) = files.iter().find(|(path, _)| *path == ".vscode/tasks.json").unwrap();
        assert_eq!(tasks["tasks"][0]["command"], "/somewhere/tokiolings");
        assert_eq!(tasks["tasks"][0]["runOptions"]["runOn"], "folderOpen");
    }
}
