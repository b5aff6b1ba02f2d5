//! A program holds the folders of its shared libraries.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The variables that a compiler needs: where its linker is, where temporary files go, and what macOS linkers ask for.
pub(crate) const COMPILER: &[&str] =
    &["PATH", "TMPDIR", "SDKROOT", "DEVELOPER_DIR", "MACOSX_DEPLOYMENT_TARGET"];

/// The variables that any program needs.
pub(crate) const PROGRAM: &[&str] = &["PATH"];

/// What separates the folders of a search path.
pub(crate) const SEARCHED: &str = ":";

/// Whether a variable has that name.
pub(crate) fn is_named(variable: &OsStr, name: &str) -> bool {
    variable == name
}

/// Has temporary files written to a folder.
pub(crate) fn keep_temporary_files_in(folder: &Path, env: &mut Vec<(OsString, OsString)>) {
    env.push(("TMPDIR".into(), folder.into()));
}

/// The folder of a toolchain that holds shared libraries of the C compiler: those are the system's.
pub(crate) fn c_libraries(_sysroot: &Path) -> Option<PathBuf> {
    None
}

/// The arguments by which rustc notes in a program where its shared libraries are.
pub(crate) fn look_for_libraries(folders: &[PathBuf]) -> Vec<OsString> {
    let mut args = Vec::new();
    for folder in folders {
        // Not `-Wl,-rpath,FOLDER`, which a comma in the folder's name would cut.
        args.extend(["-Clink-arg=-Xlinker", "-Clink-arg=-rpath", "-Clink-arg=-Xlinker"].map(OsString::from));
        let mut named = OsString::from("-Clink-arg=");
        named.push(folder);
        args.push(named);
    }
    args
}

/// Tells a program by its environment where its shared libraries are: it knows.
pub(crate) fn find_libraries(_folders: &[PathBuf], _env: &mut Vec<(OsString, OsString)>) {}
