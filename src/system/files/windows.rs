//! Rights are lists that a new file inherits from its folder; what is asked for here they give already, or never do.

use std::fs;
use std::io;
use std::path::Path;

use tempfile::Builder;

/// Temporary files have the rights of their folder, as ordinary files do.
pub(crate) fn ordinary(_builder: &mut Builder<'_, '_>) {}

/// Makes a rename in a folder outlive a power cut: no folder can be opened for it, and NTFS keeps a journal of its names.
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Nothing to take away: whoever may execute a program may read it.
pub(crate) fn execute_only(_program: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes back every right to a folder that a process of ours may have given away. A mark that a file must not be changed would keep
/// it from being removed.
pub(crate) fn make_ours(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        let Ok(data) = entry.metadata() else { continue };
        let mut permissions = data.permissions();
        if permissions.readonly() && !data.is_symlink() {
            // On this system it means the mark alone.
            #[expect(clippy::permissions_set_readonly_false)]
            permissions.set_readonly(false);
            fs::set_permissions(entry.path(), permissions)?;
        }
    }
    Ok(())
}

/// Lets everybody read a file: as far as its folder's rights do.
pub(crate) fn let_all_read(_file: &Path) -> io::Result<()> {
    Ok(())
}

/// Links take a right that learners lack.
pub(crate) fn link(_to: &Path, _from: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
