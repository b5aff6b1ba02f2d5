//! `author check`: everything that an exercise must hold up to before a learner meets it, all faults in one run.
//!
//! First what the files show (format, hints, links, what is still to be written), then what only a grading shows. A
//! fault of one exercise does not keep the others from being graded.

mod finding;
mod graded;
mod grading;
mod hermetic;
mod hints;
mod links;
mod load;
mod order;
mod places;
mod plan;
mod predicted;
mod refusing;
mod repeated;
mod replies;
mod report;
mod subject;
mod texts;
mod times;

pub use finding::{Finding, Rule};
pub use graded::Graders;
pub use order::{Hear, Times};
pub use plan::{NoExercise, Plan};
pub use report::Report;
pub use times::Slowest;
