//! The limits of this process.

/// Allows this process as many open files as it may need, where the system lets it. Shells often allow few, and leave room
/// to allow more.
pub fn raise_open_files() {
    crate::system::limits::raise_open_files();
}
