//! Nothing is limited but by what there is.

/// What to do where rustc finds no linker.
pub(crate) const NO_LINKER: &str = "install what Rust links with: the Build Tools for Visual Studio with \"Desktop development with C++\" \
     (https://visualstudio.microsoft.com/downloads), or `rustup default stable-gnu`, which brings its own linker";

/// Words for a want of memory.
pub(crate) const NO_MEMORY: &[&str] =
    &["memory allocation of", "out of memory", "os error 8)", "os error 14)", "os error 1455"];
/// Words for a want of processes.
pub(crate) const NO_PROCESS: &[&str] = &["failed to spawn"];

/// What to do about a want of memory.
pub(crate) fn more_memory() -> String {
    "free some memory or close other programs, then try again".to_owned()
}

/// What to do about a want of processes.
pub(crate) fn more_processes() -> String {
    "close other programs, then try again: the system has no room for another process".to_owned()
}

/// The remedy for a limit that is too low for any compiler, whatever was complained about: there are none.
pub(crate) fn tight_limit() -> Option<String> {
    None
}

/// Open files are not limited.
pub(crate) fn raise_open_files() {}
