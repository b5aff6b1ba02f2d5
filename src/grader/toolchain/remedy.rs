//! What a program complained about → what the machine lacks, and what to type.

use std::path::Path;

use crate::grader::store::home::HOME_VARIABLE;
use crate::system::limits as system;

/// A cause, by the words that programs have for it.
struct Cause {
    words: &'static [&'static str],
    remedy: fn(&Path) -> String,
}

const CAUSES: &[Cause] = &[
    Cause { words: &["linker `", "linker not found"], remedy: |_| system::NO_LINKER.to_owned() },
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
        // On Windows no program starts in a folder whose path takes 260 characters, and it has two words for that.
        words: &["File name too long", "os error 206", "os error 267"],
        remedy: |folder| {
            format!("set {HOME_VARIABLE} to a folder with a shorter path than {}", folder.display())
        },
    },
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
            "programs cannot be run from {} (its file system is mounted `noexec`): set {HOME_VARIABLE} to a folder \
             elsewhere",
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
        "try again; if the problem stays, delete {}, and if that does not help, reinstall Rust: `rustup toolchain \
         install stable --force`",
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_known_by_its_words() {
        let folder = Path::new("home");
        let cases = [
            ("error: linker `cc` not found", system::NO_LINKER),
            (
                "error: failed to write: No space left on device (os error 28)",
                "free some space on the disk of home",
            ),
            ("failed to open: Too many open files (os error 24)", "ulimit -n"),
            ("error: failed to create directory: Read-only file system", "writable"),
            (
                "start \"rustc\": The directory name is invalid. (os error 267)",
                "set TOKIOLINGS_HOME to a folder with a shorter path than home",
            ),
        ];
        // Each system has its own words for a want of memory, and of processes.
        let wants = if cfg!(windows) {
            [
                ("memory allocation of 4096 bytes failed", "memory"),
                ("failed to spawn helper thread", "process"),
            ]
        } else {
            [
                ("only metadata stub found for `rlib` dependency `core`", "memory"),
                ("fork: Resource temporarily unavailable", "process"),
            ]
        };
        for (complaint, words) in cases.into_iter().chain(wants) {
            let remedy = remedy(complaint, folder).unwrap_or_else(|| panic!("{complaint}"));
            assert!(remedy.contains(words), "{complaint}: {remedy}");
        }
        assert_eq!(remedy("error: it is Monday", folder), None);
    }
}
