//! What programs need to find their libraries and their linker.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
mod names;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::SHARED;
#[cfg(target_os = "linux")]
pub(crate) use linux::SHARED;
pub(crate) use names::executable;
#[cfg(unix)]
pub(crate) use unix::{
    COMPILER, PROGRAM, SEARCHED, c_libraries, find_libraries, is_named, keep_temporary_files_in,
    look_for_libraries,
};
#[cfg(windows)]
pub(crate) use windows::{
    COMPILER, PROGRAM, SEARCHED, c_libraries, find_libraries, is_named, keep_temporary_files_in,
    look_for_libraries,
};
