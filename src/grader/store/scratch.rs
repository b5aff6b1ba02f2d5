//! A folder for one process, gone with it, whatever the process put there.
//!
//! The standard library removes folders by recursion, with a descriptor for each level: a submission that makes twenty
//! thousand folders inside of each other would end the grader, or stay on the disk.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::home::unwritable;
use crate::system::files::make_ours;
use crate::verdict::Broken;

/// Removed with all that is in it when it is dropped.
#[derive(Debug)]
pub(in crate::grader) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// A new folder in the build folder `slot`.
    pub(in crate::grader) fn new(slot: &Path) -> Result<Self, Broken> {
        let made = tempfile::Builder::new().prefix("run-").tempdir_in(slot);
        made.map(|folder| Self { path: folder.keep() }).map_err(|error| unwritable(slot, &error))
    }

    pub(in crate::grader) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now is removed with the build folder.
        let _ = remove_tree(&self.path);
    }
}

/// Removes a folder and all that is in it; follows no link.
///
/// Folders in a folder are moved up to `root` before it goes, so that no path is longer than two names below it.
pub(in crate::grader) fn remove_tree(root: &Path) -> io::Result<()> {
    let mut moved = 0_u64;
    loop {
        let entries = list(root)?;
        if entries.is_empty() {
            return fs::remove_dir(root);
        }
        for entry in entries {
            let path = entry.path();
            if !entry.file_type()?.is_dir() {
                remove_file(&path)?;
                continue;
            }
            for below in list(&path)? {
                if below.file_type()?.is_dir() {
                    make_ours(&below.path())?;
                    moved = move_up(&below.path(), root, moved)?;
                } else {
                    remove_file(&below.path())?;
                }
            }
            fs::remove_dir(&path)?;
        }
    }
}

/// Removes what is no folder. On Windows a link to a folder is removed as a folder is; what it leads to stays.
fn remove_file(path: &Path) -> io::Result<()> {
    fs::remove_file(path).or_else(|error| fs::remove_dir(path).map_err(|_| error))
}

/// Moves a folder to a name of `root` that is free, the first from that number on; gives the number after it.
fn move_up(folder: &Path, root: &Path, from: u64) -> io::Result<u64> {
    for number in from.. {
        let to = root.join(format!("moved-{number}"));
        // What a folder may take the place of, an empty folder or a file, each system decides in its own way.
        if to.symlink_metadata().is_err() {
            return fs::rename(folder, &to).map(|()| number + 1);
        }
    }
    Err(io::Error::other("every name is taken"))
}

fn list(folder: &Path) -> io::Result<Vec<DirEntry>> {
    // The process may have taken the rights to its folders away.
    make_ours(folder)?;
    fs::read_dir(folder)?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn deeper_than_any_path_and_any_stack() {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(parent.path()).unwrap();
        let mut at =
            rustix::fs::open(scratch.path(), rustix::fs::OFlags::DIRECTORY, rustix::fs::Mode::empty())
                .unwrap();
        for _ in 0..5_000 {
            rustix::fs::mkdirat(&at, "deeper", rustix::fs::Mode::RWXU).unwrap();
            at = rustix::fs::openat(&at, "deeper", rustix::fs::OFlags::DIRECTORY, rustix::fs::Mode::empty())
                .unwrap();
        }
        drop(scratch);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn whatever_is_in_it_and_nothing_beyond() {
        let parent = tempfile::tempdir().unwrap();
        let kept = parent.path().join("kept");
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("file"), "kept").unwrap();
        let scratch = Scratch::new(parent.path()).unwrap();
        let root = scratch.path();
        fs::create_dir_all(root.join("a/b/c")).unwrap();
        fs::create_dir_all(root.join("moved-0/moved-1/moved-0")).unwrap();
        fs::write(root.join("moved-2"), "in the way").unwrap();
        fs::write(root.join("a/b/file"), "").unwrap();
        spoil(root, &kept);
        drop(scratch);
        let left: Vec<_> = fs::read_dir(parent.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, std::slice::from_ref(&kept));
        assert_eq!(fs::read_to_string(kept.join("file")).unwrap(), "kept");
    }

    /// Puts links to a folder in, and takes rights away.
    #[cfg(unix)]
    fn spoil(root: &Path, kept: &Path) {
        use std::os::unix::fs::{PermissionsExt, symlink};

        symlink(kept, root.join("link")).unwrap();
        symlink(kept, root.join("a/b/link")).unwrap();
        for folder in ["a/b", "a", "."] {
            fs::set_permissions(root.join(folder), fs::Permissions::from_mode(0o000)).unwrap();
        }
    }

    /// Marks a file that it must not be changed. Links take a right that tests may lack.
    #[cfg(windows)]
    fn spoil(root: &Path, _kept: &Path) {
        let file = root.join("a/b/file");
        let mut permissions = file.metadata().unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(file, permissions).unwrap();
    }
}
