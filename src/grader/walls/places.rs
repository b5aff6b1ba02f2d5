//! Where systems keep what every program needs.

use std::path::{Path, PathBuf};

/// What every program needs to start: its loader and shared libraries.
pub(crate) fn system_libraries() -> Vec<PathBuf> {
    existing(&["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/ld.so.preload"])
}

/// What a compiler needs besides: the linker and its parts.
pub(crate) fn system_programs() -> Vec<PathBuf> {
    existing(&[
        "/bin",
        "/usr/bin",
        "/usr/local/bin",
        "/usr/libexec",
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/nix/store",
        "/etc/alternatives",
    ])
}

/// The dynamic loader, which the kernel executes on a program's behalf.
pub(crate) fn loaders() -> Vec<PathBuf> {
    existing(&[
        "/lib64/ld-linux-x86-64.so.2",
        "/lib/ld-linux-aarch64.so.1",
        "/lib/ld-linux-riscv64-lp64d.so.1",
        "/lib/ld-musl-x86_64.so.1",
        "/lib/ld-musl-aarch64.so.1",
    ])
}

fn existing(paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(Path::new).filter(|path| path.exists()).map(Path::to_owned).collect()
}
