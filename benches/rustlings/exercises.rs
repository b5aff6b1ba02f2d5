//! The exercises that both programs can grade, and edits of them.

use std::fs;
use std::path::Path;

use syn::spanned::Spanned;

use crate::Outcome;

/// One exercise, solved.
#[derive(Clone)]
pub(crate) struct Exercise {
    pub(crate) chapter: String,
    /// The name of the original, which its entry in `chapter.toml` has.
    pub(crate) original: String,
    /// Its own name: another one for a copy.
    pub(crate) name: String,
    solution: String,
    pub(crate) hidden: String,
    /// Where in the solution an edit goes: behind the brace that opens the body of a function under test.
    place: usize,
}

/// What a line in the body of a function does to the verdict.
#[derive(Clone, Copy)]
pub(crate) enum Edit {
    /// Nothing.
    Harmless,
    /// It is a type error.
    TypeError,
}

impl Edit {
    /// The line, with a text that no earlier edit had, so that no cache knows it.
    fn line(self, text: &str) -> String {
        match self {
            Self::Harmless => format!("let _ = std::hint::black_box(\"{text}\");"),
            Self::TypeError => format!("let _: u32 = \"{text}\";"),
        }
    }
}

impl Exercise {
    /// The exercises of the repository in order, and why the others cannot be compared.
    pub(crate) fn all(repository: &Path) -> Outcome<(Vec<Self>, Vec<String>)> {
        let mut found = Vec::new();
        let mut left_out = Vec::new();
        for chapter in chapters(repository)? {
            for step in steps(repository, &chapter)? {
                let Some(name) = step.get("exercise").and_then(toml::Value::as_str) else { continue };
                match incomparable(&step) {
                    Some(reason) => left_out.push(format!("`{name}` ({reason})")),
                    None => found.push(Self::read(repository, &chapter, name)?),
                }
            }
        }
        Ok((found, left_out))
    }

    fn read(repository: &Path, chapter: &str, name: &str) -> Outcome<Self> {
        let read = |folder: &str| {
            let path = repository.join(folder).join(chapter).join(name).with_extension("rs");
            fs::read_to_string(&path).map_err(|error| format!("read {}: {error}", path.display()))
        };
        let (solution, hidden) = (read("solutions")?, read("tests/hidden")?);
        let place =
            place(&solution).ok_or_else(|| format!("find a function to edit in the solution of {name}"))?;
        let (chapter, name) = (chapter.to_owned(), name.to_owned());
        Ok(Self { chapter, original: name.clone(), name, solution, hidden, place })
    }

    /// The same under another name.
    pub(crate) fn copy(&self, number: usize) -> Self {
        Self { name: format!("{}_copy_{number}", self.name), ..self.clone() }
    }

    /// The path of the learner's file, below the folder of either workbook.
    pub(crate) fn path(&self) -> String {
        format!("exercises/{}/{}.rs", self.chapter, self.name)
    }

    /// The solution with a line more. The line stands alone, so that all others keep their place from edit to edit.
    pub(crate) fn edited(&self, edit: Edit, text: &str) -> String {
        let (before, after) = self.solution.split_at(self.place);
        format!("{before}\n    {}{after}", edit.line(text))
    }

    /// The hidden tests as rustlings wants them: a module at the end of the learner's file.
    pub(crate) fn test_module(&self) -> String {
        let mut module = String::with_capacity(self.hidden.len() + 64);
        let mut rest = self.hidden.as_str();
        while let Some(at) = rest.find("exercise::") {
            let (before, after) = rest.split_at(at);
            module.push_str(before);
            let inside_a_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            module.push_str(if inside_a_name { "exercise::" } else { "crate::" });
            rest = &after["exercise::".len()..];
        }
        module.push_str(rest);
        format!("\n#[cfg(test)]\nmod tests {{\n{module}}}\n")
    }
}

/// Why an exercise cannot be given to rustlings, if it cannot.
fn incomparable(step: &toml::Table) -> Option<&'static str> {
    if step.get("program").and_then(toml::Value::as_bool) == Some(true) {
        Some("its tests run the learner's program")
    } else if step.contains_key("graded_by") {
        Some("its tests are the learner's")
    } else if step.contains_key("after") {
        Some("its tests are also those of other exercises")
    } else {
        None
    }
}

/// The chapters of a workbook, in order.
pub(crate) fn chapters(repository: &Path) -> Outcome<Vec<String>> {
    let manifest = table(&repository.join("exercises/workbook.toml"))?;
    let chapters = manifest.get("chapters").and_then(toml::Value::as_array).into_iter().flatten();
    Ok(chapters.filter_map(|chapter| chapter.as_str().map(str::to_owned)).collect())
}

/// The steps of a chapter, as they stand in its manifest.
pub(crate) fn steps(repository: &Path, chapter: &str) -> Outcome<Vec<toml::Table>> {
    let manifest = table(&repository.join("exercises").join(chapter).join("chapter.toml"))?;
    let steps = manifest.get("step").and_then(toml::Value::as_array).into_iter().flatten();
    Ok(steps.filter_map(|step| step.as_table().cloned()).collect())
}

/// A TOML file.
pub(crate) fn table(path: &Path) -> Outcome<toml::Table> {
    let text = fs::read_to_string(path).map_err(|error| format!("read {}: {error}", path.display()))?;
    text.parse().map_err(|error| format!("parse {}: {error}", path.display()))
}

/// Behind the opening brace of the first public function, or else of the first method that is public or of a trait.
fn place(source: &str) -> Option<usize> {
    let public = |visibility: &syn::Visibility| matches!(visibility, syn::Visibility::Public(_));
    let file = syn::parse_file(source).ok()?;
    let functions = file.items.iter().filter_map(|item| match item {
        syn::Item::Fn(function) if public(&function.vis) => Some(&*function.block),
        _ => None,
    });
    let methods = file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) => block.items.iter().find_map(|item| match item {
            syn::ImplItem::Fn(method) if block.trait_.is_some() || public(&method.vis) => Some(&method.block),
            _ => None,
        }),
        _ => None,
    });
    let block = functions.chain(methods).next()?;
    Some(block.brace_token.span.open().span().byte_range().start + 1)
}
