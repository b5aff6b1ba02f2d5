//! Resource limits.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What to do where rustc finds no linker.
pub(crate) const NO_LINKER: &str = "install a C compiler, which Rust links with: `apt install gcc`, `dnf install gcc`, or `xcode-select --install`";

/// Many gradings side by side need this many open files, and some.
const OPEN_FILES: u64 = 4096;

/// Allows this process as many open files as it may need, where the system lets it. Shells often allow few, and leave room
/// to allow more.
pub(crate) fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(OPEN_FILES, |maximum| maximum.min(OPEN_FILES));
    if current.is_some_and(|current| current < wanted) {
        // Where it is refused, whatever needs the files says so.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
}

/// Words for a want of memory.
pub(crate) const NO_MEMORY: &[&str] = &[
    "Cannot allocate memory",
    "cannot allocate memory",
    "os error 12",
    "memory allocation of",
    "out of memory",
    "metadata stub",
];
/// Words for a want of processes.
pub(crate) const NO_PROCESS: &[&str] =
    &["Resource temporarily unavailable", "os error 11", "failed to spawn", "could not fork"];

/// A compiler and a linker need less; below that, a limit is the likeliest cause.
const ENOUGH_MEMORY: u64 = 2 << 30;
const ENOUGH_PROCESSES: u64 = 256;

/// What to do about a want of memory.
pub(crate) fn more_memory() -> String {
    match getrlimit(Resource::As).current {
        Some(bytes) => format!(
            "this shell allows a process {} MiB of address space, but the compiler needs more: `ulimit -v \
             unlimited`, or start a new shell",
            bytes >> 20
        ),
        None => "free some memory or close other programs, then try again".to_owned(),
    }
}

/// What to do about a want of processes.
pub(crate) fn more_processes() -> String {
    let limit = getrlimit(Resource::Nproc);
    match limit.current {
        Some(count) => {
            let most = limit.maximum.map_or_else(|| "unlimited".to_owned(), |most| most.to_string());
            format!(
                "this shell allows you {count} processes and threads, and all are in use: `ulimit -u {most}`, a new shell, or \
                 fewer other programs"
            )
        }
        None => "close other programs, then try again: the system has no room for another process".to_owned(),
    }
}

/// The remedy for a limit that is too low for any compiler, whatever was complained about.
pub(crate) fn tight_limit() -> Option<String> {
    let below = |resource, enough| getrlimit(resource).current.is_some_and(|limit| limit < enough);
    if below(Resource::As, ENOUGH_MEMORY) {
        Some(more_memory())
    } else if below(Resource::Nproc, ENOUGH_PROCESSES) {
        Some(more_processes())
    } else {
        None
    }
}
