//! What a child behind walls may do, and how much of the machine it may take.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What one child may do. Paths are absolute; inside they are the same as outside, and no other path exists there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Walls {
    /// The folder that it starts in.
    pub(crate) folder: PathBuf,
    /// Files and folders that it may read.
    pub(crate) read: Vec<PathBuf>,
    /// Folders of the machine in which it may do anything; execute only where they are among `execute` as well.
    pub(crate) write: Vec<PathBuf>,
    /// Files and folders that it may read and execute.
    pub(crate) execute: Vec<PathBuf>,
    /// An empty folder of its own, held in memory and gone with it: it may do anything there but execute.
    pub(crate) scratch: PathBuf,
    /// Links that exist inside alone, with what they point to.
    pub(crate) links: Vec<(PathBuf, PathBuf)>,
    /// Small files of which it sees a copy: those of the kernel, whose file system is not shown.
    pub(crate) copies: Vec<PathBuf>,
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

    /// For cargo and all that it starts to build what exercises use: some crates make programs of a gigabyte of memory out of
    /// rustc, and each of a dozen at once has threads of its own.
    pub(crate) fn build(seconds: u64) -> Self {
        Self {
            memory: 8192 * MIB,
            scratch: 512 * MIB,
            file: 1024 * MIB,
            cpu: 4 * seconds,
            files: 4096,
            threads: 4096,
        }
    }

    /// For a hidden test that may use so many CPU seconds: ten thousand tasks need 20 MB, and eight worker threads reserve 600 MB of address space. Tokio
    /// starts at most 512 threads for what blocks.
    pub(crate) fn test(cpu: u64) -> Self {
        Self { memory: 2048 * MIB, scratch: 64 * MIB, file: 64 * MIB, cpu, files: 256, threads: 640 }
    }
}
