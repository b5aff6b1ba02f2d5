//! `author check`: what an exercise must hold up to before a learner meets it.

use std::path::Path;

use crate::workbook::{Fault, Workbook};

/// The faults of a workbook's format.
#[must_use]
pub fn format(root: &Path) -> Vec<Fault> {
    Workbook::survey(root).1.0
}
