//! What a grading is doing, told as it does it.

use crate::verdict::Diagnostic;

/// What a grading is doing, as it does it.
#[derive(Debug, Clone, PartialEq)]
pub enum Activity {
    /// Cargo is building what exercises may use: how many crates are done, and the latest.
    Preparing {
        /// Crates built so far.
        built: usize,
        /// The latest of them.
        crate_name: String,
    },
    /// The compiler is at work on the submission.
    Compiling,
    /// What the compiler said about the submission; the tests follow.
    Diagnosed(Vec<Diagnostic>),
    /// Hidden tests are running.
    Testing {
        /// Tests that ended.
        done: usize,
        /// All of them.
        total: usize,
    },
}

/// Is told what a grading is doing.
pub type Watcher<'a> = &'a (dyn Fn(Activity) + Send + Sync);
