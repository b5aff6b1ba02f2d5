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
//! `inside` go on when that is ready, and ends as the child ended. `inside` adds Landlock and limits to that, waits for
//! its command, and adds a filter of system calls: a second wall behind the first. `probe` attacks the finished walls before
//! anything else runs behind them.
//!
//! Other systems have none of the parts (`elsewhere`): there is nothing to build walls of, and whoever wants them is told so.

#[cfg(target_os = "linux")]
mod bait;
#[cfg(target_os = "linux")]
mod confinement;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod inside;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod message;
#[cfg(target_os = "linux")]
mod namespaces;
#[cfg(target_os = "linux")]
mod order;
#[cfg(target_os = "linux")]
mod outside;
mod part;
mod places;
#[cfg(target_os = "linux")]
mod probe;
mod rights;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(target_os = "linux")]
mod stand_by;
#[cfg(target_os = "linux")]
mod system_calls;
mod unconfinable;
mod word;

#[cfg(target_os = "linux")]
pub use confinement::Confinement;
#[cfg(target_os = "linux")]
pub(super) use confinement::Enclosure;
#[cfg(not(target_os = "linux"))]
pub use elsewhere::Confinement;
#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::Enclosure;
pub use part::become_child;
pub use unconfinable::Unconfinable;
pub use word::WORD;

pub(super) use places::{loaders, system_libraries, system_programs};
pub(super) use rights::{Limits, Walls};
