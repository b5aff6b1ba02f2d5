//! What a check is asked for: how often, and who is told.

use crate::grader::Watcher;

/// How often texts are graded with every core kept busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// The solution and each right answer.
    pub accepted: usize,
    /// The starter and each wrong answer; 0 leaves it at once alone and once side by side with others.
    pub refused: usize,
}

/// Is told how a check goes on.
pub struct Hear<'a> {
    /// What a grading is doing.
    pub activity: Watcher<'a>,
    /// One more of [`Plan::work`](super::Plan::work) is done, for the exercise of that name.
    pub done: &'a dyn Fn(&str),
}
