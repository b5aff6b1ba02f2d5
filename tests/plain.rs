//! The watcher without a screen, through a pipe and on a terminal that can only print.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tokiolings");

/// Long enough for a machine that is busy with everything else, and builds what exercises use.
const LIMIT: Duration = Duration::from_secs(300);

const FILE: &str = "exercises/01_inert_plans/lazy_call.rs";

/// A child that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The watcher in a workspace of its own.
struct Watcher {
    child: Running,
    keys: Box<dyn Write>,
    output: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    /// Where `wait_for` goes on.
    read: usize,
    workspace: TempDir,
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn workspace() -> TempDir {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let set_up = Command::new(PROGRAM).args(["init", "."]).current_dir(&workspace).output();
    assert!(set_up.expect("it starts").status.success());
    workspace
}

fn listen(mut output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (send, heard) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 1 << 14];
        while let Ok(length @ 1..) = output.read(&mut buffer) {
            if send.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    heard
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn command(workspace: &TempDir, arguments: &[&str], term: &str) -> Command {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(workspace).env("TOKIOLINGS_HOME", home).env("TERM", term);
    command.env_remove("NO_COLOR");
    command
}

impl Watcher {
    /// With pipes all around.
    fn through_pipes() -> Self {
        let workspace = workspace();
        let mut child = command(&workspace, &["--plain"], "xterm-256color")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let keys = Box::new(child.stdin.take().expect("it is piped"));
        let output = listen(child.stdout.take().expect("it is piped"));
        Self { child: Running(child), keys, output, seen: Vec::new(), read: 0, workspace }
    }

    /// On a terminal.
    fn on_terminal(arguments: &[&str], term: &str, no_color: &str) -> Self {
        let workspace = workspace();
        let (keyboard, line) = terminal();
        let stdio = || Stdio::from(line.try_clone().expect("another descriptor"));
        let child = command(&workspace, arguments, term)
            .env("NO_COLOR", no_color)
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio())
            .spawn()
            .expect("it starts");
        let output = listen(keyboard.try_clone().expect("another descriptor"));
        Self { child: Running(child), keys: Box::new(keyboard), output, seen: Vec::new(), read: 0, workspace }
    }

    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + LIMIT;
        loop {
            let seen = String::from_utf8_lossy(&self.seen[self.read..]).into_owned();
            if let Some(at) = seen.find(text) {
                self.read += at + text.len();
                return;
            }
            let bytes = self.output.recv_timeout(end.saturating_duration_since(Instant::now()));
            self.seen.extend(bytes.unwrap_or_else(|_| panic!("{text:?} did not come: {seen}")));
        }
    }

    fn types(&mut self, line: &str) {
        self.keys.write_all(line.as_bytes()).and_then(|()| self.keys.write_all(b"\n")).expect("it listens");
        self.keys.flush().expect("it listens");
    }

    fn saves(&self, text: &str) {
        std::fs::write(self.workspace.path().join(FILE), text).expect("written");
    }

    /// All that was written, once it has ended by itself.
    fn end(mut self) -> String {
        assert!(self.child.0.wait().expect("it can be waited for").success());
        drop(self.keys);
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(5)) {
            self.seen.extend(bytes);
        }
        String::from_utf8(self.seen).expect("text")
    }
}

fn terminal() -> (File, OwnedFd) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("it is ours");
    let name = ptsname(&master, Vec::new()).expect("it has a name").into_string().expect("text");
    let line = OpenOptions::new().read(true).write(true).open(name).expect("its other side").into();
    (File::from(master), line)
}

fn solution() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("solutions/01_inert_plans/lazy_call.rs");
    std::fs::read_to_string(path).expect("there is a solution")
}

/// Without what differs from one run to the next, and without what the exercise says: numbers are N, words of hints and tests
/// are left out, and so is what stands further in.
fn steady(text: &str) -> String {
    // So is why it works.
    let text = match (text.find("Why it works"), text.find("Press n")) {
        (Some(why), Some(next)) => format!("{}{}", &text[..why], &text[next..]),
        _ => text.to_owned(),
    };
    let mut lines = String::new();
    for line in text.lines().filter(|line| !line.starts_with([' ', 'B'])) {
        let line = match line.split_once(": ") {
            Some((lead, _)) if lead == "Passed" || lead.starts_with("Hint") => format!("{lead}: …"),
            _ => line.trim_end().to_owned(),
        };
        let digit = |c: char| c.is_ascii_digit() || c == '.';
        let words = line.split(' ').map(|word| if word.starts_with(digit) { "N" } else { word });
        let line = words.collect::<Vec<_>>().join(" ");
        // A verdict that was known takes no time, and says none.
        let line = line.trim_end_matches(" N s");
        // How many tests there are is the exercise's to say as well.
        if lines.lines().last() != Some(line) {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}

#[test]
fn a_session_through_pipes_is_text_that_is_only_added_to() {
    let mut watcher = Watcher::through_pipes();
    watcher.wait_for("Keys: ");
    watcher.types("");
    watcher.wait_for("enter to the step");
    watcher.types("");
    watcher.wait_for("? keys");
    watcher.saves("fn main() {\n    nobody();\n}\n");
    watcher.wait_for("Grading…");
    watcher.wait_for("Does not compile yet");
    watcher.types("hint");
    watcher.wait_for("Hint 1 of");
    watcher.types("nonsense");
    watcher.wait_for("\"nonsense\" is not a key");
    watcher.saves(&solution());
    watcher.wait_for("Solved!");
    watcher.wait_for("Keys: ");
    watcher.types("next");
    watcher.wait_for("Step 2 of");
    watcher.types("quit");
    let text = watcher.end();
    assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text:?}");
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    // The first verdict may come before the first line is read, and the last one not at all.
    let start = text.find("Hint 1 of").expect("it was waited for");
    let end = text.find("Step 2 of").expect("it was waited for");
    settings.bind(|| insta::assert_snapshot!("session", steady(&text[start..end])));
}

#[test]
fn the_end_of_input_ends_it_after_the_verdict() {
    let mut watcher = Watcher::through_pipes();
    watcher.types("\n");
    watcher.keys = Box::new(std::io::sink());
    let text = watcher.end();
    assert!(text.contains("Step 1 of") && text.contains("Not yet"), "{text}");
}

#[test]
fn terminals_that_can_only_print_get_no_escape_sequence() {
    for (arguments, term, no_color) in [(&[][..], "dumb", ""), (&["--plain"][..], "xterm-256color", "1")] {
        let mut watcher = Watcher::on_terminal(arguments, term, no_color);
        watcher.wait_for("Keys: ");
        watcher.types("\n");
        watcher.wait_for("Not yet");
        watcher.types("?");
        watcher.wait_for("Type a key, or its word");
        // Back to the step, and out.
        watcher.types("q");
        watcher.types("q");
        let text = watcher.end();
        assert!(!text.contains('\u{1b}'), "{term}: {text:?}");
    }
}

#[test]
fn on_a_terminal_colors_are_all_that_is_added() {
    let mut watcher = Watcher::on_terminal(&["--plain"], "xterm-256color", "");
    watcher.wait_for("Keys: ");
    watcher.types("\n");
    watcher.wait_for("Not yet");
    watcher.types("q");
    let text = watcher.end();
    let codes: Vec<&str> = text.split('\u{1b}').skip(1).collect();
    assert!(!codes.is_empty(), "{text:?}");
    for code in codes {
        let sequence: String = code.chars().take_while(|c| !c.is_alphabetic()).collect();
        let kind = code.chars().find(|c| c.is_alphabetic());
        assert!(sequence.starts_with('[') && kind == Some('m'), "only colors: {code:?}");
    }
}
