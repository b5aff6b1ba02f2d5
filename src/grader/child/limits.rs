//! The limits of this process.

/// Many gradings side by side need this many open files, and some.
#[cfg(unix)]
const OPEN_FILES: u64 = 4096;

/// Allows this process as many open files as it may need, where the system lets it. Shells often allow few, and leave room
/// to allow more.
pub fn raise_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.map_or(OPEN_FILES, |maximum| maximum.min(OPEN_FILES));
        if current.is_some_and(|current| current < wanted) {
            // Where it is refused, whatever needs the files says so.
            let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        }
    }
}
