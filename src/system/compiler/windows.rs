//! A program finds its shared libraries by the search path.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The variables that a compiler needs: where its linker is, by all that Microsoft's tools are found by, and where temporary files go.
pub(crate) const COMPILER: &[&str] = &[
    "PATH",
    "PATHEXT",
    "SystemRoot",
    "SystemDrive",
    "ComSpec",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "ALLUSERSPROFILE",
    "ProgramData",
    "ProgramFiles",
    "ProgramFiles(x86)",
    "ProgramW6432",
    "CommonProgramFiles",
    "CommonProgramFiles(x86)",
    "CommonProgramW6432",
    "PROCESSOR_ARCHITECTURE",
    "INCLUDE",
    "LIB",
    "LIBPATH",
    "VCINSTALLDIR",
    "VSINSTALLDIR",
    "VCToolsInstallDir",
    "VSCMD_ARG_TGT_ARCH",
    "WindowsSdkDir",
    "WindowsSDKVersion",
];

/// The variables that any program needs: sockets do not open without the system's folder.
pub(crate) const PROGRAM: &[&str] = &["PATH", "SystemRoot", "SystemDrive"];

/// What separates the folders of a search path.
pub(crate) const SEARCHED: &str = ";";

/// Whether a variable has that name; case is not looked at.
pub(crate) fn is_named(variable: &OsStr, name: &str) -> bool {
    variable.eq_ignore_ascii_case(name)
}

/// Has temporary files written to a folder.
pub(crate) fn keep_temporary_files_in(folder: &Path, env: &mut Vec<(OsString, OsString)>) {
    for name in ["TEMP", "TMP"] {
        env.push((name.into(), folder.into()));
    }
}

/// The folder of a toolchain that holds shared libraries of the C compiler. A program that GNU's linker has linked against a shared
/// library needs `libgcc_s_seh-1.dll`, which rustup puts beside `rustc`. Those of Microsoft's are the system's.
pub(crate) fn c_libraries(sysroot: &Path) -> Option<PathBuf> {
    Some(sysroot.join("bin"))
}

/// The arguments by which rustc notes in a program where its shared libraries are: no program can hold that.
pub(crate) fn look_for_libraries(_folders: &[PathBuf]) -> Vec<OsString> {
    Vec::new()
}

/// Tells a program by its environment where its shared libraries are: their folders come first on the search path.
pub(crate) fn find_libraries(folders: &[PathBuf], env: &mut Vec<(OsString, OsString)>) {
    let path = env.iter().position(|(name, _)| is_named(name, "PATH")).map(|at| env.swap_remove(at).1);
    let mut searched = OsString::new();
    for part in folders.iter().map(|folder| folder.as_os_str()).chain(path.as_deref()) {
        if !searched.is_empty() {
            searched.push(SEARCHED);
        }
        searched.push(part);
    }
    env.push(("PATH".into(), searched));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_come_before_what_was_searched_already() {
        let mut env = vec![("Path".into(), OsString::from(r"C:\old"))];
        find_libraries(&[r"C:\a".into(), r"C:\b".into()], &mut env);
        assert_eq!(env, [(OsString::from("PATH"), OsString::from(r"C:\a;C:\b;C:\old"))]);
    }
}
