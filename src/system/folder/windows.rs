//! From path to path, each part looked at first.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use super::Refusal;
use super::bytes::read_all;

/// A folder that is a folder and no link.
#[derive(Debug)]
pub struct Folder(PathBuf);

/// Opens what leads elsewhere itself, in place of what it leads to.
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

impl Folder {
    /// A folder that whoever runs this program named. Links on the way to it are their own.
    ///
    /// # Errors
    /// It is missing, no folder, or out of reach.
    pub fn at(path: &Path) -> Result<Self, Refusal> {
        let data = fs::metadata(path).map_err(|error| refusal(&error))?;
        if data.is_dir() { Ok(Self(path.to_owned())) } else { Err(Refusal::no_folder()) }
    }

    /// A folder below this one. A relative path may climb with `..`, but passes through no link.
    ///
    /// # Errors
    /// A part of the way is missing, a link, no folder, or out of reach.
    pub fn below(&self, path: &Path) -> Result<Self, Refusal> {
        let mut folder = Self(self.0.clone());
        for part in path.components() {
            folder = match part {
                Component::CurDir => continue,
                Component::Prefix(_) | Component::RootDir => Self(folder.0.join(part)),
                Component::Normal(_) | Component::ParentDir => folder.enter(Path::new(part.as_os_str()))?,
            };
        }
        Ok(folder)
    }

    fn enter(&self, name: &Path) -> Result<Self, Refusal> {
        let path = self.0.join(name);
        let data = fs::symlink_metadata(&path).map_err(|error| refusal(&error))?;
        if data.is_symlink() {
            Err(Refusal::link())
        } else if data.is_dir() {
            Ok(Self(path))
        } else {
            Err(Refusal::no_folder())
        }
    }

    /// The bytes of an ordinary file in this folder, `most` of them at most. Never waits for anybody to write.
    ///
    /// # Errors
    /// It is missing, a link, no ordinary file, larger than that, or out of reach.
    pub fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, Refusal> {
        let path = self.0.join(name);
        let ordinary = |data: io::Result<Metadata>| match data {
            Ok(data) if data.is_symlink() => Err(Refusal::link()),
            Ok(data) if data.is_file() => Ok(()),
            Ok(_) => Err(Refusal::no_file()),
            Err(error) => Err(refusal(&error)),
        };
        // A folder or a device is not even opened.
        ordinary(fs::symlink_metadata(&path))?;
        let file = File::options().read(true).custom_flags(OPEN_REPARSE_POINT).open(&path);
        let file = file.map_err(|error| refusal(&error))?;
        ordinary(file.metadata())?;
        read_all(file, most)
    }

    /// The names of the folders in this one, sorted; those of the first thousand entries, as nobody has more chapters.
    #[must_use]
    pub fn folders(&self) -> Vec<String> {
        const MOST: usize = 1000;
        // One that cannot be listed holds nothing.
        let entries = fs::read_dir(&self.0).into_iter().flatten().take(MOST).flatten();
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect();
        names.retain(|name| self.enter(Path::new(name)).is_ok());
        names.sort();
        names
    }
}

fn refusal(error: &io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::NotFound => Refusal::Missing,
        ErrorKind::NotADirectory => Refusal::no_folder(),
        ErrorKind::PermissionDenied => Refusal::forbidden(),
        _ => Refusal::Odd(format!("cannot be opened: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_files_are_read_and_nothing_else_is() {
        let outer = tempfile::tempdir().unwrap();
        let folder = Folder::at(outer.path()).unwrap();
        fs::create_dir(outer.path().join("b.rs")).unwrap();
        fs::write(outer.path().join("a.rs"), "text").unwrap();
        assert_eq!(folder.read("a.rs", 4).unwrap(), b"text");
        assert!(folder.read("a.rs", 3).unwrap_err().to_string().contains("larger than 3 bytes"));
        assert_eq!(folder.read("b.rs", 4).unwrap_err(), Refusal::no_file());
        assert_eq!(folder.read("c.rs", 4).unwrap_err(), Refusal::Missing);
        assert_eq!(folder.below(Path::new("a.rs")).unwrap_err(), Refusal::no_folder());
        assert!(folder.below(Path::new("b.rs/..")).is_ok());
        assert_eq!(folder.folders(), ["b.rs"]);
    }
}
