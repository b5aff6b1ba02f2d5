//! What a grader tells of the machine that it grades on.

use std::path::PathBuf;

use super::grader::Grader;
use super::toolchain::dependencies;
use crate::verdict::Broken;

impl Grader {
    /// Where cargo has built the dependencies: a target folder that the user's own cargo can build in, too. `None` when it
    /// has settings that change what is built.
    ///
    /// # Errors
    /// What the machine lacks, and the remedy.
    pub async fn target_folder(&self) -> Result<Option<PathBuf>, Broken> {
        let toolchain = self.toolchain().await?;
        Ok(dependencies::target_folder(&self.shared.home, &self.shared.workbook, toolchain))
    }

    /// The compiler that grades, as it names itself: `rustc 1.95.0 (…)`.
    ///
    /// # Errors
    /// What the machine lacks, and the remedy.
    pub async fn compiler(&self) -> Result<String, Broken> {
        Ok(self.toolchain().await?.version.lines().next().unwrap_or_default().to_owned())
    }
}
