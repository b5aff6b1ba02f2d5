//! Whether walls can be built around a process at all. They are made of parts of Linux; see `grader::confine`.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::IMPOSSIBLE;
#[cfg(target_os = "linux")]
pub(crate) use linux::IMPOSSIBLE;
