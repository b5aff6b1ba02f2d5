//! The book's pages: the first one with the chapters, one for each chapter, and one that searches.

use super::markdown::{Ids, Section, lead, render};
use super::page::{self, ChapterView, Entry, Frame, StepView};
use super::search::{Index, Place};
use crate::workbook::{Chapter, Exercise, Step, Workbook};

/// The page that searches.
const SEARCH: &str = "search.html";

/// The first page.
pub const INDEX: &str = "index.html";

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its file's name.
    pub name: String,
    /// Its HTML.
    pub html: String,
}

/// All pages, the first one first.
#[must_use]
pub fn pages(workbook: &Workbook) -> Vec<Page> {
    let mut index = Index::default();
    let chapters: Vec<ChapterView<'_>> =
        workbook.chapters.iter().enumerate().map(|(at, chapter)| view(workbook, chapter, at + 1)).collect();
    for chapter in &chapters {
        index.add(chapter.title, places(chapter));
    }
    let title = |at: usize| {
        let chapter = chapters.get(at)?;
        Some((chapter.file.as_str(), chapter.title))
    };
    let frame = |name: &str, title: &str| Frame {
        book: &workbook.title,
        title: title.to_owned(),
        index: INDEX,
        search: SEARCH,
        before: None,
        after: None,
        is_search: name == SEARCH,
    };
    let page = |name: &str, html: String| Page { name: name.to_owned(), html };
    let entries: Vec<Entry<'_>> = workbook
        .chapters
        .iter()
        .zip(&chapters)
        .map(|(chapter, view)| Entry { chapter: view, lead: lead(&chapter.readme) })
        .collect();
    let first = Frame { after: title(0), ..frame(INDEX, &workbook.title) };
    let mut pages = vec![page(INDEX, page::index(&first, &entries))];
    for (at, chapter) in chapters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(title).or(Some((INDEX, "All chapters")));
        let name = format!("{}. {}", chapter.number, chapter.title);
        let frame = Frame { before, after: title(at + 1), ..frame(&chapter.file, &name) };
        pages.push(page(&chapter.file, page::chapter(&frame, chapter)));
    }
    pages.push(page(SEARCH, page::search(&frame(SEARCH, "Search"), &index)));
    pages
}

fn file_of(chapter: &str) -> String {
    format!("{chapter}.html")
}

fn view<'a>(workbook: &Workbook, chapter: &'a Chapter, number: usize) -> ChapterView<'a> {
    let links = |to: &str| link(workbook, &chapter.id, to);
    let mut ids = Ids::default();
    let text = render(&chapter.readme, 0, &mut ids, &links);
    let steps = chapter
        .steps
        .iter()
        .map(|step| {
            // The name of a step stands two levels below the title of the page.
            let (id, asks, starter) = match step {
                Step::Exercise(exercise) => {
                    let (task, code) = task_and_code(&exercise.starter);
                    (exercise_id(&exercise.name), task, starter(exercise, code))
                }
                Step::Quiz(quiz) => (format!("question.{}", quiz.name), quiz.question.clone(), None),
            };
            StepView { step, id, asks: render(&asks, 3, &mut ids, &links), starter }
        })
        .collect();
    ChapterView { number, file: file_of(&chapter.id), title: &chapter.title, text, steps }
}

/// An anchor that no heading can have: a heading's id has no dot.
fn exercise_id(name: &str) -> String {
    format!("exercise.{name}")
}

/// The code that a learner starts from. That of a step with a past is the solution of the step before, which is nobody's to read who
/// has not solved it.
fn starter(exercise: &Exercise, code: &str) -> Option<String> {
    exercise.after.is_none().then(|| code.trim_end().to_owned() + "\n")
}

/// What to do, as Markdown, and the code below it.
fn task_and_code(starter: &str) -> (String, &str) {
    let mut task = String::new();
    let mut code = starter;
    while let Some((line, rest)) = code.split_once('\n').filter(|(line, _)| line.starts_with("//!")) {
        let line = &line["//!".len()..];
        task.push_str(line.strip_prefix(' ').unwrap_or(line));
        task.push('\n');
        code = rest;
    }
    let blank: usize =
        code.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    (task, &code[blank..])
}

/// Where a link of a chapter's page leads in the book: to another site, a place on this page, another chapter, or an exercise.
/// `None` where the book has nothing of the kind.
fn link(workbook: &Workbook, from: &str, to: &str) -> Option<String> {
    if ["https://", "http://", "mailto:"].iter().any(|scheme| to.starts_with(scheme)) || to.starts_with('#') {
        return Some(to.to_owned());
    }
    let (path, anchor) =
        to.split_once('#').map_or((to, String::new()), |(path, id)| (path, format!("#{id}")));
    let path = path.trim_start_matches("./");
    let (chapter, file) = match path.strip_prefix("../") {
        Some(other) => other.split_once('/')?,
        None => (from, path),
    };
    let chapter = workbook.chapter(chapter)?;
    if file.is_empty() || file == "README.md" {
        return Some(file_of(&chapter.id) + &anchor);
    }
    let name = file.strip_suffix(".rs")?;
    let has = chapter.steps.iter().filter_map(Step::as_exercise).any(|exercise| exercise.name == name);
    has.then(|| format!("{}#{}", file_of(&chapter.id), exercise_id(name)))
}

/// What can be found on a chapter's page.
fn places(chapter: &ChapterView<'_>) -> Vec<Place> {
    let place = |title: &str, id: &str, parts: &[Section], starter: &str| {
        let title = if title.is_empty() { chapter.title } else { title };
        let anchor = if id.is_empty() { String::new() } else { format!("#{id}") };
        let code = parts.iter().map(|part| part.code.as_str()).chain([starter]);
        Place {
            title: title.to_owned(),
            href: format!("{}{anchor}", chapter.file),
            text: parts.iter().map(|part| part.text.as_str()).collect(),
            code: code.collect(),
        }
    };
    let sections = chapter.text.sections.iter();
    let sections = sections.map(|part| place(&part.title, &part.id, std::slice::from_ref(part), ""));
    let steps = chapter.steps.iter().map(|step| {
        place(step.step.name(), &step.id, &step.asks.sections, step.starter.as_deref().unwrap_or_default())
    });
    sections.chain(steps).collect()
}

#[cfg(test)]
mod tests;
