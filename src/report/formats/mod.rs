//! The formats that other systems read, each a function of a report, and the text for people.

pub(super) mod classroom50;
pub(super) mod csv;
mod details;
pub(super) mod exercism;
pub(super) mod gradescope;
pub(super) mod json;
pub(super) mod junit;
pub(super) mod text;
