//! How to grade.

use std::time::Duration;

use super::draws::Draws;
use crate::grader::walls;

/// How to grade.
#[derive(Debug, Clone)]
pub struct Options {
    /// Take a verdict from the cache when everything that went into it is unchanged.
    pub cache: bool,
    /// How long one run of the compiler may take. The slowest honest exercise needs under a second; a loaded
    /// classroom machine gets sixty times that.
    pub compile_limit: Duration,
    /// Compile and run behind walls: for other people's code.
    pub confinement: Option<walls::Confinement>,
    /// Where the values that hidden tests draw come from.
    pub draws: Draws,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache: true,
            compile_limit: Duration::from_secs(60),
            confinement: None,
            draws: Draws::default(),
        }
    }
}
