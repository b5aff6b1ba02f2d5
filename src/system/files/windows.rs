//! Rights are lists that a new file inherits from its folder; what is asked for here they give already, or never do.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::{Builder, NamedTempFile};

/// How long a rename waits for whoever has one of the two files open: another command that reads it, a virus scanner.
const BUSY: Duration = Duration::from_secs(1);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(5);

/// Temporary files have the rights of their folder, as ordinary files do.
pub(crate) fn ordinary(_builder: &mut Builder<'_, '_>) {}

/// Gives a temporary file its name, in place of a file that has it; waits a while for those who read that one.
pub(crate) fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let mut file = Some(file);
    patiently(|| match file.take().map(|file| file.persist(path)) {
        Some(Err(error)) => {
            file = Some(error.file);
            Err(error.error)
        }
        _ => Ok(()),
    })
}

/// Gives a file another name, in place of a file that has it; waits a while for those who read that one.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(|| fs::rename(from, to))
}

/// Tries until it works, or fails for another reason than somebody who has the file open.
fn patiently(mut step: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    let until = Instant::now() + BUSY;
    loop {
        match step() {
            Err(error) if is_busy(&error) && Instant::now() < until => wait(),
            done => return done,
        }
    }
}

/// Access denied, and a sharing violation: the system has no words of their own for a file that is open.
fn is_busy(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(5 | 32))
}

#[expect(clippy::disallowed_methods, reason = "no event says that a file is closed")]
fn wait() {
    std::thread::sleep(PAUSE);
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_somebody_reads_for_a_moment_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        fs::write(&old, "old").unwrap();
        fs::write(&new, "new").unwrap();
        let mut under_way = NamedTempFile::new_in(folder.path()).unwrap();
        io::Write::write_all(&mut under_way, b"newer").unwrap();
        for replace in
            [Box::new(|| rename(&new, &old)) as Box<dyn FnOnce() -> _>, Box::new(|| persist(under_way, &old))]
        {
            let reader = fs::File::open(&old).unwrap();
            let closes = std::thread::spawn(move || {
                wait();
                drop(reader);
            });
            replace().unwrap();
            closes.join().unwrap();
        }
        assert_eq!(fs::read_to_string(&old).unwrap(), "newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_fails_for_good_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let begun = Instant::now();
        let missing = folder.path().join("missing");
        assert_eq!(rename(&missing, &folder.path().join("b")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(begun.elapsed() < BUSY);
    }
}
