//! A whole cohort: who is where, re-graded from source, as one table.
//!
//! [`Roster`] says who belongs to it; [`scan`] reads what lies in their folders; [`grade`] grades each distinct text once,
//! with a [`Journal`] that outlives a kill; [`merge`] joins the shares of several machines. What comes out is a
//! [`Cohort`], a value; each format is a function of it.

mod csv;
mod edition;
mod error;
mod graded;
mod help;
mod journal;
mod merge;
mod model;
mod order;
mod page;
mod partition;
mod roster;
mod run;
mod scan;
mod since;
mod summary;
mod trouble;
mod wire;

#[cfg(test)]
mod sample;

pub use csv::write_csv;
pub use edition::edition;
pub use error::Error;
pub use help::{Help, Reason, help};
pub use journal::{Header, Journal, Opened};
pub use merge::{Part, merge};
pub use model::{Cell, Claim, Cohort, Column, Found, Graded, Learner, Run, Said, Share, Standing, Tested};
pub use page::write_page;
pub use partition::{Costs, Partition, costs};
pub use roster::{Place, Roster};
pub use run::{Grading, columns, grade};
pub use scan::{Scanned, Text, scan};
pub use since::{Change, Since, comparable, since};
pub use summary::summary;
pub use trouble::{Day, Trouble, timeline, trouble};
pub use wire::read::read_json;
pub use wire::{SCHEMA, write_json};
