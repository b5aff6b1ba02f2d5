//! Which files a mutant calls, and how.

/// The functions of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::author::mutate) enum Helpers {
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
    pub(in crate::author::mutate) fn call(self, function: &str, arguments: &str) -> String {
        format!("{}({arguments})", self.path(function))
    }

    /// The path of one of the functions.
    pub(in crate::author::mutate) fn path(self, function: &str) -> String {
        format!("crate::{MODULE}::{function}")
    }

    /// What stands at the end of the file: the module with the files, as here.
    pub(in crate::author::mutate) fn appendix(self) -> String {
        let asking = ("asking", include_str!("asking.rs"));
        let nothing = ("nothing", include_str!("nothing.rs"));
        let files = match self {
            Self::Awaits => vec![asking, nothing, ("awaits", include_str!("awaits.rs"))],
            Self::Calls => vec![asking, ("calls", include_str!("calls.rs"))],
            Self::Polls => vec![asking, nothing, ("polls", include_str!("polls.rs"))],
            Self::Spawns => vec![("spawns", include_str!("spawns.rs"))],
            Self::Values => vec![nothing, ("values", include_str!("values.rs"))],
        };
        let modules: String = files
            .into_iter()
            .map(|(name, text)| format!("mod {name} {{\n{text}}}\npub(crate) use {name}::*;\n"))
            .collect();
        format!("\n#[allow(warnings, clippy::all)]\nmod {MODULE} {{\n{modules}}}\n")
    }
}
