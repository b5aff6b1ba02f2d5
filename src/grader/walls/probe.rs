//! Attacks the walls from within, before anything else runs behind them: a wall that only seems to stand must not be
//! believed.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::Pid;

use super::bait::Bait;
use super::order::{HOLD, Order};
use super::places::loaders;
use super::rights::Limits;
use super::word::fail;

/// Threads that no walls allow.
const CROWD: usize = 10_000;

/// Numbers that no process behind walls is above.
const NUMBERS: i32 = 512;

/// Stack of each, as small as threads have it.
const STACK: usize = 16 * 1024;

/// Prints what holds, if every attack fails; else what got through.
pub(super) fn report(order: &Order, holds: &[String]) -> ExitCode {
    let Some(bait) = &order.bait else { return fail(&["there is no command".to_owned()]) };
    let through = attack(bait);
    if !through.is_empty() {
        let lines: Vec<String> = through
            .iter()
            .map(|what| format!("the sandbox does not hold: a probe inside it {what}"))
            .collect();
        return fail(&lines);
    }
    let text: String = HOLD.to_owned() + &holds.iter().map(|line| format!("{line}\n")).collect::<String>();
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Everything that works although it must not. The current folder is the scratch.
fn attack(bait: &Bait) -> Vec<String> {
    let file = &bait.file;
    let mut through: Vec<String> = Vec::new();
    let mut tried = |what: &str, worked: bool| through.extend(worked.then(|| what.to_owned()));
    tried("reads a file outside", fs::read(file).is_ok());
    tried("writes a file outside", OpenOptions::new().append(true).open(file).is_ok());
    tried(
        "changes the mode of a file outside",
        fs::set_permissions(file, Permissions::from_mode(0o600)).is_ok(),
    );
    tried("changes the mode of a system library", loaders().iter().any(|loader| changes_mode(loader)));
    tried("writes into its root folder", fs::write("/written", "").is_ok());
    tried(
        "lists processes",
        fs::read_dir("/proc").is_ok_and(|list| list.flatten().any(|entry| is_number(&entry))),
    );
    tried("reaches other processes", finds_processes());
    tried("connects out", connects(bait.address));
    tried("sends out", sends());
    tried("makes shared memory", rustix::fs::memfd_create("shared", rustix::fs::MemfdFlags::CLOEXEC).is_ok());
    tried("makes shared memory of a name", File::create("/dev/shm/tokiolings").is_ok());
    tried("sets a set-user-ID bit", sets("set-user-id", 0o4755));
    tried("changes the mode of a file in its folder", sets("mode", 0o700));
    tried("takes more memory for files than it may", fills(Limits::probe().scratch));
    tried("starts a process", starts_a_process());
    tried("leaves its root folder", rustix::process::chroot("/").is_ok());
    tried("makes namespaces", nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWUSER).is_ok());
    tried("stays when the grader ends", rustix::process::set_parent_process_death_signal(None).is_ok());
    // These two last: one fills what the others need, and the other ends the probe if it works.
    tried("starts 10,000 threads", starts_a_crowd());
    if through.is_empty() && becomes_another() {
        through.push("becomes another program".to_owned());
    }
    through
}

fn changes_mode(path: &std::path::Path) -> bool {
    // The mode that it has: a wall with a hole must not harm the machine.
    fs::metadata(path).is_ok_and(|data| fs::set_permissions(path, data.permissions()).is_ok())
}

fn is_number(entry: &fs::DirEntry) -> bool {
    entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok())
}

/// Whether there are others than process 1, which ends all, and this one. Apart from the machine's, numbers begin at 1.
fn finds_processes() -> bool {
    let own = rustix::process::getpid();
    let found = (1..=NUMBERS)
        .filter_map(Pid::from_raw)
        .filter(|pid| rustix::process::test_kill_process(*pid).is_ok());
    own.as_raw_nonzero().get() > NUMBERS || found.filter(|pid| !pid.is_init() && *pid != own).count() > 0
}

fn connects(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok()
}

/// To an address that is reserved for documents: nobody gets it, but it would leave.
fn sends() -> bool {
    UdpSocket::bind(("0.0.0.0", 0)).and_then(|socket| socket.send_to(b"probe", ("192.0.2.1", 9))).is_ok()
}

fn sets(file: &str, mode: u32) -> bool {
    File::create(file).is_ok() && fs::set_permissions(file, Permissions::from_mode(mode)).is_ok()
}

/// Writes twice as much as may be there, in files of half of it.
fn fills(scratch: u64) -> bool {
    let half = vec![1; usize::try_from(scratch / 2).unwrap_or(usize::MAX)];
    let written = (0..4).take_while(|number| fs::write(format!("full-{number}"), &half).is_ok()).count();
    written == 4
}

#[expect(clippy::disallowed_methods, reason = "it must fail, and there is no runtime")]
fn starts_a_process() -> bool {
    loaders().iter().any(|loader| Command::new(loader).status().is_ok())
}

/// If it works, there is no probe any more that could answer.
#[expect(clippy::disallowed_methods, reason = "it must fail, and there is no runtime")]
fn becomes_another() -> bool {
    // `exec` returns only when it fails.
    let errors = loaders().into_iter().map(|loader| Command::new(loader).arg("--help").exec());
    errors.count() == 0
}

fn starts_a_crowd() -> bool {
    let mut held = Vec::new();
    for _ in 0..CROWD {
        let (hold, wait) = mpsc::channel::<()>();
        let thread = thread::Builder::new().stack_size(STACK).spawn(move || {
            let _ = wait.recv();
        });
        match thread {
            Ok(thread) => held.push((hold, thread)),
            Err(_) => break,
        }
    }
    let crowd = held.len() == CROWD;
    for (hold, thread) in held {
        drop(hold);
        let _ = thread.join();
    }
    crowd
}
