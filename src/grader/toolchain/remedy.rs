//! What a program complained about → what the machine lacks, and what to type.

use std::path::Path;

use crate::grader::store::home::HOME_VARIABLE;

/// A cause, by the words that programs have for it.
struct Cause {
    words: &'static [&'static str],
    remedy: fn(&Path) -> String,
}

const CAUSES: &[Cause] = &[
    Cause {
        words: &["linker `", "linker not found"],
        remedy: |_| {
            "install a C compiler, which Rust links with: `apt install gcc`, `dnf install gcc`, or `xcode-select --install`"
                .to_owned()
        },
    },
    Cause {
        words: &["No space left on device", "Disk quota exceeded", "os error 28", "os error 122"],
        remedy: |folder| format!("free some space on the disk of {}", folder.display()),
    },
    Cause {
        words: &["Too many open files", "os error 24", "os error 23"],
        remedy: |_| "allow more open files: `ulimit -n 4096`, then try again".to_owned(),
    },
    Cause { words: system::NO_MEMORY, remedy: |_| system::more_memory() },
    Cause { words: system::NO_PROCESS, remedy: |_| system::more_processes() },
    Cause {
        words: &["Read-only file system", "Permission denied", "not writeable"],
        remedy: |folder| {
            format!("make {} writable, or set {HOME_VARIABLE} to a folder that is", folder.display())
        },
    },
];

/// What to do about a complaint, where its words tell what is missing; `folder` is where the work is done.
pub(in crate::grader) fn remedy(complaint: &str, folder: &Path) -> Option<String> {
    let about_crates = ["can't find crate", "extern location", "failed to map segment", "shared object"];
    if system::forbids_execution(folder) && about_crates.iter().any(|words| complaint.contains(words)) {
        return Some(format!(
            "no program may be run from {} (its file system is mounted `noexec`): set {HOME_VARIABLE} to a folder elsewhere",
            folder.display()
        ));
    }
    let named = |cause: &&Cause| cause.words.iter().any(|words| complaint.contains(words));
    CAUSES.iter().find(named).map(|cause| (cause.remedy)(folder))
}

/// What to do where a compiler fails that has no reason to, where a complaint or a limit tells.
pub(in crate::grader) fn for_the_compiler(complaint: &str, folder: &Path) -> Option<String> {
    remedy(complaint, folder).or_else(system::tight_limit)
}

/// What to do where nothing tells what is missing.
pub(in crate::grader) fn last_resort(folder: &Path) -> String {
    format!(
        "try again; if it stays, delete {}, and if that does not help, reinstall Rust: `rustup toolchain install stable --force`",
        folder.display()
    )
}

#[cfg(unix)]
mod system {
    use std::path::Path;

    use rustix::fs::StatVfsMountFlags;
    use rustix::process::{Resource, getrlimit};

    pub(in crate::grader) const NO_MEMORY: &[&str] = &[
        "Cannot allocate memory",
        "cannot allocate memory",
        "os error 12",
        "memory allocation of",
        "out of memory",
        "metadata stub",
    ];
    pub(in crate::grader) const NO_PROCESS: &[&str] =
        &["Resource temporarily unavailable", "os error 11", "failed to spawn", "could not fork"];

    /// A compiler and a linker need less; below that, a limit is the likeliest cause.
    const ENOUGH_MEMORY: u64 = 2 << 30;
    const ENOUGH_PROCESSES: u64 = 256;

    pub(in crate::grader) fn forbids_execution(folder: &Path) -> bool {
        // The nearest folder that is there.
        let there = folder.ancestors().find(|folder| folder.exists());
        there
            .and_then(|folder| rustix::fs::statvfs(folder).ok())
            .is_some_and(|system| system.f_flag.contains(StatVfsMountFlags::NOEXEC))
    }

    pub(in crate::grader) fn more_memory() -> String {
        match getrlimit(Resource::As).current {
            Some(bytes) => format!(
                "this shell allows a process {} MiB of address space, and the compiler needs more: `ulimit -v unlimited`, or \
                 start a new shell",
                bytes >> 20
            ),
            None => "free some memory or close other programs, then try again".to_owned(),
        }
    }

    pub(in crate::grader) fn more_processes() -> String {
        let limit = getrlimit(Resource::Nproc);
        match limit.current {
            Some(count) => {
                let most = limit.maximum.map_or_else(|| "unlimited".to_owned(), |most| most.to_string());
                format!(
                    "this shell allows you {count} processes and threads, and all are in use: `ulimit -u {most}`, a new shell, or \
                     fewer other programs"
                )
            }
            None => {
                "close other programs, then try again: the system has no room for another process".to_owned()
            }
        }
    }

    /// The remedy for a limit that is too low for any compiler, whatever was complained about.
    pub(in crate::grader) fn tight_limit() -> Option<String> {
        let below = |resource, enough| getrlimit(resource).current.is_some_and(|limit| limit < enough);
        if below(Resource::As, ENOUGH_MEMORY) {
            Some(more_memory())
        } else if below(Resource::Nproc, ENOUGH_PROCESSES) {
            Some(more_processes())
        } else {
            None
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::path::Path;

    pub(in crate::grader) const NO_MEMORY: &[&str] = &["memory allocation of", "out of memory"];
    pub(in crate::grader) const NO_PROCESS: &[&str] = &["failed to spawn"];

    pub(in crate::grader) fn forbids_execution(_: &Path) -> bool {
        false
    }

    pub(in crate::grader) fn more_memory() -> String {
        "free some memory or close other programs, then try again".to_owned()
    }

    pub(in crate::grader) fn more_processes() -> String {
        "close other programs, then try again: the system has no room for another process".to_owned()
    }

    pub(in crate::grader) fn tight_limit() -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_known_by_its_words() {
        let folder = Path::new("home");
        let cases = [
            ("error: linker `cc` not found", "install a C compiler"),
            (
                "error: failed to write: No space left on device (os error 28)",
                "free some space on the disk of home",
            ),
            ("failed to open: Too many open files (os error 24)", "ulimit -n"),
            ("error: failed to create directory: Read-only file system", "writable"),
            ("only metadata stub found for `rlib` dependency `core`", "memory"),
            ("fork: Resource temporarily unavailable", "process"),
        ];
        for (complaint, words) in cases {
            let remedy = remedy(complaint, folder).unwrap_or_else(|| panic!("{complaint}"));
            assert!(remedy.contains(words), "{complaint}: {remedy}");
        }
        assert_eq!(remedy("error: it is Monday", folder), None);
    }
}
