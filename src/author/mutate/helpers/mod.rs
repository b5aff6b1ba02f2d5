//! What mutants call in place of what the solution calls. The texts are appended to their files, as a module of a name
//! that no exercise has.

mod helpers;

// They are code of this program in its tests alone.
#[cfg(test)]
mod asking;
#[cfg(test)]
mod awaits;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod nothing;
#[cfg(test)]
mod polls;
#[cfg(test)]
mod spawns;
#[cfg(test)]
mod values;

#[cfg(test)]
mod tests;

pub(super) use helpers::Helpers;
