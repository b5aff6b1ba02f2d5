//! The values that hidden tests draw: new ones for each run, or the same for the same text.
//!
//! Numbers that follow from the text and the test alone would let a submission be written for its own. So they follow
//! from a secret as well, which stays with the grader: a test's process is given its own number and nothing else.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::grader::store::home::{Home, unwritable};
use crate::verdict::Broken;
use crate::workbook::Exercise;

/// Where the values that hidden tests draw come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Draws {
    /// The system's random numbers, in each run of a test: to see whether a test wavers.
    #[default]
    Fresh,
    /// The text and the test, under a secret that the grader keeps in its [`Home`]: the same text is told the same again.
    Kept,
    /// The text and the test, under this secret: the same text is told the same wherever the secret is.
    Seeded(Seed),
}

/// A secret of 256 bits. Its `Debug` form does not tell it.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; 32]);

/// Why a file is no [`Seed`]. Completes "failed to …".
#[derive(Debug, Error)]
pub enum SeedError {
    /// It cannot be read.
    #[error("read the seed {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is shorter or longer than a seed.
    #[error(
        "use {} as a seed: it contains {found}, but a seed needs {SHORTEST} to {LONGEST} bytes that nobody can \
         guess; make one with `head -c 32 /dev/urandom > seed`",
        .path.display()
    )]
    Length {
        /// The file.
        path: PathBuf,
        /// How much it holds.
        found: String,
    },
}

/// The file of the grader's own secret, in its home.
const SECRET: &str = "secret";

/// Bytes of a file that is a seed.
const SHORTEST: usize = 16;
const LONGEST: usize = 4096;

/// What the bytes of a seed are for; another use of the same file gives other numbers.
const CONTEXT: &str = "tokiolings 2026-11-30 values that hidden tests draw";

impl Draws {
    /// The secret, if there is one; that of the home is made when it is first needed.
    pub(in crate::grader) fn seed(&self, home: &Home) -> Result<Option<Seed>, Broken> {
        match self {
            Self::Fresh => Ok(None),
            Self::Kept => kept(home).map(Some),
            Self::Seeded(seed) => Ok(Some(seed.clone())),
        }
    }
}

impl Seed {
    /// Reads a file that several machines share.
    ///
    /// # Errors
    /// It cannot be read, or is too short or too long to be one.
    pub fn read(path: &Path) -> Result<Self, SeedError> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(LONGEST as u64 + 1).read_to_end(&mut bytes))
            .map_err(|source| SeedError::Read { path: path.to_owned(), source })?;
        if (SHORTEST..=LONGEST).contains(&bytes.len()) {
            return Ok(Self::of(&bytes));
        }
        let found = if bytes.len() > LONGEST { "more".to_owned() } else { format!("{} bytes", bytes.len()) };
        Err(SeedError::Length { path: path.to_owned(), found })
    }

    fn of(bytes: &[u8]) -> Self {
        Self(blake3::derive_key(CONTEXT, bytes))
    }

    /// Names it without telling it: 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.below(&["fingerprint"]).to_hex()[..16].to_owned()
    }

    /// The secret of one text that is handed in for an exercise.
    pub(in crate::grader) fn of_text(&self, exercise: &Exercise, text: &str) -> Self {
        Self(*self.below(&["text", &exercise.chapter, &exercise.name, text]).as_bytes())
    }

    /// What a hidden test of that text draws from.
    pub(in crate::grader) fn of_test(&self, test: &str) -> u64 {
        let hash = self.below(&["test", test]);
        u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("a hash has 32 bytes"))
    }

    fn below(&self, parts: &[&str]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.finalize()
    }
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seed({})", self.fingerprint())
    }
}

/// The secret of a home. It is made once, for its owner's eyes alone.
fn kept(home: &Home) -> Result<Seed, Broken> {
    let path = home.folder("")?.join(SECRET);
    let read = || fs::read(&path).ok().filter(|bytes| bytes.len() >= SHORTEST);
    if let Some(bytes) = read() {
        return Ok(Seed::of(&bytes));
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Broken {
        problem: format!("the system provides no random numbers: {error}"),
        remedy: "try again; if that does not help, restart the machine".to_owned(),
    })?;
    // Nobody but its owner may read or write a temporary file of this kind.
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(home.path())?;
        file.write_all(&bytes)?;
        match file.persist_noclobber(&path) {
            // Another process was first, and its secret is everybody's; or the file was damaged, and is replaced.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists && read().is_none() => {
                error.file.persist(&path).map(drop).map_err(|error| error.error)
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            kept => kept.map(drop).map_err(|error| error.error),
        }
    };
    write().map_err(|error| unwritable(&path, &error))?;
    Ok(Seed::of(&read().unwrap_or(bytes.to_vec())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::workbook::sample_exercise;

    #[cfg(unix)]
    fn is_its_owners_alone(path: &Path) -> bool {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
    }

    /// The rights of its folder decide.
    #[cfg(windows)]
    fn is_its_owners_alone(path: &Path) -> bool {
        path.is_file()
    }

    #[test]
    fn the_secret_of_a_home_is_made_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let [home, other] = ["a/b", "c"].map(|below| Home::at(folder.path().join(below)));
        let seed = |home: &Home| Draws::Kept.seed(home).unwrap().unwrap();
        let first = seed(&home);
        assert_eq!(seed(&home), first);
        assert_ne!(seed(&other), first);
        let path = home.path().join(SECRET);
        assert!(is_its_owners_alone(&path));
        assert_eq!(Seed::read(&path).unwrap(), first, "it can be given to other machines as it is");
        fs::write(&path, "torn").unwrap();
        assert_ne!(seed(&home), first);
        assert!(is_its_owners_alone(&path));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        assert_eq!(Draws::Fresh.seed(&other).unwrap(), None);
    }

    #[test]
    fn each_text_and_each_test_has_a_number_of_its_own() {
        let [one, two] = ["one", "two"].map(|name| sample_exercise(name, &[]));
        let mut numbers = BTreeSet::new();
        for seed in [Seed::of(b"first"), Seed::of(b"second")] {
            for (exercise, text) in [(&one, "a"), (&one, "b"), (&two, "a")] {
                numbers.extend(["t", "u"].map(|test| seed.of_text(exercise, text).of_test(test)));
            }
        }
        assert_eq!(numbers.len(), 12);
        let again = || Seed::of(b"first").of_text(&one, "a").of_test("t");
        assert_eq!(again(), again());
    }

    #[test]
    fn a_seed_is_long_enough_and_is_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seed");
        for (bytes, found) in
            [(0, "it contains 0 bytes"), (15, "it contains 15 bytes"), (4097, "it contains more")]
        {
            fs::write(&path, vec![b'x'; bytes]).unwrap();
            let error = Seed::read(&path).unwrap_err().to_string();
            assert!(error.contains(found) && error.contains("/dev/urandom"), "{error}");
        }
        assert!(matches!(Seed::read(&folder.path().join("none")), Err(SeedError::Read { .. })));
        fs::write(&path, [b'x'; 16]).unwrap();
        let seed = Seed::read(&path).unwrap();
        assert_eq!(format!("{seed:?}"), format!("Seed({})", seed.fingerprint()));
    }
}
