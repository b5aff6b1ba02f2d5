//! How a family is called.

/// A family, by its head's number.
pub(crate) type Id = u32;
