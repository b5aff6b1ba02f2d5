//! Folders that somebody else filled, read without ever leaving them: no symbolic link is followed, and nothing but
//! ordinary files of a bounded size is opened for long.
//!
//! On Unix a folder is held open, and what is below it is opened from there, so that nobody can put a link in the way meanwhile. On
//! Windows each part of the way is looked at before it is entered, and the file again once it is open: links, junctions and
//! mounts are refused (a file of a cloud folder is no link), but somebody who changes the folder at just that moment is not noticed.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::Folder;
#[cfg(windows)]
pub use windows::Folder;

/// Why something was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is not there.
    Missing,
    /// It is there and is not read; completes "it …".
    Odd(String),
}

impl Refusal {
    fn link() -> Self {
        Self::Odd("is a symbolic link, which is not followed".to_owned())
    }

    fn no_folder() -> Self {
        Self::Odd("is not a folder".to_owned())
    }

    fn no_file() -> Self {
        Self::Odd("is not an ordinary file".to_owned())
    }

    fn forbidden() -> Self {
        Self::Odd("may not be read by you".to_owned())
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("does not exist"),
            Self::Odd(why) => f.write_str(why),
        }
    }
}

/// The bytes of an open file, unless it has more than so many.
fn read_all(file: std::fs::File, most: u64) -> Result<Vec<u8>, Refusal> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    match file.take(most + 1).read_to_end(&mut bytes) {
        Ok(length) if length as u64 > most => {
            Err(Refusal::Odd(format!("is larger than {most} bytes, so it cannot be an answer")))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Refusal::Odd(format!("cannot be read: {error}"))),
    }
}
