//! What there is to learn: the workbook, its chapters, and their steps.
//!
//! A workbook is read whole, once, into plain values: nothing behind this module touches the disk again. Every
//! fault of its files is reported at once, each with its file and line ([`Faults`]).

mod anchor;
mod answers;
mod builtin;
mod dependencies;
mod equivalent;
mod fault;
mod files;
mod hidden;
mod implementation;
mod items;
mod learners;
mod manifest;
mod names;
mod prediction;
mod quiz;
mod read;
mod refusal;
mod step;
mod strays;
mod walk;
mod workbook;

#[cfg(test)]
mod sample;

pub use anchor::anchor_of;
pub use answers::{Answer, Expectation, answers, readable_answers};
pub use dependencies::{Dependencies, Dependency};
pub use equivalent::{Equivalent, equivalents};
pub use fault::{Fault, Faults};
pub use hidden::{HiddenTest, HiddenTests};
pub use implementation::{Implementation, TESTS};
pub use learners::{FileCopy, LearnersTests};
pub use names::{is_chapter_id, is_snake_case};
pub use refusal::{REFUSED, Refusal};
#[cfg(test)]
pub(crate) use sample::{
    sample_exercise, sample_exercise_with, sample_prediction, sample_quiz, sample_workbook,
};
pub use workbook::{
    Chapter, Choice, DEFAULT_CPU, DEFAULT_LIMIT, Exercise, Fails, MAX_SOURCE, Prediction, Quiz, Step,
    Workbook,
};
