//! What the threads of a family do. Linux tells of each thread whether it runs, and how long it did; others tell the CPU time of each
//! process, in steps of up to 16 ms.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
mod sample;

#[cfg(windows)]
pub(crate) use elsewhere::end;
#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::look;
#[cfg(target_os = "linux")]
pub(crate) use linux::look;
pub(crate) use sample::{Sample, Stillness};
