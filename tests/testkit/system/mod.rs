//! What differs from one operating system to the next: the channel to the grader, and what threads cost.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Thread, end_with_the_grader, fresh_pages, held, process, thread};
#[cfg(target_os = "linux")]
pub(crate) use linux::{Thread, end_with_the_grader, fresh_pages, held, process, thread};
#[cfg(unix)]
pub(crate) use unix::Channel;
#[cfg(windows)]
pub(crate) use windows::Channel;
