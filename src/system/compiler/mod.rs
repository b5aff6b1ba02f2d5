//! What programs need to find their libraries and their linker.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::SHARED;
#[cfg(target_os = "linux")]
pub(crate) use linux::SHARED;
#[cfg(unix)]
pub(crate) use unix::{
    COMPILER, PROGRAM, SEARCHED, find_libraries, is_named, keep_temporary_files_in, look_for_libraries,
};
#[cfg(windows)]
pub(crate) use windows::{
    COMPILER, PROGRAM, SEARCHED, find_libraries, is_named, keep_temporary_files_in, look_for_libraries,
};

/// What the file of a program is called.
pub(crate) fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
