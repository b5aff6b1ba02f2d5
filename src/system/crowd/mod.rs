//! How many threads want the cores, where the system shares those among threads.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::wanting_to_run;
#[cfg(target_os = "linux")]
pub(crate) use linux::wanting_to_run;
