//! The progress file on disk: at every moment, power cuts included, either it or its backup is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::system::files::rename;
use crate::workspace::progress::Progress;
use crate::workspace::wire::{self, Unreadable};
use crate::workspace::{Error, disk, stamp};
use crate::workspace::{Folder, Refusal};

/// The progress file.
pub(super) const MAIN: &str = "progress.toml";
/// The one before it.
pub(super) const BACKUP: &str = "progress.toml.bak";
/// The one after it, while it is written.
const NEW: &str = "progress.toml.new";
/// The backup after the backup, while it is made.
const NEW_BACKUP: &str = "progress.toml.bak.new";
/// What is read of a progress file at most, in bytes; a thousand steps take a quarter of it.
const MOST: u64 = 1 << 20;
/// Held by whoever is changing the progress file.
const LOCK: &str = "lock";

/// The progress file of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    folder: PathBuf,
}

/// A progress file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// What it says.
    pub progress: Progress,
    /// Set if it had to be read from the backup: what happened, for the learner.
    pub recovered: Option<String>,
}

/// A progress file that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Updated<T> {
    /// What the change returned.
    pub value: T,
    /// What the file says now.
    pub progress: Progress,
    /// Set if it had to be read from the backup: what happened, for the learner.
    pub recovered: Option<String>,
}

/// What is there under a name.
enum Found {
    Good(Progress),
    Bad(String),
    Missing,
}

type SaveStep = fn(&Store, &str) -> Result<(), Error>;

/// The steps of a save, in order. A crash between any two, or within one, leaves a whole file under [`MAIN`] or
/// [`BACKUP`].
const SAVE: [SaveStep; 5] = [Store::write_new, Store::link_old, Store::keep_old, Store::put_new, Store::sync];

impl Store {
    pub(super) fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Whether there is progress to read, be it only in the backup.
    #[must_use]
    pub fn exists(&self) -> bool {
        [MAIN, BACKUP].iter().any(|name| self.path(name).is_file())
    }

    /// When the progress was last saved, if that is known.
    #[must_use]
    pub fn saved_at(&self) -> Option<SystemTime> {
        fs::metadata(self.path(MAIN)).and_then(|data| data.modified()).ok()
    }

    /// Reads the progress; from the backup if the file is damaged, empty or missing. Changes nothing on disk.
    ///
    /// # Errors
    /// Neither can be used, or a newer program wrote it. Progress is never reset in silence.
    pub fn load(&self) -> Result<Loaded, Error> {
        let problem = match self.find(MAIN)? {
            Found::Good(progress) => return Ok(Loaded { progress, recovered: None }),
            Found::Bad(problem) => problem,
            Found::Missing => "is missing".to_owned(),
        };
        let backup_problem = match self.find(BACKUP)? {
            Found::Good(progress) => {
                let recovered = format!(
                    "{} {problem}. Your progress was read from its backup, {}: the last change may be missing. \
                     `tokiolings check` finds out again what is solved.",
                    self.path(MAIN).display(),
                    self.path(BACKUP).display(),
                );
                return Ok(Loaded { progress, recovered: Some(recovered) });
            }
            Found::Bad(problem) => problem,
            Found::Missing => "is missing".to_owned(),
        };
        Err(Error::Damaged {
            main: self.path(MAIN),
            main_problem: problem,
            backup: self.path(BACKUP),
            backup_problem,
        })
    }

    /// Changes the progress: takes the lock, reads it afresh, applies the change, saves. Two programs that update at
    /// once (the watcher, and `tokiolings hint` next door) wait for each other, and neither loses anything.
    ///
    /// A damaged file that was recovered from is kept beside the new one as `progress.toml.damaged-<time>`.
    ///
    /// # Errors
    /// As [`Store::load`]; or the change cannot be saved, in which case the disk has the state from before.
    pub fn update<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> Result<Updated<T>, Error> {
        let _lock = self.lock()?;
        let Loaded { mut progress, recovered } = self.load()?;
        let before = progress.clone();
        let value = change(&mut progress);
        if progress != before || recovered.is_some() {
            self.save(&progress)?;
        }
        Ok(Updated { value, progress, recovered })
    }

    /// Writes the first progress file. `Ok(false)`: there is one, or a backup of one, and it stays.
    pub(super) fn create(&self, progress: &Progress) -> Result<bool, Error> {
        let _lock = self.lock()?;
        // Not `exists`: whatever stands there, a folder even, is not to be replaced.
        if [MAIN, BACKUP].iter().any(|name| self.path(name).symlink_metadata().is_ok()) {
            return Ok(false);
        }
        self.save(progress)?;
        Ok(true)
    }

    fn save(&self, progress: &Progress) -> Result<(), Error> {
        let text = wire::write(progress);
        SAVE.iter().try_for_each(|step| step(self, &text))
    }

    /// Step 1: the new file, whole, on the disk, under a name that nobody reads.
    fn write_new(&self, text: &str) -> Result<(), Error> {
        let path = self.path(NEW);
        self.remove(NEW)?;
        let written = OpenOptions::new().write(true).create_new(true).open(&path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(Error::write(path))
    }

    /// Step 2: a second name for the old file. Only a good one may become the backup: a damaged one must not replace
    /// the very copy that saved the day, and is set aside instead.
    fn link_old(&self, _: &str) -> Result<(), Error> {
        self.remove(NEW_BACKUP)?;
        match self.find(MAIN)? {
            Found::Good(_) => self.copy_main_to(NEW_BACKUP).map_err(Error::write(self.path(NEW_BACKUP))),
            Found::Bad(_) => self.set_aside(),
            Found::Missing => Ok(()),
        }
    }

    /// Step 3: that second name becomes the backup.
    fn keep_old(&self, _: &str) -> Result<(), Error> {
        match rename(&self.path(NEW_BACKUP), &self.path(BACKUP)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::write(self.path(BACKUP))(error))
            }
            // After a crash between steps 3 and 4 both are names of one file, and then a rename does nothing.
            _ => self.remove(NEW_BACKUP),
        }
    }

    /// Step 4: the new file becomes the file.
    fn put_new(&self, _: &str) -> Result<(), Error> {
        rename(&self.path(NEW), &self.path(MAIN)).map_err(Error::write(self.path(MAIN)))
    }

    /// Step 5: the renames outlive a power cut.
    fn sync(&self, _: &str) -> Result<(), Error> {
        disk::sync_folder_of(&self.path(MAIN)).map_err(Error::write(self.path(MAIN)))
    }

    /// Keeps a damaged progress file for a person to look at, without touching an earlier one.
    fn set_aside(&self) -> Result<(), Error> {
        let stamp = stamp::for_file_name(SystemTime::now());
        let mut count = 1;
        loop {
            let name = match count {
                1 => format!("{MAIN}.damaged-{stamp}"),
                _ => format!("{MAIN}.damaged-{stamp}-{count}"),
            };
            match self.copy_main_to(&name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => count += 1,
                result => return result.map_err(Error::write(self.path(&name))),
            }
        }
    }

    /// A second name for the progress file, or a copy where the file system has no hard links. Never overwrites.
    fn copy_main_to(&self, name: &str) -> io::Result<()> {
        match fs::hard_link(self.path(MAIN), self.path(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                let content = fs::read(self.path(MAIN))?;
                disk::create(&self.path(name), &content, disk::Durable::Yes)?
                    .then_some(())
                    .ok_or_else(|| io::ErrorKind::AlreadyExists.into())
            }
            result => result,
        }
    }

    fn find(&self, name: &str) -> Result<Found, Error> {
        let path = self.path(name);
        let text = match self.read(name) {
            Ok(text) => text,
            Err(Refusal::Missing) => return Ok(Found::Missing),
            // Not a damaged file but one out of reach: an older state must not be taken, and saved, in its place.
            Err(Refusal::Odd(why)) => return Err(Error::Odd { path, why }),
        };
        match wire::read(&text) {
            Ok(progress) => Ok(Found::Good(progress)),
            Err(Unreadable::Damaged(problem)) => Ok(Found::Bad(problem)),
            Err(Unreadable::Newer(found)) => Err(Error::Newer { path, found, known: wire::SCHEMA }),
        }
    }

    /// Whose workspace this is, nobody knows: `report` reads those of others.
    fn read(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let (root, own) = (self.folder.parent(), self.folder.file_name());
        let (Some(root), Some(own)) = (root, own) else { return Err(Refusal::Missing) };
        Folder::at(root)?.below(Path::new(own))?.read(name, MOST)
    }

    /// Waits for the lock; it is released when the file is closed, by a crash too.
    fn lock(&self) -> Result<File, Error> {
        let path = self.path(LOCK);
        let locked =
            OpenOptions::new().create(true).truncate(false).write(true).open(&path).and_then(|file| {
                match file.lock() {
                    // A file system without locks: saves are still whole, only updates at the same instant may be lost.
                    Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
                    result => result.map(|()| file),
                }
            });
        locked.map_err(Error::write(path))
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::write(self.path(name))(error))
            }
            _ => Ok(()),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

#[cfg(test)]
mod tests;
