//! What a grading found: evidence is judged into a verdict, by a pure function.

mod coach;
mod diagnostic;
mod evidence;
mod judge;
mod omission;
mod plain;
mod timeline;
mod verdict;
pub mod wire;

#[cfg(test)]
mod sample;

pub use coach::{PanicWords, explain, explain_panic};
pub use diagnostic::{Diagnostic, Level, Place};
pub use evidence::{Attempt, Broken, CompileEnd, Compiled, End, Evidence, Hang, HangKind, Report, Run};
pub use judge::judge;
pub use omission::Omission;
pub use plain::sanitize;
#[cfg(test)]
pub(crate) use sample::{sample_test, sample_verdict};
pub use timeline::{Moment, Timeline, What};
pub(crate) use verdict::seconds;
pub use verdict::{Kind, Seconds, Status, TestResult, Verdict};
