//! Other formats bind a library's own names when it is linked.

/// How a crate becomes a shared library of many.
pub(crate) const SHARED: &[&str] = &["-Cprefer-dynamic"];
