//! What lies where in a build folder.

/// Below a build folder: where a submission is compiled, where hidden tests are, and those of them that must not compile.
pub(in crate::grader) const SUBMISSION: &str = "submission";
pub(in crate::grader) const HIDDEN: &str = "hidden";
pub(in crate::grader) const REFUSABLE: &str = "refusable";
/// Where the program of hidden tests is put when it is whole: nothing else is ever there.
pub(in crate::grader) const TESTS: &str = "tests";
/// What is written there.
pub(in crate::grader) const LIBRARY: &str = "libexercise.rlib";
pub(in crate::grader) const PROGRAM: &str = "program";
pub(in crate::grader) const HIDDEN_PROGRAM: &str = "hidden_tests";
pub(in crate::grader) const METADATA: &str = "librefusable.rmeta";

/// The name that the hidden tests' source has in every grading; it never reaches a learner.
pub(in crate::grader) const HIDDEN_FILE: &str = "hidden_tests.rs";
