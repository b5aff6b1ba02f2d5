//! The learner's folder: how it is found and set up, what is remembered in it, and how its files are read and put
//! back.
//!
//! Two promises hold everywhere in here: a file that the learner may have touched is never overwritten without a
//! copy, and at every moment, power cuts included, the disk holds a progress file that can be read.
//!
//! Everything blocks, for a few milliseconds at most (`fsync`, and the wait for another `tokiolings` to finish its
//! own update): from a runtime thread that has other work, call it through `spawn_blocking`.

mod cargo_config;
mod cargo_lock;
mod cargo_parent;
mod cargo_toml;
mod disk;
mod editors;
mod error;
mod files;
mod find;
mod given;
mod origin;
mod progress;
mod renamed;
mod review;
mod setup;
mod stamp;
mod store;
mod wire;

#[cfg(test)]
mod fixture;

pub use crate::system::folder::{Folder, Refusal};
pub use cargo_toml::Pointed;
pub use editors::EditorSettings;
pub use error::Error;
pub use files::Reset;
pub use find::Workspace;
pub use given::News;
pub use origin::Origin;
pub use progress::{Answered, Counts, Mark, Progress, Record, State, hash_of, hidden_hash};
pub use review::Reviews;
pub use setup::Setup;
pub use stamp::rfc3339;
pub use store::{Loaded, Store, Updated};
