//! Nobody is asked: there are no walls here, and so nobody else's code to guard against.

/// The threads of this machine that run or want to; `None` where a crowd is no matter.
pub(crate) fn wanting_to_run() -> Option<usize> {
    None
}
