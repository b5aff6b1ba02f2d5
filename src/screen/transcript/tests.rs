//! Sessions without a screen, as one text.

use std::borrow::Cow;

use super::super::list::ListView;
use super::super::program::{ProgramEnd, ProgramView, Still};
use super::super::quiz::QuizView;
use super::super::stage::Stage;
use super::super::tests::sample::{self, view};
use super::super::tests::{plain, snapshot};
use super::super::watch::{Doing, ExerciseView};
use super::*;
use crate::verdict::HangKind;

/// Everything that was said, change after change, between lines that tell what happened.
struct Session {
    transcript: Transcript,
    text: String,
    turn: u64,
}

impl Session {
    fn new() -> Self {
        Self { transcript: Transcript::default(), text: String::new(), turn: 0 }
    }

    fn shows(&mut self, view: View<'_>) -> String {
        let said = plain(&self.transcript.take(&View { turn: self.turn, ..view }, 80));
        self.text.push_str(&said);
        said
    }

    fn types(&mut self, line: &str) {
        self.turn += 1;
        self.text.push_str(&format!("> {line}\n"));
    }
}

fn said(text: &str) -> Vec<Notice> {
    vec![Notice { role: Role::Good, text: text.into() }]
}

fn doing(stage: Stage<'_>, tick: usize) -> Option<Doing<'_>> {
    Some(Doing { stage, diagnosed: None, tick })
}

#[test]
fn an_exercise_from_arrival_to_solved() {
    let (failed, passed) = (sample::failed(), sample::passed());
    let mut session = Session::new();
    let exercise = |exercise| view(Body::Exercise(exercise));
    let fresh = ExerciseView { fresh: true, ..sample::ungraded() };
    session.shows(View { notices: said("Your workspace is ready."), ..exercise(fresh) });
    session.shows(exercise(ExerciseView { doing: doing(Stage::Starting, 0), ..fresh }));
    let building = Stage::Preparing { built: 3, crate_name: "tokio" };
    session.shows(exercise(ExerciseView { doing: doing(building, 1), ..fresh }));
    session.shows(exercise(ExerciseView { doing: doing(building, 2), ..fresh }));
    session.shows(exercise(ExerciseView { verdict: Some(&failed), ..fresh }));
    session.types("h");
    let hinted = ExerciseView { hints: 1, verdict: Some(&failed), ..sample::ungraded() };
    session.shows(exercise(hinted));
    session.types("hint");
    session.shows(exercise(ExerciseView { hints: 2, ..hinted }));
    session.types("i");
    let of = sample::exercise();
    session.shows(view(Body::Task(&of)));
    session.types("");
    session.shows(exercise(ExerciseView { hints: 2, ..hinted }));
    let again = ExerciseView { doing: doing(Stage::Testing { done: 1, total: 3 }, 0), hints: 2, ..hinted };
    session.shows(exercise(again));
    let mut last = exercise(ExerciseView { verdict: Some(&passed), ..sample::ungraded() });
    last.notices = said("Press n for the next step.");
    last.chapter.done += 1;
    last.workbook.done += 1;
    session.shows(last);
    snapshot("transcript_exercise", &session.text);
}

#[test]
fn the_same_verdict_twice_is_told_twice_and_nothing_new_is_nothing() {
    let failed = sample::failed();
    let mut session = Session::new();
    let graded = ExerciseView { verdict: Some(&failed), ..sample::ungraded() };
    assert!(session.shows(view(Body::Exercise(graded))).contains("Not yet"));
    assert_eq!(session.shows(view(Body::Exercise(graded))), "");
    let grading = ExerciseView { doing: doing(Stage::Starting, 0), ..graded };
    assert_eq!(session.shows(view(Body::Exercise(grading))), "\nGrading…\n");
    assert!(session.shows(view(Body::Exercise(graded))).contains("Not yet"));
}

#[test]
fn the_same_answer_to_another_key_is_said_again() {
    let mut session = Session::new();
    let failed = sample::failed();
    let graded = ExerciseView { verdict: Some(&failed), ..sample::ungraded() };
    let answered = || View { notices: said("That was the last hint."), ..view(Body::Exercise(graded)) };
    assert!(session.shows(answered()).contains("last hint"));
    assert_eq!(session.shows(answered()), "");
    session.types("h");
    assert_eq!(session.shows(answered()), "\nThat was the last hint.\n");
}

#[test]
fn a_quiz_its_list_and_the_page_of_keys() {
    let quiz = sample::quiz();
    let mut session = Session::new();
    let seen = |wrong: &[usize], solved| {
        let asked = QuizView { quiz: &quiz, order: vec![2, 0, 1], wrong: wrong.to_vec(), solved, ran: None };
        let mut seen = view(Body::Quiz(asked));
        (seen.heading.step, seen.heading.number) = (&quiz.name, 4);
        seen
    };
    session.shows(seen(&[], false));
    session.types("2");
    session.shows(seen(&[0], false));
    session.types("1");
    session.shows(seen(&[0], true));
    session.types("l");
    let filter = ListFilter::default();
    let list = |cursor| view(Body::List(ListView { rows: sample::rows(), filter: &filter, cursor }));
    session.shows(list(4));
    session.types("j");
    session.shows(list(5));
    session.types("esc");
    session.shows(seen(&[0], true));
    session.types("?");
    session.shows(view(Body::Help(&sample::KEYS)));
    snapshot("transcript_quiz", &session.text);
}

#[test]
fn a_program_is_told_line_by_line() {
    let mut session = Session::new();
    let run = |printed: &[&'static str], open, seconds, still, end| {
        let printed = printed.iter().map(|line| Cow::Borrowed(*line)).collect();
        view(Body::Program(ProgramView {
            name: "lazy_call",
            printed,
            open,
            left_out: 0,
            stage: None,
            tick: 0,
            seconds,
            still,
            interrupted: false,
            end,
        }))
    };
    session.shows(run(&[], false, 0, None, None));
    session.shows(run(&["one", "tw"], true, 0, None, None));
    session.shows(run(&["one", "two"], false, 1, None, None));
    for (seconds, seen) in
        [(10, None), (11, None), (12, Some(HangKind::Parked)), (13, Some(HangKind::Parked))]
    {
        session.shows(run(&["one", "two"], false, 12, Some(Still { seconds, seen }), None));
    }
    session.shows(run(&["one", "two", "three"], false, 14, None, Some(ProgramEnd::Exited(0))));
    session.types("p");
    session.shows(run(&[], false, 0, None, None));
    session.shows(run(&["one"], false, 0, None, Some(ProgramEnd::Exited(0))));
    snapshot("transcript_program", &session.text);
}

#[test]
fn no_line_is_wider_than_a_terminal_although_signs_become_words() {
    let failed = sample::failed();
    for width in [40, 60, 80, 100] {
        let graded = ExerciseView { verdict: Some(&failed), fresh: true, ..sample::ungraded() };
        let lines = Transcript::default().take(&view(Body::Exercise(graded)), width);
        assert!(lines.iter().all(|line| line.width() <= width), "{width}: {}", plain(&lines));
        assert!(!plain(&lines).contains(['✗', '✓']), "signs are words");
    }
}
