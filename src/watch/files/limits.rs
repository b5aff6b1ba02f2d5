//! Why the system does not tell of saves, with the limit that was reached and the command that raises it.

use std::fs;

use notify::{Error, ErrorKind};

use crate::system::limits::{Lack, watching};

/// A limit of the kernel on what one account may watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit {
    /// What there are no more of.
    what: &'static str,
    /// Its name below `fs.inotify`.
    name: &'static str,
    /// What distributions set that have met the limit.
    ample: u64,
}

/// One a folder.
const WATCHES: Limit = Limit { what: "file watches", name: "max_user_watches", ample: 524_288 };
/// One a program.
const INSTANCES: Limit = Limit { what: "inotify instances", name: "max_user_instances", ample: 1024 };

/// What to tell the learner, who has saves noticed twice a second from now on.
pub(super) fn words(error: &Error) -> String {
    // Where this program itself may open no more files, the same error means that.
    words_for(
        error,
        || fs::File::open("/").is_ok(),
        |limit| fs::read_to_string(format!("/proc/sys/fs/inotify/{}", limit.name)).ok()?.trim().parse().ok(),
    )
}

fn words_for(
    error: &Error,
    may_open_files: impl Fn() -> bool,
    value: impl Fn(Limit) -> Option<u64>,
) -> String {
    const INSTEAD: &str = "Instead, tokiolings checks for saves twice a second, as with --poll.";
    let lack = match &error.kind {
        ErrorKind::MaxFilesWatch => Some(Lack::Watches),
        ErrorKind::Io(error) => watching(error),
        _ => None,
    };
    let limit = match lack {
        Some(Lack::Watches) => WATCHES,
        Some(Lack::Files) if may_open_files() => INSTANCES,
        Some(Lack::Files) => {
            return format!("This program cannot open more files (`ulimit -n`). {INSTEAD}");
        }
        _ => return format!("This file system does not report saves ({error}). {INSTEAD}"),
    };
    let Limit { what, name, ample } = limit;
    let (known, more) = match value(limit) {
        Some(now) => (format!(" = {now}"), ample.max(now.saturating_mul(2))),
        None => (String::new(), ample),
    };
    format!(
        "Your account has no {what} left (fs.inotify.{name}{known}): other programs use them all. {INSTEAD} To allow more: \
         `sudo sysctl fs.inotify.{name}={more}`, then start tokiolings again."
    )
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn each_limit_is_named_with_the_command_that_raises_it() {
        use rustix::io::Errno;

        let io = |code: Errno| Error::io(io::Error::from_raw_os_error(code.raw_os_error()));
        let told = |error: &Error, may_open, now| words_for(error, || may_open, |_| now);
        for error in [Error::new(ErrorKind::MaxFilesWatch), io(Errno::NOSPC)] {
            let text = told(&error, true, Some(8192));
            assert!(text.contains("no file watches left (fs.inotify.max_user_watches = 8192)"), "{text}");
            assert!(text.contains("`sudo sysctl fs.inotify.max_user_watches=524288`"), "{text}");
        }
        let text = told(&io(Errno::MFILE), true, Some(2000));
        assert!(text.contains("no inotify instances left (fs.inotify.max_user_instances = 2000)"), "{text}");
        assert!(text.contains("`sudo sysctl fs.inotify.max_user_instances=4000`"), "{text}");
        let text = told(&io(Errno::MFILE), true, None);
        assert!(text.contains("max_user_instances)") && text.contains("=1024`"), "{text}");
        let text = told(&io(Errno::MFILE), false, None);
        assert!(text.contains("ulimit -n") && !text.contains("inotify"), "{text}");
    }

    #[test]
    fn where_saves_are_not_reported_they_are_looked_for() {
        let error = Error::io(io::ErrorKind::Unsupported.into());
        let text = words_for(&error, || true, |_| None);
        assert!(text.contains("does not report saves") && text.contains("--poll"), "{text}");
    }
}
