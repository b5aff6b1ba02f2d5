//! What the grader keeps on the disk: its home with the build folders, and folders that go with a process.

pub(super) mod files;
pub(super) mod home;
pub(super) mod scratch;
