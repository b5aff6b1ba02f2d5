//! No other system tells what each thread costs without `unsafe`.

use crate::effort::Effort;

/// Does nothing: on Windows the grader's job object sees to it, and elsewhere a test that hangs outlives a grader that is killed.
pub(crate) fn end_with_the_grader() {}

/// How often the calling thread was given a page of memory that it touched for the first time; nobody tells.
pub(crate) fn fresh_pages() -> Option<u64> {
    None
}

/// What the process has done; nobody tells.
pub(crate) fn process() -> Option<Effort> {
    None
}

/// What the calling thread has done; nobody tells.
pub(crate) fn thread() -> Option<Effort> {
    None
}
