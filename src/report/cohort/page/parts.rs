//! The parts of the page around its table, as markup.

use maud::{Markup, html};

use super::super::help::Help;
use super::super::model::{Cohort, Standing};
use super::super::since::{Change, Since};
use super::super::trouble::{Day, Trouble, day_number, timeline, trouble};
use super::view::{View, address, plain};
use crate::screen::counted;

/// So many of a list are in sight at once.
const SHOWN: usize = 10;

pub(super) fn header(view: &View<'_>) -> Markup {
    let cohort = view.cohort;
    let passed: usize = cohort.learners.iter().map(|learner| cohort.count(learner, Standing::Passed)).sum();
    let cells: usize =
        cohort.learners.iter().filter_map(|learner| learner.cells.as_ref().ok()).map(Vec::len).sum();
    let folders = cohort.learners.iter().filter(|learner| learner.cells.is_err()).count();
    html! {
        header {
            h1 { (plain(&cohort.title)) }
            p {
                strong { (counted(cohort.learners.len(), "learner")) } ", "
                strong { (counted(cohort.exercises.len(), "exercise")) } ": "
                strong { (passed) } " of " (cells) " solved (" ((100 * passed).checked_div(cells).unwrap_or(0)) " %)"
                @if folders > 0 { "; " strong { (counted(folders, "folder")) } " could not be graded" }
                "."
            }
            nav {
                a href="#help" { "Who needs help first" } " "
                @if view.since.is_some() { a href="#since" { "What changed" } " " }
                a href="#table" { "Table" } " "
                a href="#stuck" { "Where it is stuck" } " " a href="#time" { "Over time" }
            }
        }
    }
}

pub(super) fn helps(view: &View<'_>) -> Markup {
    let line = |help: &Help| {
        let reasons: Vec<String> = help.reasons.iter().map(ToString::to_string).collect();
        html! { li { (name(view, help.learner)) ": " (plain(&reasons.join("; "))) (links(view, help.learner)) } }
    };
    html! {
        section id="help" {
            h2 { "Who needs help first" }
            @if view.helps.is_empty() { p { "Nobody needs help more than others." } }
            @else { p { "Learners who have gone longest without solving anything (confirmed by grading) come first." } }
            (in_sight(&view.helps, |few, from| html! { ol start=(from + 1) { @for help in few { (line(help)) } } }))
        }
    }
}

/// A learner's name, which the script makes a way to the row.
fn name(view: &View<'_>, learner: usize) -> Markup {
    html! { bdi { strong data-learner=(learner) { (plain(&view.cohort.learners[learner].name)) } } }
}

/// The addresses among the carried columns.
fn links(view: &View<'_>, learner: usize) -> Markup {
    let cohort = view.cohort;
    html! {
        @for (key, value) in cohort.carried.iter().zip(&cohort.learners[learner].extra) {
            @if let Some(address) = address(value) {
                " " a href=(address) rel="noopener noreferrer" target="_blank" { (plain(key)) }
            }
        }
    }
}

pub(super) fn changes(view: &View<'_>, since: &Since) -> Markup {
    let line = |change: &Change| {
        html! { li { (name(view, change.learner)) ": " (change.words(view.cohort, false).join("; ")) } }
    };
    let people = |what: &str, names: Vec<String>| {
        html! { @if !names.is_empty() { p { (what) ": " (names.join(", ")) "." } } }
    };
    let joined = since.joined.iter().map(|learner| plain(&view.cohort.learners[*learner].name)).collect();
    html! {
        section id="since" {
            h2 { "Since the run of " (plain(since.day())) }
            p { (since.totals()) }
            @if since.other_workbook {
                p { "The workbook was different then: exercises are matched by name, and different tests may have \
                     decided." }
            }
            (in_sight(&since.changes, |few, _| html! { ul { @for change in few { (line(change)) } } }))
            (people("New", joined))
            (people("Gone", since.left.iter().map(|name| plain(name)).collect()))
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
            p { "Learners who changed the starter and have not solved the exercise, by the first hidden test that \
                 does not pass, or by the compiler's error code." }
            @if troubles.is_empty() { p { "Nowhere." } }
            (in_sight(&troubles, |few, _| html! {
                div.scroll { table.list {
                    thead { tr { th { "Exercise" } th { "Stuck" } th { "Solved" } th { "How" } th { "What decides" } } }
                    tbody { @for trouble in few { (line(trouble)) } }
                } }
            }))
        }
    }
}

/// The first few of a list, and the others behind a word to click. The list is told the place of its first entry.
fn in_sight<T>(all: &[T], list: impl Fn(&[T], usize) -> Markup) -> Markup {
    let (few, others) = all.split_at(all.len().min(SHOWN));
    html! {
        @if !few.is_empty() { (list(few, 0)) }
        @if !others.is_empty() { details { summary { (others.len()) " more" } (list(others, few.len())) } }
    }
}

pub(super) fn over_time(cohort: &Cohort) -> Markup {
    let days = timeline(cohort);
    html! {
        section id="time" {
            h2 { "Completion over time" }
            p { "Exercises solved by all learners together. The dates are those that learners' progress files claim; \
                 only what grading confirms is counted." }
            @match days.as_slice() {
                [] => p { "No dates are known." },
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
                @if cohort.confined { ", in a sandbox," } @else { ", unconfined," }
                " by tokiolings " (cohort.tool) ", " (cohort.run.finished_at) ". Workbook " code { (cohort.workbook) } ". "
                (cohort.submissions.len()) " distinct submissions."
            }
            p {
                "Equal or similar solutions do not mean anything: small exercises have few possible answers. This \
                 page contains names and work of learners; treat it like grades."
            }
        }
    }
}
