//! A program in a terminal of its own, and what appears there, with the time at which it does.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process_group};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::Outcome;
use crate::programs::shown;

/// Large enough that nothing that is waited for is scrolled out.
const SIZE: Winsize = Winsize { ws_row: 70, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };

/// A program in a terminal. Dropping it ends the program.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    output: Receiver<(Instant, Vec<u8>)>,
    /// What was written since [`Terminal::forget`], and when the last of it came.
    seen: Vec<u8>,
    latest: Instant,
    pub(crate) started: Instant,
}

impl Terminal {
    /// Starts it.
    pub(crate) fn start(mut command: Command) -> Outcome<Self> {
        let (keyboard, mut screen, slave) =
            open().map_err(|error| format!("open a pseudo-terminal: {error}"))?;
        let stdio = || slave.try_clone().map(Stdio::from).map_err(|error| error.to_string());
        command.stdin(stdio()?).stdout(stdio()?).stderr(stdio()?).process_group(0);
        let started = Instant::now();
        let child = command.spawn().map_err(|error| format!("start {}: {error}", shown(&command)))?;
        // The command holds the terminal's other side, and so does `slave`: reading ends when all have let it go.
        drop((command, slave));
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            while let Ok(length @ 1..) = screen.read(&mut buffer) {
                if send.send((Instant::now(), buffer[..length].to_vec())).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, keyboard, output, seen: Vec::new(), latest: started, started })
    }

    /// When `text` had appeared, counted from the last [`Terminal::forget`].
    pub(crate) fn wait_for(&mut self, text: &str, limit: Duration) -> Outcome<Instant> {
        let end = Instant::now() + limit;
        loop {
            if plain(&self.seen).contains(text) {
                return Ok(self.latest);
            }
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok((at, bytes)) => {
                    self.seen.extend_from_slice(&bytes);
                    self.latest = at;
                }
                Err(error) => {
                    let why = match error {
                        RecvTimeoutError::Timeout => "it did not come in time",
                        RecvTimeoutError::Disconnected => "the program ended",
                    };
                    return Err(format!("wait for {text:?}: {why}; on the screen:\n{}", plain(&self.seen)));
                }
            }
        }
    }

    /// Waits until nothing has been written for a while, then forgets what was.
    pub(crate) fn forget(&mut self, quiet: Duration) {
        while self.output.recv_timeout(quiet).is_ok() {}
        self.seen.clear();
    }

    /// Waits for the end of a program that ends by itself: how long it ran, and what it wrote.
    pub(crate) fn finish(mut self) -> Outcome<(Duration, ExitStatus, String)> {
        let mut seen = Vec::new();
        while let Ok((_, bytes)) = self.output.recv() {
            seen.extend_from_slice(&bytes);
        }
        let status = self.child.wait().map_err(|error| format!("wait for a program: {error}"))?;
        Ok((self.started.elapsed(), status, plain(&seen)))
    }

    /// The most memory that the program itself has had resident so far, in MiB.
    pub(crate) fn peak_memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Asked first: only then does it end what it has started itself.
        let _ = self.keyboard.write_all(b"q");
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(5) {
            match self.child.try_wait() {
                Ok(None) => {}
                _ => return,
            }
            let _ = self.output.recv_timeout(Duration::from_millis(10));
        }
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

/// The near side twice, and the far side.
fn open() -> std::io::Result<(File, File, File)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    tcsetwinsize(&master, SIZE)?;
    let name = ptsname(&master, Vec::new())?;
    let flags = i32::try_from(OFlags::NOCTTY.bits()).map_err(std::io::Error::other)?;
    let name = std::ffi::OsStr::from_bytes(name.as_bytes());
    let slave = OpenOptions::new().read(true).write(true).custom_flags(flags).open(name)?;
    let master = File::from(master);
    Ok((master.try_clone()?, master, slave))
}

/// Text without the sequences that move the cursor and colour it.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '\u{1b}' {
            plain.push(char);
            continue;
        }
        match chars.next() {
            // Parameters, then one letter.
            Some('[') => {
                chars.by_ref().find(|char| ('@'..='~').contains(char));
            }
            // A link or a title, up to a bell or a backslash.
            Some(']') => {
                chars.by_ref().find(|char| matches!(char, '\u{7}' | '\\'));
            }
            _ => {}
        }
    }
    plain
}
