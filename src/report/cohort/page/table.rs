//! The table of learners and exercises, and what stands above it.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::super::help::last;
use super::super::model::{Cell, Learner, Standing};
use super::view::{ASKED, Chapter, View, plain, sign};

/// A carried column can be filtered by up to so many different values; others are found by the search.
const VALUES: usize = 40;

pub(super) fn table(view: &View<'_>) -> Markup {
    let cohort = view.cohort;
    html! {
        section id="table" {
            h2 { "Learners and exercises" }
            p.legend {
                @for standing in Standing::ALL {
                    @let (class, sign) = sign(standing);
                    span { i class=(class) { (sign) } " " (standing.words()) }
                }
                span { i.f { "✗" b { "*" } } " claimed as solved, but grading refutes it" }
                span { i.p { "✓" u { "!" } } " to be reviewed: its text may hide a hole in the compiler" }
            }
            (controls(view))
            div.scroll id="around" tabindex="0" role="region" aria-label="Learners and exercises" {
                table id="matrix" {
                    thead {
                        tr {
                            th scope="col" data-sort="name" aria-sort="ascending" { span { "Learner" } }
                            th.sum scope="col" data-sort="sum" data-first="descending" { span { "Solved" } }
                            th.last scope="col" data-sort="last" { span { "Last solved" } }
                            @for (at, chapter) in view.chapters.iter().enumerate() {
                                th.chapter scope="col" data-sort="chapter" data-first="descending" data-chapter=(at) {
                                    span { (plain(chapter.title)) }
                                }
                                @if view.spread() {
                                    @for exercise in chapter.from..chapter.from + chapter.count {
                                        th.exercise scope="col" data-sort="exercise" data-exercise=(exercise) {
                                            span { (cohort.exercises[exercise].name) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    tbody {
                        @for (at, learner) in cohort.learners.iter().enumerate() { (row(view, at, learner)) }
                    }
                }
            }
            details {
                summary { "The exercises of each chapter, in the order of the signs" }
                dl.chapters {
                    @for chapter in &view.chapters {
                        dt { (plain(chapter.title)) }
                        dd {
                            @for exercise in chapter.from..chapter.from + chapter.count {
                                @if exercise > chapter.from { ", " }
                                (cohort.exercises[exercise].name)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the script makes work; it shows it, too.
fn controls(view: &View<'_>) -> Markup {
    let cohort = view.cohort;
    html! {
        div.controls hidden {
            label { "Search " input type="search" id="name" autocomplete="off" placeholder="name or column"; }
            label {
                "Show "
                select id="state" {
                    option value="" { "everybody" }
                    @for (word, meaning, _) in ASKED.iter().filter(|asked| view.since.is_some() || !asked.2) {
                        option value=(word) { (meaning) }
                    }
                }
            }
            @if view.chapters.len() > 1 {
                label {
                    "in "
                    select id="chapter" {
                        option value="" { "all chapters" }
                        @for (at, chapter) in view.chapters.iter().enumerate() {
                            option value=(at) { (plain(chapter.title)) }
                        }
                    }
                }
            }
            @for (at, name) in cohort.carried.iter().enumerate() {
                @let values = values(view, at);
                @if values.len() > 1 {
                    label {
                        (plain(name)) " "
                        select data-column=(at) {
                            option { "all" }
                            @for value in &values {
                                option value=(value) { @if value.is_empty() { "(none)" } @else { (value) } }
                            }
                        }
                    }
                }
            }
            button type="button" id="spread" { "Open all chapters" }
            output id="shown" aria-live="polite" {}
            p.keys { "Arrow keys move through the table, and Enter opens a cell." }
        }
    }
}

/// The values of a carried column to choose from; none where nearly everybody has another.
fn values(view: &View<'_>, column: usize) -> BTreeSet<String> {
    let learners = &view.cohort.learners;
    let all = learners.iter().filter_map(|learner| learner.extra.get(column));
    let values: BTreeSet<String> = all.map(|value| plain(value.trim())).collect();
    if values.len() <= VALUES && 2 * values.len() <= learners.len() { values } else { BTreeSet::new() }
}

fn row(view: &View<'_>, at: usize, learner: &Learner) -> Markup {
    let cohort = view.cohort;
    let cells = learner.cells.as_deref().unwrap_or_default();
    let mut words = if learner.cells.is_ok() { view.flags(at, cells, 0) } else { vec!["problem"] };
    if view.help(at).is_some() {
        words.insert(0, "needy");
    }
    let columns = view.chapters.len() + if view.spread() { cohort.exercises.len() } else { 0 };
    html! {
        tr data-at=(at) data-is=(words.join(" ")) {
            th scope="row" { bdi { (plain(&learner.name)) } }
            @match &learner.cells {
                Ok(cells) => {
                    td.sum { (cohort.count(learner, Standing::Passed)) }
                    td.last { (last(cohort, learner).map_or("–", |(_, time)| &time[..10])) }
                    @for chapter in &view.chapters { (part(view, at, chapter, cells)) }
                }
                Err(problem) => {
                    td.sum { "–" }
                    td.last { "–" }
                    td.problem colspan=(columns) { span { (plain(problem)) } }
                }
            }
        }
    }
}

/// A learner's cells of one chapter: how many are solved, and each, with a cell of its own or as a row of signs.
fn part(view: &View<'_>, at: usize, chapter: &Chapter<'_>, cells: &[Cell]) -> Markup {
    let cohort = view.cohort;
    let cells = &cells[chapter.from..chapter.from + chapter.count];
    let flags = view.flags(at, cells, chapter.from);
    let passed = cells.iter().filter(|cell| cohort.standing(cell) == Standing::Passed).count();
    let [stuck, refuted, review] = ["stuck", "refuted", "review"].map(|flag| flags.contains(&flag));
    let class = match (passed, stuck) {
        (_, true) => "n f",
        (all, _) if all == cells.len() => "n p",
        (0, _) => "n u",
        _ => "n",
    };
    let of = cells.len();
    html! {
        td class=(class) data-is=(flags.join(" ")) {
            (passed) "/" (of)
            @if stuck || refuted || review {
                span.mark { @if stuck { " ✗" } @if refuted { b { "*" } } @if review { u { "!" } } }
            }
            @if !view.spread() { span.strip { @for cell in cells { (signs(view, cell)) } } }
        }
        @if view.spread() {
            @for cell in cells { td class=(sign(cohort.standing(cell)).0) { (signs(view, cell)) } }
        }
    }
}

fn signs(view: &View<'_>, cell: &Cell) -> Markup {
    html! {
        (sign(view.cohort.standing(cell)).1)
        @if view.cohort.refuted(cell) { b { "*" } }
        @if view.reviewed(cell) { u { "!" } }
    }
}
