//! From a text to evidence: one submission, many in fewer compiles, one beside others; and verdicts that are known.

pub(super) mod alone;
pub(super) mod batch;
pub(super) mod build;
pub(super) mod cache;
pub(super) mod crowd;
pub(super) mod deal;
pub(super) mod source;
mod trial;
