//! Processes that left their family, and whose parent has ended. On Linux this process can adopt them; on Windows nothing leaves a
//! family; elsewhere nobody can say whose they were.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{adopt, children, end};
#[cfg(target_os = "linux")]
pub(crate) use linux::{adopt, children, end};
