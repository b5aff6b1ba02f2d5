//! `workbook.toml` and `chapter.toml`: what their keys are and mean.
//!
//! A faulty value is noted and read as its default. Nobody sees the result: one fault is enough to refuse the
//! workbook, and reading on is what finds the others.

use std::path::Path;

use super::dependencies::Dependencies;
use super::names::is_chapter_id;
use super::step::{Entry, read_step};
use super::walk::{At, Document, Findings, Table};

/// The format of workbooks that this version reads.
const FORMAT: u32 = 1;

/// What `workbook.toml` says.
#[derive(Default)]
pub(super) struct WorkbookManifest {
    pub(super) title: String,
    pub(super) welcome: String,
    pub(super) farewell: String,
    /// The ids of the chapters; they look like one and come once.
    pub(super) chapters: Vec<String>,
    /// What else stands where an id should; its folders are no strays.
    pub(super) misnamed: Vec<String>,
    pub(super) dependencies: Dependencies,
    /// Whether the file parsed, so that what is absent from it is truly absent.
    pub(super) whole: bool,
}

/// What `chapter.toml` says.
#[derive(Default)]
pub(super) struct ChapterManifest {
    pub(super) title: String,
    pub(super) steps: Vec<Entry>,
    /// Every name that a step has, good or bad.
    pub(super) names: Vec<String>,
    /// Whether the file parsed, so that a name absent from it is truly absent.
    pub(super) whole: bool,
}

/// Reads `workbook.toml`; `None` when it has a different format, and nothing else can be said about it. `folder` is
/// where the file lies, if it lies anywhere.
pub(super) fn workbook(
    file: &str,
    text: &str,
    folder: Option<&Path>,
    findings: &Findings,
) -> Option<WorkbookManifest> {
    let document = Document::parse(file, text, findings);
    let table = document.top("a workbook");
    match table.number("format", 0) {
        Some(At { line, value }) if value != FORMAT => {
            table.fault(
                line,
                format!("format {value} is unknown: this version of tokiolings reads format {FORMAT}"),
            );
            return None;
        }
        None if !table.has("format") => table.missing("format", &format!("`format = {FORMAT}`")),
        _ => {}
    }
    let (chapters, misnamed) = chapters(&table);
    let mut manifest = WorkbookManifest {
        title: table.needed_text("title"),
        welcome: table.needed_text("welcome"),
        farewell: table.needed_text("farewell"),
        chapters,
        misnamed,
        dependencies: Dependencies::default(),
        whole: document.whole(),
    };
    if let Some(dependencies) = table.table("dependencies", "[dependencies]") {
        manifest.dependencies = Dependencies::read(&dependencies, folder);
    }
    table.finish();
    Some(manifest)
}

/// The ids of the chapters, and what cannot be one.
fn chapters(table: &Table<'_>) -> (Vec<String>, Vec<String>) {
    let (mut chapters, mut misnamed) = (Vec::new(), Vec::new());
    if !table.has("chapters") {
        table.missing("chapters", "an array of their folders' names");
    }
    for At { line, value } in table.texts("chapters") {
        if !is_chapter_id(&value) {
            table.fault(
                line,
                format!(
                    "`{value}` cannot name a chapter: use two digits and snake_case, as in `01_inert_plans`"
                ),
            );
            misnamed.push(value);
        } else if chapters.contains(&value) {
            table.fault(line, format!("the chapter `{value}` is listed twice; remove one"));
        } else {
            chapters.push(value);
        }
    }
    (chapters, misnamed)
}

/// Reads the `chapter.toml` of the chapter `id`. `tiers` are the tiers of the workbook, if they could be read.
pub(super) fn chapter(
    file: &str,
    text: &str,
    id: &str,
    tiers: Option<&[&str]>,
    findings: &Findings,
) -> ChapterManifest {
    let document = Document::parse(file, text, findings);
    let table = document.top("a chapter");
    let mut manifest = ChapterManifest {
        title: table.needed_text("title"),
        steps: Vec::new(),
        names: Vec::new(),
        whole: document.whole(),
    };
    if !table.has("step") {
        table.missing("step", "at least one `[[step]]`");
    }
    for step in table.tables("step", "a step") {
        if let Some(entry) = read_step(step, id, tiers, &mut manifest.names) {
            manifest.steps.push(entry);
        }
    }
    table.finish();
    manifest
}
