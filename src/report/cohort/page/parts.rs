//! The parts of the page, as markup.

use maud::{Markup, html};

use super::super::help::{Help, help};
use super::super::model::{Cell, Cohort, Learner, Standing};
use super::super::trouble::{Day, Trouble, day_number, timeline, trouble};
use crate::verdict::sanitize;

/// So many of a list are in sight at once.
const SHOWN: usize = 10;

/// Text that neither reorders what stands around it nor holds control characters.
pub(super) fn plain(text: &str) -> String {
    sanitize(text)
}

/// A cell's class, which is also the order of sorting, and its sign: nothing is told by colour alone.
pub(super) fn sign(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Passed => ("p", "✓"),
        Standing::Failed => ("f", "✗"),
        Standing::Hung => ("h", "∞"),
        Standing::Crashed => ("k", "†"),
        Standing::DoesNotCompile => ("c", "E"),
        Standing::Untouched => ("u", "·"),
        Standing::Missing => ("m", "–"),
        Standing::Unreadable => ("o", "?"),
        Standing::Broken => ("b", "!"),
    }
}

pub(super) fn header(cohort: &Cohort) -> Markup {
    let passed: usize = cohort.learners.iter().map(|learner| cohort.count(learner, Standing::Passed)).sum();
    let cells: usize =
        cohort.learners.iter().filter_map(|learner| learner.cells.as_ref().ok()).map(Vec::len).sum();
    let folders = cohort.learners.iter().filter(|learner| learner.cells.is_err()).count();
    html! {
        header {
            h1 { (plain(&cohort.title)) }
            p {
                strong { (cohort.learners.len()) } " learners, "
                strong { (cohort.exercises.len()) } " exercises: "
                strong { (passed) } " of " (cells) " solved (" ((100 * passed).checked_div(cells).unwrap_or(0)) " %)"
                @if folders > 0 { "; " strong { (folders) } " folders could not be graded" }
                "."
            }
            nav {
                a href="#table" { "Table" } " " a href="#help" { "Who needs help" } " "
                a href="#stuck" { "Where it is stuck" } " " a href="#time" { "Over time" }
            }
        }
    }
}

pub(super) fn table(cohort: &Cohort) -> Markup {
    let needy: Vec<usize> = help(cohort).iter().map(|help| help.learner).collect();
    html! {
        section id="table" {
            h2 { "Learners and exercises" }
            p.legend {
                @for standing in Standing::ALL {
                    @let (class, sign) = sign(standing);
                    span { i class=(class) { (sign) } " " (standing.words()) }
                }
                span { i.f { "✗" b { "*" } } " claimed as solved, and re-grading refutes it" }
                span { i.p { "✓" u { "!" } } " to be reviewed: its text may hide a hole of the compiler" }
            }
            div.controls hidden {
                label { "Name " input type="search" id="name" autocomplete="off"; }
                label {
                    "Show "
                    select id="state" {
                        option value="" { "everybody" }
                        option value="needy" { "who needs help" }
                        option value="refuted" { "refuted claims" }
                        option value="review" { "to be reviewed" }
                        option value="stuck" { "stuck somewhere" }
                        option value="idle" { "nothing solved" }
                        option value="done" { "all solved" }
                        option value="problem" { "folder not graded" }
                    }
                }
                output id="shown" aria-live="polite" {}
            }
            div.scroll tabindex="0" role="region" aria-label="Learners and exercises" {
                table id="matrix" {
                    thead {
                        tr {
                            th rowspan="2" scope="col" data-sort="name" { "Learner" }
                            th rowspan="2" scope="col" data-sort="sum" { "Solved" }
                            @for (title, span) in chapters(cohort) { th.chapter colspan=(span) scope="colgroup" { (plain(title)) } }
                        }
                        tr {
                            @for (at, column) in cohort.exercises.iter().enumerate() {
                                th.exercise scope="col" data-sort=(at) { span { (column.name) } }
                            }
                        }
                    }
                    tbody {
                        @for (at, learner) in cohort.learners.iter().enumerate() {
                            (row(cohort, at, learner, needy.binary_search(&at).is_ok()))
                        }
                    }
                }
            }
        }
    }
}

/// The chapters with how many exercises each has.
fn chapters(cohort: &Cohort) -> Vec<(&str, usize)> {
    let mut chapters: Vec<(&str, &str, usize)> = Vec::new();
    for column in &cohort.exercises {
        match chapters.last_mut() {
            Some((id, _, count)) if *id == column.chapter => *count += 1,
            _ => chapters.push((&column.chapter, &column.chapter_title, 1)),
        }
    }
    chapters.into_iter().map(|(_, title, count)| (title, count)).collect()
}

/// Whether somebody should look at a cell's text.
fn reviewed(cohort: &Cohort, cell: &Cell) -> bool {
    cohort.graded(cell).is_some_and(|graded| graded.review.is_some())
}

fn row(cohort: &Cohort, at: usize, learner: &Learner, needy: bool) -> Markup {
    let cells = learner.cells.as_deref().unwrap_or_default();
    let passed = cohort.count(learner, Standing::Passed);
    let is: [(&str, bool); 7] = [
        ("needy", needy),
        ("refuted", cells.iter().any(|cell| cohort.refuted(cell))),
        ("review", cells.iter().any(|cell| reviewed(cohort, cell))),
        ("stuck", cells.iter().any(|cell| cohort.standing(cell).stuck())),
        ("idle", passed == 0),
        ("done", passed == cohort.exercises.len()),
        ("problem", learner.cells.is_err()),
    ];
    let words: Vec<&str> = is.iter().filter(|(_, holds)| *holds).map(|(word, _)| *word).collect();
    html! {
        tr data-at=(at) data-is=(words.join(" ")) {
            th scope="row" { bdi { (plain(&learner.name)) } }
            @match &learner.cells {
                Ok(cells) => {
                    td.sum { (passed) }
                    @for cell in cells {
                        @let (class, sign) = sign(cohort.standing(cell));
                        td class=(class) { (sign) @if cohort.refuted(cell) { b { "*" } } @if reviewed(cohort, cell) { u { "!" } } }
                    }
                }
                Err(problem) => {
                    td.sum { "–" }
                    td.problem colspan=(cohort.exercises.len()) { span { (plain(problem)) } }
                }
            }
        }
    }
}

pub(super) fn helps(cohort: &Cohort) -> Markup {
    let helps = help(cohort);
    let line = |help: &Help| {
        let reasons: Vec<String> = help.reasons.iter().map(ToString::to_string).collect();
        html! { li { bdi { strong { (plain(&cohort.learners[help.learner].name)) } } ": " (plain(&reasons.join("; "))) } }
    };
    html! {
        section id="help" {
            h2 { "Who needs help" }
            @if helps.is_empty() { p { "Nobody stands out." } }
            (in_sight(&helps, |few| html! { ul { @for help in few { (line(help)) } } }))
        }
    }
}

pub(super) fn troubles(cohort: &Cohort) -> Markup {
    let troubles = trouble(cohort);
    let told = |counts: &[(String, usize)]| {
        let words: Vec<String> = counts.iter().map(|(word, count)| format!("{count} × {word}")).collect();
        plain(&words.join(", "))
    };
    let line = |trouble: &Trouble| {
        html! {
            tr {
                th scope="row" { (cohort.exercises[trouble.exercise].name) }
                td { (trouble.stuck) }
                td { (trouble.passed) }
                td { (told(&trouble.ways)) }
                td { (told(&trouble.causes)) }
            }
        }
    };
    html! {
        section id="stuck" {
            h2 { "Where the cohort is stuck" }
            p { "Learners who changed the starter and are not there yet; what decides is the first hidden test that does not pass, or the compiler's code." }
            @if troubles.is_empty() { p { "Nowhere." } }
            (in_sight(&troubles, |few| html! {
                div.scroll { table.list {
                    thead { tr { th { "Exercise" } th { "Stuck" } th { "Solved" } th { "How" } th { "What decides" } } }
                    tbody { @for trouble in few { (line(trouble)) } }
                } }
            }))
        }
    }
}

/// The first few of a list, and the others behind a word to click.
fn in_sight<T>(all: &[T], list: impl Fn(&[T]) -> Markup) -> Markup {
    let (few, others) = all.split_at(all.len().min(SHOWN));
    html! {
        @if !few.is_empty() { (list(few)) }
        @if !others.is_empty() { details { summary { (others.len()) " more" } (list(others)) } }
    }
}

pub(super) fn over_time(cohort: &Cohort) -> Markup {
    let days = timeline(cohort);
    html! {
        section id="time" {
            h2 { "Completion over time" }
            p { "Exercises solved, over all learners. The days are those that learners' progress files claim; only what re-grading confirms is counted." }
            @match days.as_slice() {
                [] => p { "No day is known." },
                [first, .., last] => (chart(&days, first, last)),
                [_] => {}
            }
            @if !days.is_empty() {
                details {
                    summary { "The numbers" }
                    table.list {
                        thead { tr { th { "Day" } th { "Solved by its end" } } }
                        tbody { @for day in &days { tr { th scope="row" { (day.date) } td { (day.solved) } } } }
                    }
                }
            }
        }
    }
}

/// A line that climbs: 600 wide, 120 high.
fn chart(days: &[Day], first: &Day, last: &Day) -> Markup {
    let number = |day: &Day| day_number(&day.date).unwrap_or_default();
    let (from, span) = (number(first), (number(last) - number(first)).max(1));
    let mut path = "M0 120".to_owned();
    for day in days {
        let x = 600 * (number(day) - from) / span;
        let y = 120 - 120 * day.solved / last.solved.max(1);
        path.push_str(&format!("H{x}V{y}"));
    }
    html! {
        figure {
            svg viewBox="-4 -8 608 136" role="img" aria-label=(format!("{} solved by {}", last.solved, last.date)) {
                path d="M0 0V120H600" class="axis" {}
                path d=(path) class="line" {}
            }
            figcaption { span { (first.date) } span { (last.solved) " solved by " (last.date) } }
        }
    }
}

pub(super) fn footer(cohort: &Cohort) -> Markup {
    html! {
        footer {
            p {
                "Graded from source"
                @if cohort.confined { ", behind walls," } @else { ", unconfined," }
                " by tokiolings " (cohort.tool) ", " (cohort.run.finished_at) ". Workbook " code { (cohort.workbook) } ". "
                (cohort.submissions.len()) " distinct submissions."
            }
            p {
                "Equal or similar solutions are no sign of anything: small exercises have few answers. \
                 This page holds names and work of learners; treat it like grades."
            }
        }
    }
}
