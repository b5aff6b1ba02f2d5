//! What mutants call in place of what the solution calls. The texts are appended to their files, as a module of a name
//! that no exercise has.

// They are code of this program in its tests alone.
#[cfg(test)]
mod awaits;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod polls;
#[cfg(test)]
mod spawns;
#[cfg(test)]
mod values;

/// The functions of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Helpers {
    /// What is awaited.
    Awaits,
    /// What calls share.
    Calls,
    /// How a future is polled by hand.
    Polls,
    /// What spawns.
    Spawns,
    /// What becomes of values.
    Values,
}

/// The name of the module in the file of a mutant.
const MODULE: &str = "tokiolings_mutant";

impl Helpers {
    /// A call of one of the functions.
    pub(super) fn call(self, function: &str, arguments: &str) -> String {
        format!("{}({arguments})", self.path(function))
    }

    /// The path of one of the functions.
    pub(super) fn path(self, function: &str) -> String {
        format!("crate::{MODULE}::{function}")
    }

    /// What stands at the end of the file.
    pub(super) fn appendix(self) -> String {
        let text = match self {
            Self::Awaits => include_str!("awaits.rs"),
            Self::Calls => include_str!("calls.rs"),
            Self::Polls => include_str!("polls.rs"),
            Self::Spawns => include_str!("spawns.rs"),
            Self::Values => include_str!("values.rs"),
        };
        format!("\n#[allow(warnings, clippy::all)]\nmod {MODULE} {{\n{text}}}\n")
    }
}

#[cfg(test)]
mod tests;
