//! What the system allows this program, and what to type when that is too little.

mod lack;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(target_os = "linux"))]
mod elsewhere;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{forbids_execution, watching};
pub(crate) use lack::Lack;
#[cfg(target_os = "linux")]
pub(crate) use linux::{forbids_execution, watching};
#[cfg(unix)]
pub(crate) use unix::{
    NO_LINKER, NO_MEMORY, NO_PROCESS, more_memory, more_processes, raise_open_files, tight_limit,
};
#[cfg(windows)]
pub(crate) use windows::{
    NO_LINKER, NO_MEMORY, NO_PROCESS, more_memory, more_processes, raise_open_files, tight_limit,
};
