//! Why something was not read.

/// Why something was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is not there.
    Missing,
    /// It is there and is not read; completes "it …".
    Odd(String),
}

impl Refusal {
    pub(super) fn link() -> Self {
        Self::Odd("is a symbolic link, which is not followed".to_owned())
    }

    pub(super) fn no_folder() -> Self {
        Self::Odd("is not a folder".to_owned())
    }

    pub(super) fn no_file() -> Self {
        Self::Odd("is not an ordinary file".to_owned())
    }

    pub(super) fn forbidden() -> Self {
        Self::Odd("cannot be read by you".to_owned())
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
