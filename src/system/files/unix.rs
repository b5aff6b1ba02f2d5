//! Modes are bits, and a folder can be opened.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Temporary files are private by default; these are ordinary files, as readable as the umask lets them be.
pub(crate) fn ordinary(builder: &mut Builder<'_, '_>) {
    builder.permissions(Permissions::from_mode(0o666));
}

/// Gives a temporary file its name, in place of a file that has it. Nobody keeps a name busy here.
pub(crate) fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Gives a file another name, in place of a file that has it.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Makes a rename in a folder outlive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Takes every right to a program away but to execute it. The kernel then lets the running program open neither its own file nor its
/// own memory through `/proc`; except for root.
pub(crate) fn execute_only(program: &Path) -> io::Result<()> {
    fs::set_permissions(program, Permissions::from_mode(0o111))
}

/// Takes back every right to a folder that a process of ours may have given away.
pub(crate) fn make_ours(folder: &Path) -> io::Result<()> {
    let rights = fs::symlink_metadata(folder)?.permissions().mode();
    if rights & 0o700 == 0o700 { Ok(()) } else { fs::set_permissions(folder, Permissions::from_mode(0o700)) }
}

/// Lets everybody read a file, and its owner write it.
pub(crate) fn let_all_read(file: &Path) -> io::Result<()> {
    fs::set_permissions(file, Permissions::from_mode(0o644))
}

/// Makes `from` a link to `to`.
pub(crate) fn link(to: &Path, from: &Path) -> io::Result<()> {
    symlink(to, from)
}
