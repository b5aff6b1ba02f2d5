//! The floors of the house, as the tables of `ARCHITECTURE.md` have them: who stands where, and who may know whom.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::imports::Import;

/// All rows whose first cell is a folder or a file below `src/`, in their order.
pub(crate) struct Floors(Vec<Floor>);

struct Floor {
    /// `src/grader/walls`, `src/grader/play.rs`.
    path: PathBuf,
    /// What the table says about it.
    about: String,
    /// The floors beside it that it may know, by their names.
    knows: BTreeSet<String>,
}

impl Floors {
    /// Reads rows such as ``| `src/screen/` | values → lines | `workbook`, `verdict` |``.
    pub(crate) fn read(text: &str) -> Self {
        let rows = text.lines().filter_map(|line| {
            let mut cells = line.strip_prefix("| `src/")?.split(" | ");
            let path = Path::new("src").join(cells.next()?.trim_end_matches(['`', '/']));
            let (about, knows) = (cells.next()?.to_owned(), cells.next()?);
            let knows = knows.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            Some(Floor { path, about, knows })
        });
        Self(rows.collect())
    }

    /// What is wrong with the tables: each folder and file has its place in its table or none beside it has, and floors
    /// stand above those that they know.
    pub(crate) fn faults(&self, root: &Path) -> Vec<String> {
        let mut faults = Vec::new();
        let mut folders = BTreeSet::new();
        for (at, floor) in self.0.iter().enumerate() {
            folders.insert(floor.folder());
            if !root.join(&floor.path).exists() {
                faults.push(format!("ARCHITECTURE.md has a row for {}, which is gone", floor.path.display()));
            }
            let below = |name: &&String| {
                self.0[..at].iter().any(|other| other.folder() == floor.folder() && other.name() == **name)
            };
            let above: Vec<&String> = floor.knows.iter().filter(|name| !below(name)).collect();
            if !above.is_empty() {
                faults.push(format!("{} knows {above:?}, and no row above has them", floor.path.display()));
            }
        }
        for folder in folders {
            for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
                let path = folder.join(entry.file_name());
                let empty = path.extension().is_none() && super::sources(&root.join(&path)).is_empty();
                let roof = ["mod.rs", "lib.rs", "main.rs"].iter().any(|name| path.ends_with(name));
                if !roof && !empty && !self.0.iter().any(|floor| floor.path == path) {
                    faults.push(format!(
                        "{} has no row in the table of {}",
                        path.display(),
                        folder.display()
                    ));
                }
            }
        }
        faults
    }

    /// What is wrong with an import.
    pub(crate) fn stray(&self, import: &Import) -> Option<String> {
        let Import { from, to, line, what } = import;
        let (floor, other) = self.0.iter().find_map(|floor| Some((floor, floor.leaves_for(from, to)?)))?;
        let Floor { about, knows, .. } = floor;
        let path = floor.path.display();
        Some(format!(
            "{}:{line} imports {what}: {path} ({about}) knows {knows:?}, and not {other}",
            from.display()
        ))
    }

    /// What is wrong with the paths in a text, its tests included, which are looked for by their first names alone.
    pub(crate) fn strays_of(&self, file: &Path, text: &str) -> Vec<String> {
        let mut strays = Vec::new();
        for other in &self.0 {
            let name = other.path.with_extension("").display().to_string();
            let name = name.replace("src/", "crate::").replace('/', "::");
            for (at, _) in text.match_indices(&format!("{name}::")) {
                let line = 1 + text[..at].matches('\n').count();
                let (from, to) = (file.to_path_buf(), other.path.clone());
                strays.extend(self.stray(&Import { from, to, line, what: name.clone() }));
            }
        }
        strays
    }
}

impl Floor {
    fn folder(&self) -> &Path {
        self.path.parent().expect("it is below src")
    }

    fn name(&self) -> String {
        self.path.file_stem().expect("a path has a name").to_string_lossy().into_owned()
    }

    /// The floor beside this one that an import leads to, when it may not.
    fn leaves_for(&self, from: &Path, to: &Path) -> Option<String> {
        if !from.starts_with(&self.path) || to.starts_with(&self.path) {
            return None;
        }
        let beside = to.strip_prefix(self.folder()).ok()?.components().next()?;
        let name = Path::new(&beside).file_stem()?.to_string_lossy().into_owned();
        (!self.knows.contains(&name)).then_some(name)
    }
}
