//! The workbook that the binary carries.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::files::Files;

// Wrong and right answers stay out of the binary: they test the workbook, and no learner needs them.
static FOLDERS: [(&str, Dir<'static>); 5] = [
    ("exercises", include_dir!("$CARGO_MANIFEST_DIR/exercises")),
    ("solutions", include_dir!("$CARGO_MANIFEST_DIR/solutions")),
    ("tests/hidden", include_dir!("$CARGO_MANIFEST_DIR/tests/hidden")),
    ("tests/mutants", include_dir!("$CARGO_MANIFEST_DIR/tests/mutants")),
    ("tests/testkit", include_dir!("$CARGO_MANIFEST_DIR/tests/testkit")),
];

/// By path: `Dir` looks at one file after the other.
static FILES: LazyLock<BTreeMap<String, &'static [u8]>> = LazyLock::new(|| {
    let mut files = BTreeMap::new();
    for (prefix, folder) in &FOLDERS {
        add(prefix, folder, &mut files);
    }
    files
});

fn add(prefix: &str, folder: &'static Dir<'static>, files: &mut BTreeMap<String, &'static [u8]>) {
    for file in folder.files() {
        // Always with `/`: the macro writes it so on every system.
        files.insert(format!("{prefix}/{}", file.path().display()), file.contents());
    }
    for folder in folder.dirs() {
        add(prefix, folder, files);
    }
}

/// The files of the built-in workbook.
pub(super) struct Builtin;

impl Files for Builtin {
    fn read(&self, path: &str) -> io::Result<String> {
        match FILES.get(path) {
            Some(bytes) => String::from_utf8(bytes.to_vec()).map_err(io::Error::other),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let inside = |path: &&String| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        FILES.keys().filter(inside).cloned().collect()
    }

    fn root(&self) -> Option<&Path> {
        None
    }
}
