//! The learner's editor: which one it is, and how it is opened.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use crate::system::shell;

/// Editors that have a window of their own, and leave the terminal alone.
const WINDOWS: &[&str] = &[
    "code",
    "code-insiders",
    "codium",
    "cursor",
    "gedit",
    "gnome-text-editor",
    "gvim",
    "idea",
    "kate",
    "mate",
    "notepad",
    "notepad++",
    "rustrover",
    "subl",
    "windsurf",
    "zed",
    "zeditor",
];

/// How to open a file in an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    /// As one would type it, with arguments; the file comes behind.
    command: String,
    /// Whether it has a window of its own. Any other takes the terminal over until it ends.
    window: bool,
}

/// The editors of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Editors {
    /// Opens a file when the learner asks for it.
    pub(super) asked: Option<Editor>,
    /// Opens each step's file when the learner comes to it: the editor in whose terminal we are.
    pub(super) around: Option<Editor>,
    /// Nobody can have the terminal: its lines are read.
    pub(super) no_terminal: bool,
}

impl Editors {
    /// The learner's choice comes first, then `VISUAL` and `EDITOR`, then the editor in whose terminal we are. That
    /// one opens files by itself, unless the learner has chosen another.
    #[must_use]
    pub fn choose(chosen: Option<String>, environment: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        let around = if set("TERM_PROGRAM").as_deref() == Some("vscode") {
            Some("code -g")
        } else if set("ZED_TERM").as_deref() == Some("true") {
            Some("zed")
        } else {
            None
        };
        let around = around.map(Editor::new).filter(|_| chosen.is_none());
        let asked = chosen.or_else(|| set("VISUAL")).or_else(|| set("EDITOR"));
        Self { asked: asked.map(Editor::new).or_else(|| around.clone()), around, no_terminal: false }
    }

    /// The same editors where the terminal is not theirs to have: those with a window of their own.
    #[must_use]
    pub fn without_the_terminal(self) -> Self {
        Self { no_terminal: true, ..self }
    }

    /// Whether files open by themselves.
    pub(super) fn open_by_themselves(&self) -> bool {
        self.around.is_some()
    }
}

impl fmt::Display for Editor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.command)
    }
}

impl Editor {
    fn new(command: impl Into<String>) -> Self {
        let command = command.into();
        let program = command.split_whitespace().next().unwrap_or_default();
        let name = Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = name.strip_suffix(".exe").or_else(|| name.strip_suffix(".cmd")).unwrap_or(name);
        let window = WINDOWS.contains(&name);
        Self { command, window }
    }

    /// Whether it takes the terminal over until it ends.
    pub(super) fn takes_terminal(&self) -> bool {
        !self.window
    }

    /// Opens a file, and waits until the editor, or the command that hands the file to it, has ended. Nothing is
    /// started before the future is polled; when it is dropped the editor stays open.
    pub(super) async fn open(self, file: PathBuf, folder: PathBuf) -> Result<(), String> {
        // Through a shell, as git does it.
        let mut command = shell::run_with(&self.command, &file);
        command.current_dir(folder);
        if self.window {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            shell::detach(&mut command);
        }
        match command.status().await {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("The editor `{}` {}.", self.command, ended(status))),
            Err(error) => Err(format!("The editor `{}` could not be started: {error}.", self.command)),
        }
    }
}

fn ended(status: ExitStatus) -> String {
    match status.code() {
        // What shells answer.
        Some(shell::NOT_FOUND) => "is not installed, or not on the search path".to_owned(),
        Some(code) => format!("ended with exit code {code}"),
        None => "was ended by a signal".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(chosen: Option<&str>, environment: &[(&str, &str)]) -> Editors {
        let environment = environment.to_vec();
        Editors::choose(chosen.map(str::to_owned), |name| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn command(editor: &Option<Editor>) -> Option<&str> {
        editor.as_ref().map(|editor| editor.command.as_str())
    }

    fn commands(editors: &Editors) -> (Option<&str>, Option<&str>) {
        (command(&editors.asked), command(&editors.around))
    }

    #[test]
    fn the_learners_choice_comes_before_the_environment() {
        let set = [("VISUAL", "vim"), ("EDITOR", "nano"), ("TERM_PROGRAM", "vscode")];
        assert_eq!(commands(&choose(Some("hx"), &set)), (Some("hx"), None));
        assert_eq!(commands(&choose(None, &set)), (Some("vim"), Some("code -g")));
        assert_eq!(commands(&choose(None, &set[1..2])), (Some("nano"), None));
        assert_eq!(commands(&choose(None, &[("VISUAL", " ")])), (None, None));
    }

    #[test]
    fn files_open_by_themselves_in_the_terminals_of_editors_alone() {
        assert_eq!(
            commands(&choose(None, &[("TERM_PROGRAM", "vscode")])),
            (Some("code -g"), Some("code -g"))
        );
        assert_eq!(commands(&choose(None, &[("ZED_TERM", "true")])), (Some("zed"), Some("zed")));
        for other in [("TERM_PROGRAM", "iTerm.app"), ("ZED_TERM", "false"), ("TERM", "xterm")] {
            assert!(!choose(None, &[other]).open_by_themselves(), "{other:?}");
        }
    }

    #[test]
    fn editors_with_a_window_are_known() {
        for window in ["code --wait", "/usr/bin/subl -n", "zed", "notepad.exe", "code.cmd -g"] {
            assert!(!Editor::new(window).takes_terminal(), "{window}");
        }
        for terminal in ["vim", "/opt/nvim/bin/nvim -p", "emacs -nw", "code.sh"] {
            assert!(Editor::new(terminal).takes_terminal(), "{terminal}");
        }
    }

    #[tokio::test]
    async fn the_file_is_handed_on_whatever_its_name_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a file; with 'signs'.rs");
        std::fs::write(&file, "old").unwrap();
        let line = if cfg!(windows) {
            "echo new text>"
        } else {
            "f() { printf '%s' \"$1\" > \"$2\"; }; f 'new text'"
        };
        let editor = Editor::new(line);
        assert_eq!(editor.open(file.clone(), folder.path().into()).await, Ok(()));
        assert_eq!(std::fs::read_to_string(&file).unwrap().trim_end(), "new text");
    }

    #[tokio::test]
    async fn an_editor_that_is_not_there_is_named() {
        let folder = std::env::temp_dir();
        let problem =
            Editor::new("no-such-editor-at-all").open("file".into(), folder.clone()).await.unwrap_err();
        assert!(problem.contains("no-such-editor-at-all") && problem.contains("not installed"), "{problem}");
        let fails = if cfg!(windows) { "exit 1 &rem" } else { "false" };
        let problem = Editor::new(fails).open("file".into(), folder).await.unwrap_err();
        assert!(problem.contains("exit code 1"), "{problem}");
    }
}
