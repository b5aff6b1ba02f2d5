//! Walls around other people's code: what a child may read, write and execute, whom it may talk to, and how much of
//! the machine it may take.
//!
//! A child is started through this program itself: the first process restricts itself, step by step, and then
//! becomes the child. Restrictions outlive `exec`, so no code runs between a fork and an exec, and nothing here needs
//! `unsafe`. The steps are in `walls`; this module decides what they enclose.

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod namespaces;
#[cfg(target_os = "linux")]
mod seccomp;
mod walls;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::process::Spec;

pub use walls::become_child;

/// The first argument that makes this program a wall builder.
pub const WORD: &str = "confined";

/// How children are confined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confinement {
    /// This program: it builds the walls and becomes the child.
    helper: PathBuf,
    /// What holds, for people and reports.
    pub protections: Vec<String>,
}

/// What one child may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Walls {
    /// Files and folders that it may read.
    pub(crate) read: Vec<PathBuf>,
    /// Folders in which it may do anything but execute.
    pub(crate) write: Vec<PathBuf>,
    /// Files and folders that it may read and execute.
    pub(crate) execute: Vec<PathBuf>,
    /// Whether it may use the loopback interface of a network of its own; otherwise it has no sockets at all.
    pub(crate) loopback: bool,
    /// Whether it may start other processes.
    pub(crate) children: bool,
    pub(crate) limits: Limits,
}

/// How much of the machine one child may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limits {
    /// Bytes of address space. It bounds threads, too: each takes 2 MiB of stack.
    pub(crate) memory: u64,
    /// Bytes of the largest file.
    pub(crate) file: u64,
    /// CPU seconds, all threads together.
    pub(crate) cpu: u64,
    /// Open files.
    pub(crate) files: u64,
}

const MIB: u64 = 1 << 20;

impl Limits {
    /// For a run of the compiler: an exercise needs some 200 MB of memory and a test program of 10 MB.
    pub(crate) fn compiler(seconds: u64) -> Self {
        Self { memory: 4096 * MIB, file: 256 * MIB, cpu: 4 * seconds, files: 1024 }
    }

    /// For a hidden test: ten thousand tasks need 20 MB, and eight worker threads reserve 600 MB of address space.
    pub(crate) fn test(seconds: u64) -> Self {
        Self { memory: 2048 * MIB, file: 64 * MIB, cpu: 4 * seconds + 1, files: 256 }
    }
}

/// Why there is no confinement: each wall that the machine cannot build, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfinable(pub Vec<String>);

impl Confinement {
    /// Asks `helper`, which is this program, to build every wall once.
    ///
    /// # Errors
    /// The walls that this machine cannot build.
    pub async fn probe(helper: PathBuf) -> Result<Self, Unconfinable> {
        let folder = std::env::temp_dir();
        let walls = Walls {
            read: Vec::new(),
            write: Vec::new(),
            execute: vec![helper.clone()],
            loopback: true,
            children: false,
            limits: Limits::compiler(60),
        };
        let mut confinement = Self { helper, protections: Vec::new() };
        let spec = Spec {
            cwd: folder,
            limit: std::time::Duration::from_secs(30),
            ..confinement.spec(&walls, Vec::new())
        };
        let (mut answer, mut complaint) = (Vec::new(), Vec::new());
        let outcome = super::process::run(spec, &mut |stream, bytes| match stream {
            super::process::Stream::Out => answer.extend_from_slice(bytes),
            super::process::Stream::Err => complaint.extend_from_slice(bytes),
        })
        .await
        .map_err(|error| Unconfinable(vec![format!("failed to {error}")]))?;
        let lines =
            |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
        if outcome.end != super::process::Ended::Exited(0) {
            return Err(Unconfinable(lines(&complaint)));
        }
        confinement.protections = lines(&answer);
        Ok(confinement)
    }

    /// The same order, carried out behind walls.
    pub(crate) fn enclose(&self, walls: &Walls, spec: Spec) -> Spec {
        let Spec { program, args, env, cwd, stdin, merged, limit, explain_hang, turn, priority } = spec;
        let mut command = vec![program];
        command.extend(args);
        let enclosed = self.spec(walls, command);
        Spec { env, cwd, stdin, merged, limit, explain_hang, turn, priority, ..enclosed }
    }

    fn spec(&self, walls: &Walls, command: Vec<OsString>) -> Spec {
        let walls = serde_json::to_string(walls).expect("paths that cargo and this program made are UTF-8");
        let mut args = vec![OsString::from(WORD), walls.into()];
        args.extend(command);
        Spec { program: self.helper.clone().into(), args, ..Spec::default() }
    }
}

/// What every program needs to start and to know the time: its loader, shared libraries, and harmless devices.
pub(crate) fn system_libraries() -> Vec<PathBuf> {
    existing(&[
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/etc/localtime",
        "/usr/share/zoneinfo",
        "/etc/hosts",
        "/etc/host.conf",
        "/etc/nsswitch.conf",
        "/dev/null",
        "/dev/urandom",
    ])
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
