//! From descriptor to descriptor, by `openat`.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Component, Path};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, fstat, open, openat, statat};
use rustix::io::Errno;

use super::Refusal;
use super::bytes::read_all;

/// A folder that is held open, so that what is read below it lies below it.
#[derive(Debug)]
pub struct Folder(OwnedFd);

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);
/// A pipe must not make the reader wait for a writer.
const FILE: OFlags = OFlags::CLOEXEC.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

impl Folder {
    /// A folder that whoever runs this program named. Links on the way to it are their own.
    ///
    /// # Errors
    /// It is missing, no folder, or out of reach.
    pub fn at(path: &Path) -> Result<Self, Refusal> {
        open(path, FOLDER, Mode::empty()).map(Self).map_err(refusal)
    }

    /// A folder below this one. A relative path may climb with `..`, but passes through no link.
    ///
    /// # Errors
    /// A part of the way is missing, a link, no folder, or out of reach.
    pub fn below(&self, path: &Path) -> Result<Self, Refusal> {
        let mut folder: Option<Self> = None;
        for part in path.components() {
            let here = folder.as_ref().unwrap_or(self);
            folder = Some(match part {
                Component::Normal(name) => here.enter(Path::new(name))?,
                Component::ParentDir => here.enter(Path::new(".."))?,
                Component::CurDir => continue,
                Component::RootDir | Component::Prefix(_) => Self::at(Path::new("/"))?,
            });
        }
        match folder {
            Some(folder) => Ok(folder),
            None => self.enter(Path::new(".")),
        }
    }

    fn enter(&self, name: &Path) -> Result<Self, Refusal> {
        openat(&self.0, name, FOLDER | OFlags::NOFOLLOW, Mode::empty())
            .map(Self)
            .map_err(|errno| self.refusal(name, errno))
    }

    /// The bytes of an ordinary file in this folder, `most` of them at most. Never waits for anybody to write.
    ///
    /// # Errors
    /// It is missing, a link, no ordinary file, larger than that, or out of reach.
    pub fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, Refusal> {
        let path = Path::new(name);
        let file = openat(&self.0, path, FILE | OFlags::NOFOLLOW, Mode::empty())
            .map_err(|errno| self.refusal(path, errno))?;
        let stat = fstat(&file).map_err(refusal)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Refusal::no_file());
        }
        read_all(File::from(file), most)
    }

    /// The names of the folders in this one, sorted; those of the first thousand entries, as nobody has more chapters.
    #[must_use]
    pub fn folders(&self) -> Vec<String> {
        const MOST: usize = 1000;
        // One that cannot be listed holds nothing.
        let entries = Dir::read_from(&self.0).into_iter().flatten().take(MOST).flatten();
        let named = entries.filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned));
        let mut names: Vec<String> = named.filter(|name| name != "." && name != "..").collect();
        // An entry does not say on every file system what it is.
        names.retain(|name| self.enter(Path::new(name)).is_ok());
        names.sort();
        names
    }

    fn refusal(&self, name: &Path, errno: Errno) -> Refusal {
        let link = || {
            statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)
                .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
        };
        match errno {
            Errno::LOOP | Errno::NOTDIR | Errno::MLINK if link() => Refusal::link(),
            other => refusal(other),
        }
    }
}

fn refusal(errno: Errno) -> Refusal {
    match errno {
        Errno::NOENT => Refusal::Missing,
        Errno::NOTDIR => Refusal::no_folder(),
        // What opening a socket, or a device without a driver, answers.
        Errno::NXIO | Errno::NODEV => Refusal::no_file(),
        Errno::ACCESS | Errno::PERM => Refusal::forbidden(),
        other => Refusal::Odd(format!("cannot be opened: {}", std::io::Error::from(other))),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use rustix::fs::CWD;

    use super::*;

    #[test]
    fn a_link_leads_nowhere_be_it_a_file_or_a_folder_on_the_way() {
        let outer = tempfile::tempdir().unwrap();
        let (secret, learner) = (outer.path().join("secret"), outer.path().join("learner"));
        fs::create_dir_all(&secret).unwrap();
        fs::create_dir_all(&learner).unwrap();
        fs::write(secret.join("a.rs"), "secret").unwrap();
        symlink("../secret/a.rs", learner.join("a.rs")).unwrap();
        symlink("../secret", learner.join("exercises")).unwrap();
        let folder = Folder::at(&learner).unwrap();
        let link = Refusal::Odd("is a symbolic link, which is not followed".to_owned());
        assert_eq!(folder.read("a.rs", 100).unwrap_err(), link);
        assert_eq!(folder.below(Path::new("exercises")).unwrap_err(), link);
        assert_eq!(folder.below(Path::new("exercises/deeper")).unwrap_err(), link);
    }

    #[test]
    fn ordinary_files_are_read_and_nothing_else_is() {
        let outer = tempfile::tempdir().unwrap();
        let folder = Folder::at(outer.path()).unwrap();
        fs::write(outer.path().join("a.rs"), "text").unwrap();
        fs::create_dir(outer.path().join("b.rs")).unwrap();
        assert_eq!(folder.read("a.rs", 4).unwrap(), b"text");
        assert!(folder.read("a.rs", 3).unwrap_err().to_string().contains("larger than 3 bytes"));
        assert_eq!(folder.read("b.rs", 4).unwrap_err().to_string(), "is not an ordinary file");
        assert_eq!(folder.read("c.rs", 4).unwrap_err(), Refusal::Missing);
        let pipe = outer.path().join("pipe.rs");
        rustix::fs::mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        assert_eq!(folder.read("pipe.rs", 4).unwrap_err().to_string(), "is not an ordinary file");
        assert_eq!(folder.below(Path::new("a.rs")).unwrap_err().to_string(), "is not a folder");
        fs::create_dir(outer.path().join("a")).unwrap();
        symlink("a", outer.path().join("link")).unwrap();
        assert_eq!(folder.folders(), ["a", "b.rs"]);
    }
}
