//! The session: a learner edits, every save is graded, keys do the rest.
//!
//! [`Session`] decides and does nothing: events come in, effects go out. `run::drive` is the one loop that
//! performs effects and waits for events. What it acts on stands behind small traits (`outside::World` and its like),
//! so that the loop is tested without a terminal, a compiler or a clock.

mod back;
mod editor;
mod ending;
mod event;
mod files;
mod input;
mod keys;
mod lines;
mod once;
mod outside;
mod paper;
mod run;
#[cfg(test)]
mod sample;
mod session;
mod shown;
mod terminal;
mod world;

pub use editor::{Editor, Editors};
pub use event::{Change, Effect, Event, Graded, Key, Occasion, RunId, Signal};
pub use once::once;
pub use run::{Error, Options, run};
pub use session::{Session, Settings};
pub use shown::{badge, due, heading_of, onward, program_to_run, quiz_of, rows_of};
pub use terminal::{Place, place};
