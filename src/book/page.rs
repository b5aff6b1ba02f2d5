//! The pages as markup. Each stands alone: its style is in it, nothing is loaded, and its own policy forbids that. Only the page
//! that searches has a script.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::markdown::{Rendered, listing};
use super::search::Index;
use crate::screen::counted;
use crate::workbook::Step;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The anchor above the steps of a chapter; a heading's id has no dot.
const STEPS: &str = "all.steps";

/// What surrounds a page's content.
pub(super) struct Frame<'a> {
    pub(super) book: &'a str,
    /// The page's own title.
    pub(super) title: String,
    /// The first page.
    pub(super) index: &'a str,
    /// The page that searches.
    pub(super) search: &'a str,
    pub(super) is_search: bool,
    /// The file and the title of the page before this one.
    pub(super) before: Option<(&'a str, &'a str)>,
    /// Of the one behind it.
    pub(super) after: Option<(&'a str, &'a str)>,
}

/// A chapter.
pub(super) struct ChapterView<'a> {
    /// From 1.
    pub(super) number: usize,
    pub(super) file: String,
    pub(super) title: &'a str,
    pub(super) text: Rendered,
    pub(super) steps: Vec<StepView<'a>>,
}

/// A step of a chapter.
pub(super) struct StepView<'a> {
    pub(super) step: &'a Step,
    pub(super) id: String,
    /// The task, or the question.
    pub(super) asks: Rendered,
    /// The code that an exercise starts from, where the book has it.
    pub(super) starter: Option<String>,
}

/// A chapter on the first page.
pub(super) struct Entry<'a> {
    pub(super) chapter: &'a ChapterView<'a>,
    pub(super) lead: Markup,
}

/// The first page.
pub(super) fn index(frame: &Frame<'_>, entries: &[Entry<'_>]) -> String {
    let count = |is: fn(&StepView<'_>) -> bool| -> usize {
        entries.iter().map(|entry| how_many(entry.chapter, is)).sum()
    };
    let main = html! {
        main.narrow {
            h1 { (frame.book) }
            p {
                (counted(entries.len(), "chapter")) ", " (counted(count(is_exercise), "exercise")) " and "
                (counted(count(is_question), "question")) ". Each page has the text of a chapter, and below it the tasks and \
                the code that you start from."
            }
            p {
                "To solve an exercise, run " code { "tokiolings" } ". It sets up a workspace with the files and tests your \
                code each time you save. It also has what is not in this book: hints, the choices of each question, and \
                solutions."
            }
            ol.chapters {
                @for Entry { chapter, lead } in entries {
                    li {
                        h2 { a href=(chapter.file) { (chapter.number) ". " (chapter.title) } }
                        @if !lead.0.is_empty() { p { (lead) } }
                        p.dim { (contents(chapter)) }
                    }
                }
            }
        }
    };
    framed(frame, &main)
}

fn is_exercise(step: &StepView<'_>) -> bool {
    step.step.as_exercise().is_some()
}

fn is_question(step: &StepView<'_>) -> bool {
    step.step.as_quiz().is_some()
}

fn how_many(chapter: &ChapterView<'_>, is: fn(&StepView<'_>) -> bool) -> usize {
    chapter.steps.iter().filter(|step| is(step)).count()
}

fn contents(chapter: &ChapterView<'_>) -> String {
    let parts = [(how_many(chapter, is_exercise), "exercise"), (how_many(chapter, is_question), "question")];
    let told: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
    told.join(", ")
}

/// A chapter's page.
pub(super) fn chapter(frame: &Frame<'_>, chapter: &ChapterView<'_>) -> String {
    let has_title = chapter.text.sections.iter().any(|section| section.level == 1);
    let main = html! {
        div.columns {
            (on_this_page(chapter))
            main {
                p.dim { "Chapter " (chapter.number) }
                @if !has_title { h1 { (chapter.title) } }
                (chapter.text.html)
                @if !chapter.steps.is_empty() {
                    h2 id=(STEPS) { "Exercises and questions" }
                    @for step in &chapter.steps { (self::step(step)) }
                }
            }
        }
    };
    framed(frame, &main)
}

/// Closed at first where it would stand above the text, on a phone; a style opens it where there is room beside.
fn on_this_page(chapter: &ChapterView<'_>) -> Markup {
    let sections = chapter.text.sections.iter().filter(|section| section.level == 2);
    html! {
        nav.contents aria-label="On this page" {
            details {
                summary { "On this page" }
                ul {
                    @for section in sections { li { a href={ "#" (section.id) } { (section.title) } } }
                    @if !chapter.steps.is_empty() {
                        li {
                            a href={ "#" (STEPS) } { "Exercises and questions" }
                            ul {
                                @for step in &chapter.steps {
                                    li { a href={ "#" (step.id) } { @if is_question(step) { "? " } (step.step.name()) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn step(view: &StepView<'_>) -> Markup {
    let name = view.step.name();
    html! {
        section.step id=(view.id) {
            h3 {
                @if is_exercise(view) { "Exercise " } @else { "Question " }
                code.long { (name) }
                " " a.here href={ "#" (view.id) } aria-label="Link to this step" { "#" }
            }
            (view.asks.html)
            @match (view.step, &view.starter) {
                (Step::Exercise(exercise), Some(starter)) => details {
                    summary { "The starter, " code.long { (exercise.path()) } }
                    (PreEscaped(listing(starter, true)))
                },
                (Step::Exercise(exercise), None) => p.dim {
                    "It builds on " code { (exercise.after.as_deref().unwrap_or_default()) } ". The starter is only in your \
                    workspace, because it holds a solution of that exercise: " code.long { (exercise.path()) }
                },
                (Step::Quiz(_), _) => p.dim { "Choose an answer: " code.long { "tokiolings answer " (name) } },
            }
        }
    }
}

/// The page that searches.
pub(super) fn search(frame: &Frame<'_>, index: &Index) -> String {
    let main = html! {
        main.narrow {
            h1 { "Search" }
            noscript {
                p { "This page needs JavaScript. Without it, " a href=(frame.index) { "the list of chapters" } " shows what there is." }
            }
            p id="count" aria-live="polite" {}
            ol id="found" {}
        }
        script type="application/json" id="index" { (PreEscaped(index.to_json())) }
        script { (PreEscaped(SCRIPT)) }
    };
    framed(frame, &main)
}

fn framed(frame: &Frame<'_>, main: &Markup) -> String {
    let script = if frame.is_search { format!("'{}'", hash(SCRIPT)) } else { "'none'".to_owned() };
    let policy =
        format!("default-src 'none'; style-src '{}'; script-src {script}; base-uri 'none'", hash(STYLE));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (frame.title) @if frame.title != frame.book { " – " (frame.book) } }
                @if let Some((file, _)) = frame.before { link rel="prev" href=(file); }
                @if let Some((file, _)) = frame.after { link rel="next" href=(file); }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    a.book href=(frame.index) { (frame.book) }
                    form action=(frame.search) role="search" {
                        input type="search" name="q" id="q" placeholder="Search" aria-label="Search" autocomplete="off";
                        " " button { "Search" }
                    }
                }
                (main)
                @if frame.before.is_some() || frame.after.is_some() {
                    nav.turn aria-label="Chapters" {
                        @if let Some((file, title)) = frame.before { a.before rel="prev" href=(file) { "← " (title) } }
                        @if let Some((file, title)) = frame.after { a.after rel="next" href=(file) { (title) " →" } }
                    }
                }
                footer { p { "Written by tokiolings " (env!("CARGO_PKG_VERSION")) "." } }
            }
        }
    };
    page.into_string()
}

/// As a content security policy names a text.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
