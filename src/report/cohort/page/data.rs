//! What the page's script knows: each verdict once, and for each cell what the table does not show.

use serde::Serialize;

use super::super::help::last;
use super::super::model::{Cell, Claim, Found, Graded};
use super::view::{View, address, plain, sign};
use crate::verdict::{HangKind, Kind};

#[derive(Serialize)]
struct Data<'a> {
    exercises: Vec<&'a str>,
    /// Title, first exercise, how many.
    chapters: Vec<(String, usize, usize)>,
    /// Whether each exercise has its column at first.
    spread: bool,
    learners: Vec<Row<'a>>,
    verdicts: Vec<Option<Detail>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: String,
    path: String,
    /// Each carried column, and whether it is an address that may be followed.
    extra: Vec<(String, String, bool)>,
    notes: Vec<String>,
    /// Why the learner may need help, and what changed since a former run.
    told: Vec<String>,
    /// When something was solved last that re-grading confirms.
    last: &'a str,
    /// The class of each cell, in capitals where a claim is refuted. Empty for a folder that could not be graded.
    signs: String,
    cells: Vec<Inside<'a>>,
}

/// A cell: a verdict's number, −1 for no file, a text for what is not read; and the claim, if there is one: state, attempts,
/// hints, whether the solution was shown, whether it is about this text, and when.
#[derive(Serialize)]
#[serde(untagged)]
enum Inside<'a> {
    Alone(What),
    Claimed(What, &'static str, u32, u32, u8, u8, &'a str),
}

#[derive(Serialize)]
#[serde(untagged)]
enum What {
    Number(i64),
    Odd(String),
}

/// Why something does not pass, or should be looked at.
#[derive(Serialize)]
struct Detail {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    said: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tests: Vec<(String, &'static str, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<String>,
}

/// The data as JSON in which nothing looks like markup, whatever learners wrote.
pub(super) fn data(view: &View<'_>) -> String {
    let cohort = view.cohort;
    let data = Data {
        exercises: cohort.exercises.iter().map(|column| column.name.as_str()).collect(),
        chapters: view
            .chapters
            .iter()
            .map(|chapter| (plain(chapter.title), chapter.from, chapter.count))
            .collect(),
        spread: view.spread(),
        learners: (0..cohort.learners.len()).map(|learner| row(view, learner)).collect(),
        verdicts: cohort.submissions.iter().map(detail).collect(),
    };
    inert(&serde_json::to_string(&data).expect("strings, numbers and lists are valid JSON"))
}

/// Such characters stand only inside JSON's strings, where an escape means the same.
pub(super) fn inert(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 16);
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => text.push(other),
        }
    }
    text
}

fn row<'a>(view: &View<'a>, at: usize) -> Row<'a> {
    let cohort = view.cohort;
    let learner = &cohort.learners[at];
    let cells = learner.cells.as_deref().unwrap_or_default();
    let class = |cell: &Cell| {
        let (class, _) = sign(cohort.standing(cell));
        if cohort.refuted(cell) { class.to_uppercase() } else { class.to_owned() }
    };
    let reasons = view.help(at).into_iter().flat_map(|help| &help.reasons).map(ToString::to_string);
    let changes = view.change(at).into_iter().flat_map(|change| change.words(cohort, true));
    let day = view.since.map_or("", |since| since.day());
    Row {
        name: plain(&learner.name),
        path: plain(&learner.path),
        extra: cohort
            .carried
            .iter()
            .zip(&learner.extra)
            .map(|(key, value)| (plain(key), plain(value.trim()), address(value).is_some()))
            .collect(),
        notes: learner.notes.iter().map(|note| plain(note)).collect(),
        told: reasons
            .chain(changes.map(|change| format!("since {day} {change}")))
            .map(|told| plain(&told))
            .collect(),
        last: last(cohort, learner).map_or("", |(_, time)| time),
        signs: cells.iter().map(class).collect(),
        cells: cells.iter().map(inside).collect(),
    }
}

fn inside(cell: &Cell) -> Inside<'_> {
    let what = match &cell.found {
        Found::Text(at) => What::Number(i64::from(*at)),
        Found::Missing => What::Number(-1),
        Found::Unreadable(why) => What::Odd(plain(why)),
    };
    match &cell.claim {
        None => Inside::Alone(what),
        Some(Claim { recorded, of_this_text }) => Inside::Claimed(
            what,
            recorded.state.as_str(),
            recorded.attempts,
            recorded.hints,
            u8::from(recorded.gave_up),
            u8::from(*of_this_text),
            recorded.solved_at.as_deref().unwrap_or_default(),
        ),
    }
}

/// A text that passes needs no words, unless somebody should look at it.
fn detail(graded: &Graded) -> Option<Detail> {
    (graded.kind != Kind::Passed || graded.review.is_some()).then(|| Detail {
        said: graded
            .diagnostics
            .iter()
            .map(|said| (plain(&said.rendered), plain(said.coach.as_deref().unwrap_or_default())))
            .collect(),
        tests: graded
            .tests
            .iter()
            .map(|test| {
                let status = match test.hang {
                    Some(HangKind::Parked) => "hangs asleep",
                    Some(HangKind::Spinning) => "hangs busy",
                    Some(HangKind::Unknown) | None => test.status.as_str(),
                };
                (plain(&test.name), status, plain(&test.message))
            })
            .collect(),
        problem: graded.problem.as_deref().map(plain),
        review: graded.review.as_deref().map(plain),
    })
}
