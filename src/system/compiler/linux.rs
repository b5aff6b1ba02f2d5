//! ELF binds names when a program starts, unless it is told otherwise.

/// How a crate becomes a shared library of many.
pub(crate) const SHARED: &[&str] = &[
    "-Cprefer-dynamic",
    // What the library calls of its own is found when it is linked, in place of each time that a hidden test starts:
    // 6,000 names, half of the time until its `main`.
    "-Clink-arg=-Wl,-Bsymbolic",
];
