//! The only part that runs compilers and learners' code: dependencies once through cargo, then `rustc` called
//! directly, then one process per hidden test. It gathers evidence; `verdict::judge` decides.

mod activity;
mod bench;
mod child;
mod compile;
mod grader;
mod grading;
mod machine;
mod play;
mod run;
mod store;
mod toolchain;
pub mod walls;

pub use activity::{Activity, Watcher};
pub use bench::draws::{Draws, Seed, SeedError};
pub use bench::leftovers::Leftover;
pub use bench::lost::LostPanic;
pub use bench::options::Options;
pub use child::attend::Ask;
pub use child::limits::raise_open_files;
pub use child::orphans::adopt_orphans;
pub use grader::Grader;
pub use grading::source::Source;
pub use play::{Played, Told};
pub use store::home::{Home, HomeError};
