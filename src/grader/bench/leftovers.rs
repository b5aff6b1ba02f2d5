//! Files that hidden tests leave behind.

use std::collections::BTreeSet;
use std::sync::Mutex;

/// Files that hidden tests did not clear away.
pub(in crate::grader) type Leftovers = Mutex<BTreeSet<Leftover>>;

/// A file that was still in the folder of a hidden test when its process had ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leftover {
    /// The exercise's name.
    pub exercise: String,
    /// The hidden test.
    pub test: String,
    /// The file's or folder's name.
    pub name: String,
}
