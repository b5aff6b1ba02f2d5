//! A refusal, for the tests of this folder.

use crate::verdict::{Kind, Status, Verdict, sample_test, sample_verdict};

/// One whose hidden tests ended like that, each with its name and its message.
pub(super) fn failed(messages: &[(&str, Status, &str)]) -> Verdict {
    let tests = messages.iter().map(|(name, status, message)| sample_test(name, *status, message));
    sample_verdict("one", Kind::Failed, tests.collect())
}
