//! Walls around other people's code: what a child may read, write and execute, whom it may talk to, and how much of
//! the machine it may take.
//!
//! A child is started through this program itself, in three processes. The second and third are forks of the first,
//! which has one thread, so nothing here needs `unsafe`. The first stands ready before it is needed (`stand_by`), and is
//! told what for (`message`):
//!
//! ```text
//! grader ── outside ─┬─ first    process 1 of the namespaces: waits for the end of `outside`, and its end ends all
//!                    └─ inside   builds the walls that enclose one process, then becomes the child
//! ```
//!
//! `outside` makes namespaces of their own (`namespaces`), then waits for its order. It makes a root folder (`root`), lets
//! `inside` go on when that is ready, and ends as the child ended. `inside` adds Landlock, limits and a filter of system
//! calls to that: a second wall behind the first. `probe` attacks the finished walls before anything else runs behind them.

mod bait;
mod confinement;
#[cfg(target_os = "linux")]
mod inside;
#[cfg(target_os = "linux")]
mod landlock;
mod message;
#[cfg(target_os = "linux")]
mod namespaces;
mod order;
#[cfg(target_os = "linux")]
mod outside;
mod part;
#[cfg(target_os = "linux")]
mod probe;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod seccomp;
mod stand_by;
#[cfg(target_os = "linux")]
mod system_calls;

pub use confinement::{Confinement, Unconfinable};
pub use order::WORD;
pub use part::become_child;

pub(super) use confinement::{loaders, system_libraries, system_programs};
pub(super) use order::{Limits, Walls};
