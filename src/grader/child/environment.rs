//! What children see of the environment: as little as they need, so that a verdict does not depend on a shell.

use std::ffi::OsString;
use std::path::Path;

use crate::system::compiler::{COMPILER, PROGRAM, is_named, keep_temporary_files_in};

/// Settings of this process or of its parent cargo that would change what cargo builds.
const NOT_FOR_CARGO: &[&str] = &[
    "CARGO",
    "CARGO_BUILD_",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_HOME",
    "CARGO_INCREMENTAL",
    "CARGO_MANIFEST",
    "CARGO_PKG_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "RUSTC",
    "RUSTFLAGS",
    "RUSTDOC",
    "RUST_BACKTRACE",
    "RUST_LOG",
];

/// For `rustc`.
pub(crate) fn compiler() -> Vec<(OsString, OsString)> {
    kept(COMPILER).collect()
}

/// For `cargo`: the user's, which holds their proxies and registries, less what would change the build. Its home is ours:
/// see `toolchain::cargo_home`.
pub(crate) fn cargo() -> Vec<(OsString, OsString)> {
    std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_none_or(for_cargo))
        .chain([(OsString::from("RUSTFLAGS"), OsString::new())])
        .collect()
}

fn for_cargo(name: &str) -> bool {
    !NOT_FOR_CARGO.iter().any(|&removed| {
        // A trailing underscore removes a family; `RUSTC` also removes its wrappers.
        name == removed
            || (removed.ends_with('_') || removed == "RUSTC" || removed == "CARGO_MANIFEST")
                && name.starts_with(removed)
    })
}

/// For `cargo` that builds what others wrote: what a compiler needs, and where crates come from. No keys, and nothing else of the
/// user's.
pub(crate) fn build() -> Vec<(OsString, OsString)> {
    let kept = |name: &OsString| {
        let registry = name.to_str().and_then(|name| name.strip_prefix("CARGO_REGISTRIES_"));
        name != "TMPDIR" && COMPILER.iter().any(|kept| name == kept)
            || registry.is_some_and(|rest| rest.ends_with("_INDEX") || rest.ends_with("_PROTOCOL"))
    };
    std::env::vars_os()
        .filter(|(name, _)| kept(name))
        .chain([(OsString::from("RUSTFLAGS"), OsString::new())])
        .collect()
}

/// For a hidden test, or a learner's program: the search path, and a folder for temporary files.
pub(crate) fn test(folder: &Path) -> Vec<(OsString, OsString)> {
    let mut env: Vec<_> = kept(PROGRAM).collect();
    // A backtrace costs 70 ms and says nothing that the panic's place does not.
    env.push(("RUST_BACKTRACE".into(), "0".into()));
    keep_temporary_files_in(folder, &mut env);
    env
}

/// The variables of this process that have one of these names.
fn kept(names: &[&str]) -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os().filter(|(variable, _)| names.iter().any(|name| is_named(variable, name)))
}

#[cfg(test)]
mod tests {
    use super::for_cargo;

    #[test]
    fn cargo_keeps_the_users_network_settings_and_loses_the_builds() {
        for kept in ["CARGO_REGISTRIES_X_INDEX", "CARGO_NET_OFFLINE", "CARGO_HTTP_PROXY", "HOME", "PATH"] {
            assert!(for_cargo(kept), "{kept}");
        }
        for removed in [
            "CARGO_HOME",
            "RUSTFLAGS",
            "RUSTC_WRAPPER",
            "CARGO_TARGET_DIR",
            "CARGO_PKG_NAME",
            "CARGO",
            "CARGO_MANIFEST_DIR",
        ] {
            assert!(!for_cargo(removed), "{removed}");
        }
    }
}
