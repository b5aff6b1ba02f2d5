//! Writes the same exercises as a workbook for each of the two programs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::exercises::{Exercise, chapters, steps, table};

/// Writes a file, and the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Outcome<()> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("write {}: {error}", path.display()))
}

/// Removes a folder, if it is there.
pub(crate) fn remove(folder: &Path) -> Outcome<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("remove {}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    let text = fs::read_to_string(from).map_err(|error| format!("read {}: {error}", from.display()))?;
    write(to, &text)
}

/// Copies a folder with all that is in it.
fn copy_folder(from: &Path, to: &Path) -> Outcome<()> {
    let entries = fs::read_dir(from).map_err(|error| format!("read {}: {error}", from.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| format!("read {}: {error}", from.display()))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy_folder(&path, &target)? } else { copy(&path, &target)? }
    }
    Ok(())
}

/// A workbook in the format that `rustlings dev new` writes. The exercises' files are not written here.
pub(crate) fn for_rustlings(repository: &Path, folder: &Path, exercises: &[Exercise]) -> Outcome<()> {
    let mut info = "format_version = 1\n".to_owned();
    let mut bins = String::new();
    for exercise in exercises {
        let Exercise { name, chapter, .. } = exercise;
        let path = exercise.path();
        append(
            &mut info,
            format_args!("\n[[exercises]]\nname = \"{name}\"\ndir = \"{chapter}\"\nhint = \"\"\n"),
        );
        append(&mut bins, format_args!("  {{ name = \"{name}\", path = \"{path}\" }},\n"));
    }
    write(&folder.join("info.toml"), &info)?;
    let dependencies = table(&repository.join("exercises/workbook.toml"))?
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .cloned()
        .unwrap_or_default();
    // A dependency has a version; the table of a tier has none.
    let dependencies: toml::Table = dependencies
        .into_iter()
        .filter(|(_, value)| value.as_table().is_none_or(|table| table.contains_key("version")))
        .collect();
    let manifest = format!(
        "bin = [\n{bins}]\n\n[package]\nname = \"exercises\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [dependencies]\n{dependencies}testkit = {{ path = \"testkit\" }}\n",
        dependencies = inline(&dependencies)
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    copy(&repository.join("exercises/workbook.lock"), &folder.join("Cargo.lock"))?;
    copy_folder(&repository.join("tests/testkit"), &folder.join("testkit"))
}

/// A workbook of ours that has the same exercises and no quizzes.
pub(crate) fn for_tokiolings(repository: &Path, folder: &Path, exercises: &[Exercise]) -> Outcome<()> {
    let mut manifest = table(&repository.join("exercises/workbook.toml"))?;
    let mut used = Vec::new();
    for chapter in chapters(repository)? {
        let originals = steps(repository, &chapter)?;
        let mine: Vec<&Exercise> = exercises.iter().filter(|exercise| exercise.chapter == chapter).collect();
        if mine.is_empty() {
            continue;
        }
        let mut entries = Vec::new();
        for exercise in mine {
            let is_it = |step: &&toml::Table| {
                step.get("exercise").and_then(toml::Value::as_str) == Some(exercise.original.as_str())
            };
            let mut entry = originals.iter().find(is_it).cloned().unwrap_or_default();
            entry.insert("exercise".to_owned(), exercise.name.clone().into());
            entries.push(toml::Value::Table(entry));
            let file = format!("{chapter}/{}.rs", exercise.name);
            let text = format!("{}\n", exercise.edited(crate::exercises::Edit::Harmless, "start"));
            write(&folder.join("exercises").join(&file), &text)?;
            write(&folder.join("solutions").join(&file), &text)?;
            write(&folder.join("tests/hidden").join(&file), &exercise.hidden)?;
        }
        let below = Path::new("exercises").join(&chapter);
        let mut chapter_manifest = table(&repository.join(&below).join("chapter.toml"))?;
        chapter_manifest.insert("step".to_owned(), toml::Value::Array(entries));
        write(&folder.join(&below).join("chapter.toml"), &chapter_manifest.to_string())?;
        copy(&repository.join(&below).join("README.md"), &folder.join(&below).join("README.md"))?;
        used.push(toml::Value::String(chapter));
    }
    manifest.insert("chapters".to_owned(), toml::Value::Array(used));
    write(&folder.join("exercises/workbook.toml"), &manifest.to_string())?;
    copy(&repository.join("exercises/workbook.lock"), &folder.join("exercises/workbook.lock"))
}

/// Each entry of a table on a line of its own.
fn inline(table: &toml::Table) -> String {
    table.iter().fold(String::new(), |mut text, (key, value)| {
        append(&mut text, format_args!("{key} = {value}\n"));
        text
    })
}

fn append(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a `String` takes every write");
}
