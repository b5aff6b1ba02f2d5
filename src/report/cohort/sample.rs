//! A small cohort for tests: two exercises, and learners of every kind, two of them with names that want to be more.

use super::model::{Cell, Claim, Cohort, Column, Found, Graded, Learner, Run, Said, Tested};
use crate::report::Recorded;
use crate::verdict::{HangKind, Kind, Level, Status};
use crate::workspace::State;

pub(super) const SCRIPT: &str = "<script>alert(1)</script>";
pub(super) const FORMULA: &str = "=1+1";

pub(super) fn claim(state: State, solved_at: Option<&str>) -> Claim {
    let solved_at = solved_at.map(str::to_owned);
    let recorded = Recorded { state, solved_at, attempts: 3, hints: 1, gave_up: false };
    Claim { recorded, of_this_text: state == State::Solved }
}

pub(super) fn cell(found: Found, claim: Option<Claim>) -> Cell {
    Cell { found, untouched: false, claim }
}

pub(super) fn learner(name: &str, cells: Vec<Cell>) -> Learner {
    Learner {
        name: name.to_owned(),
        path: format!("clones/{name}"),
        extra: vec!["blue".to_owned()],
        cells: Ok(cells),
        notes: Vec::new(),
    }
}

fn graded(exercise: u32, hash: &str, kind: Kind) -> Graded {
    Graded {
        exercise,
        hash: hash.to_owned(),
        kind,
        diagnostics: Vec::new(),
        tests: Vec::new(),
        problem: None,
        review: None,
        seconds: 0.25,
    }
}

fn column(name: &str, chapter: &str, title: &str, points: u32) -> Column {
    Column {
        name: name.to_owned(),
        chapter: chapter.to_owned(),
        chapter_title: title.to_owned(),
        core: true,
        points,
    }
}

/// The texts: 0 the starter of `first`, 1 its solution; 2 a hang in `second`, 3 its solution.
pub(super) fn cohort() -> Cohort {
    let starter = Graded {
        diagnostics: vec![Said {
            level: Level::Error,
            code: Some("E0728".to_owned()),
            message: "`await` is only allowed inside `async`".to_owned(),
            line: Some(3),
            rendered: "error[E0728]: </script><b>await</b>\n".to_owned(),
            coach: Some("Make it async.".to_owned()),
        }],
        ..graded(0, "aaaa", Kind::DoesNotCompile)
    };
    let hang = Graded {
        tests: vec![
            Tested { name: "one".to_owned(), status: Status::Passed, message: String::new(), hang: None },
            Tested {
                name: "two".to_owned(),
                status: Status::Hung,
                message: "Hangs asleep.\nNobody wakes it.".to_owned(),
                hang: Some(HangKind::Parked),
            },
        ],
        ..graded(1, "cccc", Kind::Hung)
    };
    let odd = Graded { review: Some("line 3: <i>odd</i>".to_owned()), ..graded(1, "dddd", Kind::Passed) };
    let text = |at| Found::Text(at);
    let untouched = |found, claim| Cell { untouched: true, ..cell(found, claim) };
    let solved = |day| Some(claim(State::Solved, Some(day)));
    Cohort {
        tool: "1.2.3".to_owned(),
        title: "A <small> workbook".to_owned(),
        workbook: "0123".to_owned(),
        confined: true,
        exercises: vec![column("first", "01_one", "One", 1), column("second", "02_two", "Two", 2)],
        carried: vec!["group".to_owned()],
        learners: vec![
            learner(
                SCRIPT,
                vec![
                    cell(text(1), solved("2026-01-20T10:00:00Z")),
                    cell(text(2), solved("2026-01-21T10:00:00Z")),
                ],
            ),
            learner(FORMULA, vec![untouched(text(0), None), cell(Found::Missing, None)]),
            learner(
                "alice",
                vec![
                    cell(text(1), solved("2026-01-05T10:00:00Z")),
                    cell(text(3), solved("2026-01-20T10:00:00Z")),
                ],
            ),
            Learner {
                cells: Err("the folder is a symbolic link".to_owned()),
                ..learner("broken", Vec::new())
            },
            learner(
                "carol",
                vec![
                    cell(text(1), solved("2026-01-05T10:00:00Z")),
                    cell(Found::Unreadable("is not UTF-8 (byte 0)".to_owned()), None),
                ],
            ),
        ],
        submissions: vec![starter, graded(0, "bbbb", Kind::Passed), hang, odd],
        share: None,
        run: Run {
            started_at: "2026-02-01T00:00:00Z".to_owned(),
            finished_at: "2026-02-01T00:10:00Z".to_owned(),
            seconds: 600.0,
            graded: 4,
            resumed: 0,
        },
    }
}

/// The sample as it was before: `second` of the first learner solved, of alice missing; carol not there, dave still.
pub(super) fn former() -> Cohort {
    let mut former = cohort();
    former.run.finished_at = "2026-01-25T00:10:00Z".to_owned();
    for (learner, found) in [(0, Found::Text(3)), (2, Found::Missing)] {
        if let Ok(cells) = &mut former.learners[learner].cells {
            cells[1].found = found;
        }
    }
    former.learners[4].name = "dave".to_owned();
    former
}
