//! No other system has the parts.

/// Why there are none, and what to do.
pub(crate) const IMPOSSIBLE: Option<&str> = Some(
    "walls exist on Linux alone: grade in a Linux container or virtual machine (on Windows, WSL 2 is one)",
);
