//! The watcher in a terminal of its own, which it leaves as it was, however it ends.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, Winsize, tcgetattr, tcsetwinsize};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tokiolings");

/// Long enough for a machine that is busy with everything else.
const LIMIT: Duration = Duration::from_secs(60);

/// The alternate screen is left, the cursor shown, and long lines wrap again.
const AS_BEFORE: [&str; 3] = ["\u{1b}[?1049l", "\u{1b}[?25h", "\u{1b}[?7h"];

/// A terminal: the side of whoever sits there, and that of the programs.
fn terminal() -> (File, OwnedFd) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("it is ours");
    let name = ptsname(&master, Vec::new()).expect("it has a name").into_string().expect("text");
    let line = OpenOptions::new().read(true).write(true).open(name).expect("its other side").into();
    let size = Winsize { ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&master, size).expect("it takes a size");
    (File::from(master), line)
}

/// What comes to a screen, piece by piece.
fn listen(mut screen: File) -> Receiver<Vec<u8>> {
    let (send, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 1 << 14];
        while let Ok(length @ 1..) = screen.read(&mut buffer) {
            if send.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    output
}

/// Where the grader builds, as in the other tests.
fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
}

/// A workspace with this text in the first file.
#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn workspace(text: &str) -> TempDir {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let set_up = Command::new(PROGRAM).args(["init", "."]).current_dir(&workspace).output();
    assert!(set_up.expect("it starts").status.success());
    let file = workspace.path().join("exercises/01_inert_plans/lazy_call.rs");
    std::fs::write(file, text).expect("written");
    workspace
}

/// What a line of the shell with job control prints, on a terminal that it controls. The program is `$0`; the line ends with
/// `echo over`.
#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn shell(line: &str, term: &str) -> String {
    let workspace = workspace("fn main() {}\n");
    let (keyboard, side) = terminal();
    let stdio = || Stdio::from(side.try_clone().expect("another descriptor"));
    let mut child = Command::new("setsid")
        .args(["--ctty", "--wait", "sh", "-mc", line, PROGRAM])
        .current_dir(&workspace)
        .env("TOKIOLINGS_HOME", home())
        .env("TERM", term)
        .stdin(stdio())
        .stdout(stdio())
        .stderr(stdio())
        .spawn()
        .expect("it starts");
    let output = listen(keyboard.try_clone().expect("another descriptor"));
    let end = Instant::now() + LIMIT;
    let mut seen = String::new();
    while !seen.contains("over") {
        let Ok(bytes) = output.recv_timeout(end.saturating_duration_since(Instant::now())) else {
            let _ = child.kill();
            panic!("it does not end: {seen:?}");
        };
        seen.push_str(&String::from_utf8_lossy(&bytes));
    }
    child.wait().expect("it can be waited for");
    seen
}

/// The watcher, in a workspace and a terminal of its own.
struct Watcher {
    child: Child,
    keyboard: Option<File>,
    /// The program's side of the terminal.
    line: OwnedFd,
    output: Receiver<Vec<u8>>,
    seen: String,
    before: Termios,
    _workspace: TempDir,
}

impl Watcher {
    fn start() -> Self {
        Self::with("fn main() {}\n")
    }

    /// With this text in the first file.
    #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
    fn with(text: &str) -> Self {
        let workspace = workspace(text);
        let (keyboard, line) = terminal();
        let before = tcgetattr(&line).expect("it is a terminal");
        let stdio = || Stdio::from(line.try_clone().expect("another descriptor"));
        let child = Command::new(PROGRAM)
            .current_dir(&workspace)
            .env("TOKIOLINGS_HOME", home())
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio())
            .process_group(0)
            .spawn()
            .expect("it starts");
        let output = listen(keyboard.try_clone().expect("another descriptor"));
        let keyboard = Some(keyboard);
        let mut watcher =
            Self { child, keyboard, line, output, seen: String::new(), before, _workspace: workspace };
        watcher.wait_for("enter");
        assert!(!watcher.is_cooked(), "keys come one by one while it runs");
        watcher
    }

    fn is_cooked(&self) -> bool {
        let now = tcgetattr(&self.line).expect("it is a terminal");
        now.local_modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + LIMIT;
        while !self.seen.contains(text) {
            let bytes = self.output.recv_timeout(end.saturating_duration_since(Instant::now()));
            let bytes = bytes.unwrap_or_else(|_| panic!("{text:?} did not come: {:?}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn press(&mut self, keys: &[u8]) {
        let keyboard = self.keyboard.as_mut().expect("the terminal is open");
        keyboard.write_all(keys).expect("it has room for a key");
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    fn end(&mut self) -> ExitStatus {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status;
            }
            assert!(Instant::now() < end, "it does not end");
            std::thread::yield_now();
        }
    }

    fn left_as_it_was(&mut self) {
        for what in AS_BEFORE {
            self.wait_for(what);
        }
        let after = tcgetattr(self.line.as_fd()).expect("it is a terminal");
        assert_eq!(format!("{after:?}"), format!("{:?}", self.before));
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_terminal_is_left_as_it_was_by_keys_and_by_signals() {
    type Leave = fn(&mut Watcher);
    let ways: [(&str, Leave); 5] = [
        ("q", |watcher| watcher.press(b"q")),
        ("Ctrl-C", |watcher| watcher.press(b"\x03")),
        ("SIGTERM", |watcher| kill_process(watcher.pid(), Signal::TERM).expect("it is there")),
        ("SIGINT", |watcher| kill_process(watcher.pid(), Signal::INT).expect("it is there")),
        ("SIGHUP", |watcher| kill_process(watcher.pid(), Signal::HUP).expect("it is there")),
    ];
    for (way, leave) in ways {
        let mut watcher = Watcher::start();
        leave(&mut watcher);
        assert!(watcher.end().success(), "{way}");
        watcher.left_as_it_was();
    }
}

#[test]
fn a_terminal_that_is_gone_ends_the_watcher_and_the_learners_program() {
    let mut watcher = Watcher::with(
        "fn main() { println!(\"number {} indeed\", std::process::id()); loop { std::thread::park(); } }",
    );
    watcher.press(b"\r");
    watcher.wait_for("to the step");
    watcher.press(b"\r");
    watcher.wait_for("run program");
    watcher.press(b"p");
    watcher.wait_for(" indeed");
    let number = watcher.seen.rsplit("number ").next().and_then(|rest| rest.split(' ').next());
    let number: i32 = number.and_then(|number| number.parse().ok()).expect("a number");
    let program = Pid::from_raw(number).expect("a process");
    assert!(test_kill_process(program).is_ok(), "it runs");

    kill_process(watcher.pid(), Signal::HUP).expect("it is there");
    watcher.keyboard = None;
    watcher.end();
    let end = Instant::now() + LIMIT;
    while test_kill_process(program).is_ok() {
        assert!(Instant::now() < end, "the learner's program outlives the watcher");
        std::thread::yield_now();
    }
}

/// Takes the alternate screen.
const SCREEN: &str = "\u{1b}[?1049h";

#[test]
fn in_the_background_it_refuses_instead_of_stopping() {
    // In a script `timeout` puts what it starts into a group of its own, and so into the background.
    for line in [
        r#""$0" & wait $!; echo "code $?, over""#,
        r#"sh -c 'timeout 50 "$0"; exit $?' "$0"; echo "code $?, over""#,
    ] {
        let seen = shell(line, "xterm-256color");
        assert!(seen.contains("code 2, over"), "{line}: {seen:?}");
        assert!(seen.contains("needs the keyboard"), "{line}: {seen:?}");
        assert!(!seen.contains(SCREEN), "{line}: {seen:?}");
    }
}

#[test]
fn without_a_keyboard_there_is_one_verdict() {
    let seen = shell(r#""$0" </dev/null; echo "code $?, over""#, "dumb");
    // Nothing in the file is what the hidden tests ask for.
    assert!(seen.contains("code 1, over") && seen.contains("lazy_call"), "{seen:?}");
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
}
