//! The workspace's `.cargo/config.toml`: `cargo run` and the editor find there what the grader has built already.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::workspace::{Error, Workspace, disk};

/// Below the workspace.
pub(super) const PATH: &str = ".cargo/config.toml";

/// The first line of a file that is ours.
const MARK: &str = "# Written by tokiolings; take this line away to keep changes of your own.";

impl Workspace {
    /// Makes Cargo build in this target folder. A file of the learner's own stays as it is.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn build_in(&self, target: &Path) -> Result<(), Error> {
        let path = self.root().join(PATH);
        let before = match fs::read_to_string(&path) {
            Ok(text) if text.starts_with(MARK) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Ok(_) => return Ok(()),
            Err(error) => return Err(Error::read(path)(error)),
        };
        let Some(target) = target.to_str() else { return Ok(()) };
        let after = format!(
            "{MARK}\n\
             # The grader has built the dependencies there, so nothing is built twice.\n\
             [build]\n\
             target-dir = {}\n",
            toml::Value::from(target)
        );
        if before.as_ref() == Some(&after) {
            return Ok(());
        }
        let folder = path.parent().expect("a file below a folder has a parent");
        fs::create_dir_all(folder).map_err(Error::folder(folder))?;
        disk::replace(&path, after.as_bytes()).map_err(Error::write(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_folder_and_leaves_a_learners_own_file_alone() {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(root.path().to_path_buf());
        let path = root.path().join(PATH);
        let target = |text: &str| toml::from_str::<toml::Table>(text).unwrap()["build"]["target-dir"].clone();
        for folder in ["/one/target", "/two \\ \"quoted\"/target"] {
            workspace.build_in(Path::new(folder)).unwrap();
            assert_eq!(target(&fs::read_to_string(&path).unwrap()).as_str(), Some(folder));
        }
        fs::write(&path, "[build]\n").unwrap();
        workspace.build_in(Path::new("/three")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "[build]\n");
    }
}
