//! Walls around other people's code: what a child may read, write and execute, whom it may talk to, and how much of
//! the machine it may take.
//!
//! A child is started through this program itself, in three processes, so no code runs between a fork and an exec, and
//! nothing here needs `unsafe`:
//!
//! ```text
//! grader ── outside ─┬─ first    process 1 of the namespaces: waits for the end of `outside`, and its end ends all
//!                    └─ inside   builds the walls that enclose one process, then becomes the child
//! ```
//!
//! `outside` makes namespaces and a root folder of their own (`namespaces`, `root`), lets `inside` go on when both are
//! ready, and ends as the child ended. `inside` adds Landlock, limits and a filter of system calls to that: a second
//! wall behind the first. `probe` attacks the finished walls before anything else runs behind them.

mod bait;
#[cfg(target_os = "linux")]
mod inside;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod namespaces;
#[cfg(target_os = "linux")]
mod outside;
#[cfg(target_os = "linux")]
mod probe;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(target_os = "linux")]
mod system_calls;
mod walls;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::process::{self, Ended, Outcome, Spec};
use bait::{Bait, Trap};

pub use walls::become_child;

/// The first argument that makes this program a wall builder.
pub const WORD: &str = "confined";

/// What holds where root becomes nobody.
#[cfg(target_os = "linux")]
const STEPS_DOWN: &str = "user: nobody, in place of root";

/// The first line of a probe that found no hole.
const HOLD: &str = "the walls hold\n";

/// The signal that ends the process that the grader starts when a wall could not be built: nothing was run. A child that
/// ends itself like that is said to have been killed.
pub(crate) use crate::system::family::NOT_BUILT;

/// How children are confined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confinement {
    /// This program: it builds the walls and becomes the child.
    helper: PathBuf,
    /// What holds, for people and reports.
    pub protections: Vec<String>,
}

/// What one child may do. Paths are absolute; inside they are the same as outside, and no other path exists there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Walls {
    /// The folder that it starts in.
    pub(crate) folder: PathBuf,
    /// Files and folders that it may read.
    pub(crate) read: Vec<PathBuf>,
    /// Folders of the machine in which it may do anything but execute.
    pub(crate) write: Vec<PathBuf>,
    /// Files and folders that it may read and execute.
    pub(crate) execute: Vec<PathBuf>,
    /// An empty folder of its own, held in memory and gone with it: it may do anything there but execute.
    pub(crate) scratch: PathBuf,
    /// Links that exist inside alone, with what they point to.
    pub(crate) links: Vec<(PathBuf, PathBuf)>,
    /// Whether it may use the loopback interface of a network of its own; otherwise it has no sockets at all.
    pub(crate) loopback: bool,
    /// Whether it may start other processes.
    pub(crate) children: bool,
    pub(crate) limits: Limits,
}

/// How much of the machine one child may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limits {
    /// Bytes of address space of each process.
    pub(crate) memory: u64,
    /// Bytes of all that is in its scratch folder, which is memory, too.
    pub(crate) scratch: u64,
    /// Bytes of the largest file.
    pub(crate) file: u64,
    /// CPU seconds, all threads together.
    pub(crate) cpu: u64,
    /// Open files.
    pub(crate) files: u64,
    /// Processes and threads, all together.
    pub(crate) threads: u64,
}

/// What the processes that build the walls are told.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    walls: Walls,
    /// The process whose end ends all.
    grader: u32,
    /// What the probe should reach for; only where there is no command.
    bait: Option<Bait>,
}

const MIB: u64 = 1 << 20;

impl Limits {
    /// For a run of the compiler: an exercise needs some 200 MB of memory, and a test program of 10 MB.
    pub(crate) fn compiler(seconds: u64) -> Self {
        Self {
            memory: 4096 * MIB,
            scratch: 256 * MIB,
            file: 256 * MIB,
            cpu: 4 * seconds,
            files: 1024,
            threads: 512,
        }
    }

    /// For a hidden test: ten thousand tasks need 20 MB, and eight worker threads reserve 600 MB of address space. Tokio
    /// starts at most 512 threads for what blocks.
    pub(crate) fn test(seconds: u64) -> Self {
        Self {
            memory: 2048 * MIB,
            scratch: 64 * MIB,
            file: 64 * MIB,
            cpu: 4 * seconds + 1,
            files: 256,
            threads: 640,
        }
    }
}

impl Limits {
    /// For the probe: as for a test, but so small that it has them all in a moment.
    fn probe() -> Self {
        Self { scratch: 2 * MIB, threads: 64, ..Self::test(60) }
    }
}

/// Why there is no confinement: each wall that the machine cannot build, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfinable(pub Vec<String>);

impl Confinement {
    /// Asks `helper`, which is this program, to build every wall once and then to attack them from within.
    ///
    /// # Errors
    /// The walls that this machine cannot build, or what got through them.
    pub async fn probe(helper: PathBuf) -> Result<Self, Unconfinable> {
        if let Some(why) = crate::system::walls::IMPOSSIBLE {
            return Err(Unconfinable(vec![why.to_owned()]));
        }
        let mut confinement = Self { helper, protections: Vec::new() };
        let trap = Trap::lay().map_err(|error| Unconfinable(vec![format!("cannot lay a bait: {error}")]))?;
        confinement.protections = confinement.attack(&trap, probed(&trap)).await.map_err(Unconfinable)?;
        Ok(confinement)
    }

    /// Gives what holds, or what does not.
    async fn attack(&self, trap: &Trap, walls: Walls) -> Result<Vec<String>, Vec<String>> {
        let folder = walls.folder.clone();
        let order = Order { walls, grader: std::process::id(), bait: Some(trap.bait()) };
        let spec = Spec { cwd: folder, limit: Duration::from_secs(30), ..self.spec(&order, Vec::new()) };
        let (mut answer, mut complaint) = (Vec::new(), Vec::new());
        let mut sink = |stream, bytes: &[u8]| match stream {
            process::Stream::Out => answer.extend_from_slice(bytes),
            process::Stream::Err => complaint.extend_from_slice(bytes),
        };
        let outcome = process::run(spec, &mut sink).await;
        let lines =
            |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
        match outcome {
            Ok(Outcome { end: Ended::Exited(0), .. }) if answer.starts_with(HOLD.as_bytes()) => {
                Ok(lines(&answer[HOLD.len()..]))
            }
            _ if !complaint.is_empty() => Err(lines(&complaint)),
            // Had it become another program, that one would have ended like this.
            Ok(outcome) => {
                Err(vec![format!("the probe behind the walls has not answered: {:?}", outcome.end)])
            }
            Err(error) => Err(vec![format!("failed to {error}")]),
        }
    }

    /// Gives a folder, and all that this process has put there, to whoever writes there behind walls: root has become nobody
    /// by then, others stay who they are.
    pub(crate) fn hand_over(&self, folder: &Path) -> std::io::Result<()> {
        #[cfg(target_os = "linux")]
        if self.protections.iter().any(|line| line == STEPS_DOWN) {
            return give(folder);
        }
        let _ = folder;
        Ok(())
    }

    /// The same order, carried out behind walls.
    pub(crate) fn enclose(&self, walls: &Walls, spec: Spec) -> Spec {
        let order = Order { walls: walls.clone(), grader: std::process::id(), bait: None };
        let Spec { program, args, env, cwd, stdin, merged, limit, explain_hang, turn, priority, .. } = spec;
        let mut command = vec![program];
        command.extend(args);
        let enclosed = self.spec(&order, command);
        Spec { env, cwd, stdin, merged, limit, explain_hang, turn, priority, ..enclosed }
    }

    fn spec(&self, order: &Order, command: Vec<OsString>) -> Spec {
        let order = serde_json::to_string(order).expect("paths that cargo and this program made are UTF-8");
        let mut args = vec![OsString::from(WORD), order.into()];
        args.extend(command);
        Spec { program: self.helper.clone().into(), args, walled: true, ..Spec::default() }
    }
}

/// Gives a folder and all that is in it to nobody.
#[cfg(target_os = "linux")]
fn give(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, lchown};
    let given = std::fs::symlink_metadata(path).and_then(|data| {
        if data.uid() != namespaces::NOBODY {
            lchown(path, Some(namespaces::NOBODY), Some(namespaces::NOBODY))?;
        }
        if data.is_dir() {
            std::fs::read_dir(path)?.try_for_each(|entry| give(&entry?.path()))
        } else {
            Ok(())
        }
    });
    match given {
        // A compiler that is at work there has removed it.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        given => given,
    }
}

/// The walls of a hidden test, as the probe attacks them.
fn probed(trap: &Trap) -> Walls {
    Walls {
        folder: trap.scratch(),
        read: system_libraries(),
        write: Vec::new(),
        execute: loaders(),
        scratch: trap.scratch(),
        links: Vec::new(),
        loopback: true,
        children: false,
        limits: Limits::probe(),
    }
}

/// What every program needs to start: its loader and shared libraries.
pub(crate) fn system_libraries() -> Vec<PathBuf> {
    existing(&["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/ld.so.preload"])
}

/// What a compiler needs besides: the linker and its parts.
pub(crate) fn system_programs() -> Vec<PathBuf> {
    existing(&[
        "/bin",
        "/usr/bin",
        "/usr/local/bin",
        "/usr/libexec",
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/nix/store",
        "/etc/alternatives",
    ])
}

/// The dynamic loader, which the kernel executes on a program's behalf.
pub(crate) fn loaders() -> Vec<PathBuf> {
    existing(&[
        "/lib64/ld-linux-x86-64.so.2",
        "/lib/ld-linux-aarch64.so.1",
        "/lib/ld-linux-riscv64-lp64d.so.1",
        "/lib/ld-musl-x86_64.so.1",
        "/lib/ld-musl-aarch64.so.1",
    ])
}

fn existing(paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(Path::new).filter(|path| path.exists()).map(Path::to_owned).collect()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
