//! Files that no step names. They look like a part of the workbook and are none, which is how a misspelt name or a
//! forgotten `[[step]]` shows.

use std::collections::{BTreeMap, BTreeSet};

use super::equivalent;
use super::files::Files;
use super::implementation;
use super::walk::Findings;

/// The names of the steps of each chapter that `workbook.toml` lists. A chapter whose `chapter.toml` could not be
/// read has `None`: any file may be its.
pub(super) type Named = BTreeMap<String, Option<BTreeSet<String>>>;

/// Notes every stray chapter folder, Rust file and record.
pub(super) fn find(files: &dyn Files, named: &Named, findings: &Findings) {
    for area in ["exercises", "solutions", "tests/hidden"] {
        look(files, area, ".rs", named, findings, |rest| rest.strip_suffix(".rs"));
    }
    look(files, equivalent::FOLDER, ".toml", named, findings, |rest| rest.strip_suffix(".toml"));
    look(files, implementation::FOLDER, ".rs", named, findings, |rest| {
        let (name, file) = rest.split_once('/')?;
        (!file.trim_start_matches("right/").contains('/')).then_some(name)
    });
    for area in ["tests/wrong", "tests/right"] {
        look(files, area, ".rs", named, findings, |rest| {
            let (name, answer) = rest.split_once('/')?;
            (!answer.contains('/')).then_some(name)
        });
    }
}

/// Looks at the files with this ending. `name_of` tells whose file it is by its path below the chapter's folder; `None`
/// when it is in no place for one.
fn look(
    files: &dyn Files,
    area: &str,
    ending: &str,
    named: &Named,
    findings: &Findings,
    name_of: impl Fn(&str) -> Option<&str>,
) {
    let mut folders = BTreeSet::new();
    for path in files.list(area) {
        let rest = &path[area.len() + 1..];
        let Some((chapter, rest)) = rest.split_once('/') else {
            if path.ends_with(ending) {
                findings.add(&path, None, "is in no chapter; move it into the folder of one, or delete it");
            }
            continue;
        };
        let Some(names) = named.get(chapter) else {
            if path.ends_with(ending) || rest == "chapter.toml" {
                folders.insert(chapter.to_owned());
            }
            continue;
        };
        let Some(names) = names.as_ref().filter(|_| path.ends_with(ending)) else { continue };
        match name_of(rest) {
            Some(name) if names.contains(name) => {}
            Some(name) if !name.contains('/') => findings.add(
                &path,
                None,
                format!(
                    "no step names it: add a [[step]] with exercise = \"{name}\" to \
                     exercises/{chapter}/chapter.toml, or delete the file"
                ),
            ),
            _ => findings.add(&path, None, "no step looks for a file here; move it or delete it"),
        }
    }
    for chapter in folders {
        findings.add(
            &format!("{area}/{chapter}"),
            None,
            "no chapter has this name: add it to `chapters` in exercises/workbook.toml, or delete the folder",
        );
    }
}
