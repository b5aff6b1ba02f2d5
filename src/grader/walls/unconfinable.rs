//! Why nothing is graded behind walls.

/// Why there is no confinement: each wall that the machine cannot build, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfinable(pub Vec<String>);
