//! Linux has the parts.

/// Why there are none, and what to do.
pub(crate) const IMPOSSIBLE: Option<&str> = None;
