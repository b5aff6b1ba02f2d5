//! An exercise, a prediction, or a workbook.

use std::collections::BTreeSet;
use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Value};

use super::error::Error;
use super::files::Files;
use super::prose::{self, Prose, SAMPLE, TO_DO};
use crate::workbook::{Dependency, Workbook, is_chapter_id, is_snake_case};

const MANIFEST: &str = "exercises/workbook.toml";

/// The chapter of a new workbook.
const FIRST_CHAPTER: &str = "01_first_steps";

/// The chapter that the page on how exercises are written puts its example in.
const GUIDE_CHAPTER: &str = "02_engine";

/// The exercise of a new workbook.
const FIRST: &str = "breakfast";

/// The prediction of a new workbook.
const PREDICTED: &str = "who_is_first";

/// Makes an exercise, `CHAPTER/NAME`, in the workbook in a folder, and its chapter if that is new. Gives the files that
/// were written, below the folder.
///
/// # Errors
/// The name, the workbook or the disk stands in the way; what was written before the disk refused stays.
pub fn exercise(root: &Path, name: &str) -> Result<Vec<String>, Error> {
    let (workbook, chapter, name) = free(root, name)?;
    let mut files = Files::new(root);
    add_exercise(&mut files, chapter, name, &TO_DO);
    add_step(&mut files, &workbook, chapter, &prose::step(name, &TO_DO))?;
    files.write(&format!("the exercise {chapter}/{name}"))
}

/// Makes a prediction, `CHAPTER/NAME`, in a chapter of the workbook in a folder. Gives the files that were written, below
/// the folder.
///
/// # Errors
/// The name, the workbook or the disk stands in the way; what was written before the disk refused stays.
pub fn prediction(root: &Path, name: &str) -> Result<Vec<String>, Error> {
    let (workbook, chapter, name) = free(root, name)?;
    let mut files = Files::new(root);
    add_program(&mut files, chapter, name);
    let step = prose::predict(name, &TO_DO);
    add_step(&mut files, &workbook, chapter, &step)?;
    files.write(&format!("the prediction {chapter}/{name}"))
}

/// The workbook in a folder, and the chapter and name of a new step, which no other step has.
fn free<'n>(root: &Path, name: &'n str) -> Result<(Workbook, &'n str, &'n str), Error> {
    let parts = name.split_once('/').filter(|(chapter, name)| is_chapter_id(chapter) && is_snake_case(name));
    let Some((chapter, name)) = parts else { return Err(Error::Name(name.to_owned())) };
    let workbook = Workbook::read(root)?;
    if let Some((place, _)) = workbook.steps().find(|(_, step)| step.name() == name) {
        return Err(Error::Taken { name: name.to_owned(), place: place.id.clone() });
    }
    Ok((workbook, chapter, name))
}

/// Adds a step to its chapter, which may be new.
fn add_step(files: &mut Files<'_>, workbook: &Workbook, chapter: &str, step: &str) -> Result<(), Error> {
    if workbook.chapter(chapter).is_some() {
        let file = format!("exercises/{chapter}/chapter.toml");
        let text = files.read(&file)?;
        files.change(&file, with_step(&file, &text, step)?);
    } else {
        add_chapter(files, chapter, &TO_DO, step);
        let text = files.read(MANIFEST)?;
        files.change(MANIFEST, with_chapter(&text, chapter)?);
    }
    Ok(())
}

/// Makes a whole workbook with one exercise in a folder, which is created if need be.
///
/// # Errors
/// There is something already, or the disk stands in the way.
pub fn workbook(root: &Path) -> Result<Vec<String>, Error> {
    // Its dependencies are those of the built-in workbook, word for word: then they have been built already. With all tiers,
    // because the lock file is for all of them, and Cargo is to change nothing in it.
    let builtin = Workbook::builtin()?;
    let title = root.file_name().map_or("workbook".into(), |name| name.to_string_lossy());
    let lines = |of: &[Dependency]| -> Vec<String> {
        of.iter().map(|dependency| format!("{} = {}", dependency.name, dependency.spec)).collect()
    };
    let mut dependencies = lines(&builtin.dependencies.base);
    for (tier, members) in &builtin.dependencies.tiers {
        dependencies.push(format!("\n[dependencies.{tier}]"));
        dependencies.extend(lines(members));
    }
    let mut files = Files::new(root);
    let manifest = prose::WORKBOOK
        .replace("{{title}}", &title.replace(['"', '\\'], ""))
        .replace("{{dependencies}}", &dependencies.join("\n"));
    files.add(MANIFEST, manifest);
    if let Some(lock) = builtin.dependencies.lock {
        files.add("exercises/workbook.lock", lock);
    }
    let steps = prose::step(FIRST, &SAMPLE) + prose::QUIZ + &prose::predict(PREDICTED, &SAMPLE);
    add_chapter(&mut files, FIRST_CHAPTER, &SAMPLE, &steps);
    add_exercise(&mut files, FIRST_CHAPTER, FIRST, &SAMPLE);
    add_program(&mut files, FIRST_CHAPTER, PREDICTED);
    let own = format!("{FIRST_CHAPTER}/{FIRST}");
    files.add(&format!("tests/wrong/{own}/toast_first.rs"), prose::TOAST_FIRST.to_owned());
    files.add(&format!("tests/right/{own}/select.rs"), prose::SELECT.to_owned());
    files.add("README.md", prose::README.replace("{{title}}", &title));
    // Its worked example is the sample.
    files.add("exercises/README.md", prose::GUIDE.replace(GUIDE_CHAPTER, FIRST_CHAPTER));
    files.add(".github/workflows/certify.yml", prose::CERTIFY.to_owned());
    files.add(".gitignore", "# Workspaces of people who try it out here.\n/tokiolings/\n".to_owned());
    files.write("a workbook")
}

fn add_exercise(files: &mut Files<'_>, chapter: &str, name: &str, prose: &Prose) {
    let own = format!("{chapter}/{name}");
    files.add(&format!("exercises/{own}.rs"), prose.fill(prose::STARTER));
    files.add(&format!("solutions/{own}.rs"), prose.fill(prose::SOLUTION));
    files.add(&format!("tests/hidden/{own}.rs"), prose.fill(prose::HIDDEN));
    files.add(&format!("tests/wrong/{own}/swapped.rs"), prose.fill(prose::SWAPPED));
}

fn add_program(files: &mut Files<'_>, chapter: &str, name: &str) {
    files.add(&format!("exercises/{chapter}/predict/{name}.rs"), prose::PROGRAM.to_owned());
}

fn add_chapter(files: &mut Files<'_>, chapter: &str, prose: &Prose, step: &str) {
    let words = chapter[3..].replace('_', " ");
    let title: String =
        words.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect();
    files.add(&format!("exercises/{chapter}/chapter.toml"), format!("title = \"{title}\"\n{step}"));
    let page = prose.fill(prose::CHAPTER).replace("{{title}}", &title);
    files.add(&format!("exercises/{chapter}/README.md"), page);
}

/// A `chapter.toml` with one more step at its end.
fn with_step(file: &str, text: &str, step: &str) -> Result<String, Error> {
    let longer = format!("{}\n{step}", text.trim_end());
    // An array in brackets cannot be continued by a header.
    match longer.parse::<DocumentMut>() {
        Ok(_) => Ok(longer),
        Err(error) => Err(Error::Manifest { file: file.to_owned(), problem: error.message().to_owned() }),
    }
}

/// A `workbook.toml` with one more chapter, in the order of the numbers; comments and layout stay.
fn with_chapter(text: &str, chapter: &str) -> Result<String, Error> {
    let refused = |problem: &str| Error::Manifest { file: MANIFEST.to_owned(), problem: problem.to_owned() };
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| refused(error.message()))?;
    let chapters = document
        .get_mut("chapters")
        .and_then(Item::as_array_mut)
        .ok_or_else(|| refused("`chapters` is not an array"))?;
    insert(chapters, chapter);
    Ok(document.to_string())
}

fn insert(chapters: &mut Array, chapter: &str) {
    let behind = |value: &Value| value.as_str().is_some_and(|other| other > chapter);
    let at = chapters.iter().position(behind).unwrap_or(chapters.len());
    // As its neighbour stands: on a line of its own, or not.
    let prefix = |value: &Value| value.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or("").to_owned();
    let neighbour = chapters.get(at.saturating_sub(1)).map(prefix).unwrap_or_default();
    let mut value = Value::from(chapter);
    let own_line = neighbour.contains('\n');
    value.decor_mut().set_prefix(match (own_line, at) {
        (true, _) => neighbour.lines().last().map(|indent| format!("\n{indent}")).unwrap_or_default(),
        (false, 0) => String::new(),
        (false, _) => " ".to_owned(),
    });
    if at == 0
        && !own_line
        && let Some(first) = chapters.get_mut(0)
    {
        first.decor_mut().set_prefix(" ");
    }
    // What stands behind the last value, in front of the bracket, stays there.
    if at == chapters.len()
        && let Some(last) = at.checked_sub(1).and_then(|last| chapters.get_mut(last))
    {
        let suffix = last.decor().suffix().and_then(|raw| raw.as_str()).unwrap_or("").to_owned();
        last.decor_mut().set_suffix("");
        value.decor_mut().set_suffix(suffix);
    }
    chapters.insert_formatted(at, value);
}

/// What an author does next, file by file: those of the written files in which something is left to be written.
#[must_use]
pub fn to_fill(root: &Path, written: &[String]) -> BTreeSet<String> {
    let open =
        |file: &&String| std::fs::read_to_string(root.join(file)).is_ok_and(|text| text.contains("TODO"));
    written.iter().filter(open).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapters(text: &str, chapter: &str) -> String {
        with_chapter(text, chapter).unwrap()
    }

    #[test]
    fn a_chapter_is_put_where_its_number_belongs_and_nothing_else_changes() {
        let line = "# Mine.\nchapters = [\"01_one\", \"03_three\"] # so far\n[dependencies]\n";
        assert_eq!(
            chapters(line, "02_two"),
            "# Mine.\nchapters = [\"01_one\", \"02_two\", \"03_three\"] # so far\n[dependencies]\n"
        );
        assert_eq!(chapters("chapters = [\"02_two\"]\n", "01_one"), "chapters = [\"01_one\", \"02_two\"]\n");
        assert_eq!(chapters("chapters = []\n", "01_one"), "chapters = [\"01_one\"]\n");
        assert_eq!(
            chapters("chapters = [\n  \"01_one\", # the first\n  \"02_two\",\n]\n", "09_nine"),
            "chapters = [\n  \"01_one\", # the first\n  \"02_two\",\n  \"09_nine\",\n]\n"
        );
        assert!(with_chapter("chapters = 3\n", "01_one").is_err());
    }

    #[test]
    fn the_guide_names_what_testkit_has() {
        let workbook = Workbook::builtin().unwrap();
        let code: String = workbook.testkit.iter().map(|(_, text)| text.as_str()).collect();
        let (_, table) = prose::GUIDE.split_once("## testkit at a glance").unwrap();
        let calls: Vec<&str> = table
            .match_indices('(')
            .filter_map(|(at, _)| {
                table[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '_' && c != '!').next()
            })
            .filter(|name| !name.is_empty())
            .collect();
        assert!(calls.len() > 30, "{calls:?}");
        for name in calls {
            let has = match name.strip_suffix('!') {
                Some(of_macro) => code.contains(&format!("macro_rules! {of_macro}")),
                // The variants of an enum are called like functions.
                None if name.starts_with(char::is_uppercase) => code.contains(&format!("\n    {name}(")),
                None => code.contains(&format!("fn {name}(")) || code.contains(&format!("fn {name}<")),
            };
            assert!(has, "testkit has no `{name}`");
        }
    }

    #[test]
    fn a_new_workbook_has_the_guide_and_its_example_where_the_guide_says() {
        let folder = tempfile::tempdir().unwrap();
        let written = workbook(folder.path()).unwrap();
        assert!(prose::GUIDE.contains(GUIDE_CHAPTER), "the page puts its example elsewhere");
        let guide = std::fs::read_to_string(folder.path().join("exercises/README.md")).unwrap();
        for file in ["exercises/01_first_steps/breakfast.rs", "tests/hidden/01_first_steps/breakfast.rs"] {
            assert!(guide.contains(file) && written.iter().any(|other| other == file), "{file}: {written:?}");
        }
    }

    #[test]
    fn a_step_goes_to_the_end() {
        let text = "title = \"One\"\n\n[[step]]\nquiz = \"a\"\n\n\n";
        let longer = with_step("x", text, &prose::step("mine", &TO_DO)).unwrap();
        assert!(
            longer
                .starts_with("title = \"One\"\n\n[[step]]\nquiz = \"a\"\n\n[[step]]\nexercise = \"mine\"\n"),
            "{longer}"
        );
        assert!(with_step("x", "step = []\n", &prose::step("mine", &TO_DO)).is_err());
    }
}
