//! What follows from what a learner does.

use std::time::Duration;

use super::*;
use crate::workspace::fixture::{self, exercise, now, quiz};

fn fresh() -> Progress {
    Progress::new("seed".into())
}

fn solve(progress: &mut Progress, workbook: &Workbook, name: &str) {
    match workbook.step(name).unwrap() {
        Step::Exercise(e) => progress.record_solved(name, &hash_of("mine"), &hidden_hash(e), now()),
        Step::Quiz(q) => assert_eq!(progress.answer_quiz(q, q.answer, now()), Answered::Right),
    }
}

fn state(progress: &Progress, workbook: &Workbook, name: &str) -> State {
    progress.state(workbook.step(name).unwrap())
}

fn next<'w>(progress: &Progress, workbook: &'w Workbook, name: &str) -> Option<&'w str> {
    progress.next_after(workbook, name).map(Step::name)
}

#[test]
fn an_attempt_alone_leaves_a_step_pending() {
    let workbook = fixture::workbook();
    let mut progress = fresh();
    progress.record_attempt("first");
    progress.record_attempt("first");
    assert_eq!(progress.record("first").unwrap().attempts, 2);
    assert_eq!(state(&progress, &workbook, "first"), State::Pending);
    assert_eq!(state(&progress, &workbook, "second"), State::Pending);
}

#[test]
fn solving_again_keeps_the_first_time_and_the_last_hashes() {
    let mut progress = fresh();
    progress.record_solved("first", "a", "b", now());
    progress.record_solved("first", "c", "d", now() + Duration::from_secs(60));
    let record = progress.record("first").unwrap();
    assert_eq!(record.solved_at.as_deref(), Some("2001-09-09T01:46:40Z"));
    assert_eq!((record.source.as_deref(), record.hidden.as_deref()), (Some("c"), Some("d")));
}

#[test]
fn other_hidden_tests_make_a_solved_step_stale_and_solving_it_again_mends_that() {
    let mut workbook = fixture::workbook();
    let mut progress = fresh();
    solve(&mut progress, &workbook, "first");
    assert_eq!(state(&progress, &workbook, "first"), State::Solved);

    let mut changed = exercise("first", "01_one");
    changed.hidden.source = "fn other() {}".into();
    workbook.chapters[0].steps[0] = Step::Exercise(changed.into());
    assert_eq!(state(&progress, &workbook, "first"), State::Stale);
    solve(&mut progress, &workbook, "first");
    assert_eq!(state(&progress, &workbook, "first"), State::Solved);
}

#[test]
fn a_text_is_known_as_solved_by_all_that_was_recorded_of_it() {
    let mut progress = fresh();
    progress.record_attempt("first");
    assert!(!progress.has_solved("first", "text", "tests"));
    progress.record_solved("first", "text", "tests", SystemTime::UNIX_EPOCH);
    assert!(progress.has_solved("first", "text", "tests"));
    let before = progress.clone();
    progress.record_solved("first", "text", "tests", SystemTime::now());
    assert_eq!(progress, before, "it would change nothing");
    assert!(!progress.has_solved("first", "other", "tests"));
    assert!(!progress.has_solved("first", "text", "others"));
    assert!(!progress.has_solved("second", "text", "tests"));
}

#[test]
fn hints_come_one_at_a_time_and_end() {
    let first = exercise("first", "01_one");
    let mut progress = fresh();
    assert_eq!(progress.take_hint(&first), Some("a nudge"));
    assert_eq!(progress.take_hint(&first), Some("the idea"));
    assert_eq!(progress.take_hint(&first), None);
    assert_eq!(progress.record("first").unwrap().hints, 2);
}

#[test]
fn a_workbook_with_fewer_hints_than_were_taken_has_none_left() {
    let mut first = exercise("first", "01_one");
    let mut progress = fresh();
    progress.take_hint(&first);
    progress.take_hint(&first);
    first.hints.truncate(1);
    assert_eq!(progress.take_hint(&first), None);
    assert_eq!(progress.record("first").unwrap().hints, 2);
}

#[test]
fn a_quiz_remembers_what_was_tried_until_it_is_solved() {
    let workbook = fixture::workbook();
    let question = quiz("question", "01_one");
    let mut progress = fresh();
    assert_eq!(progress.answer_quiz(&question, 9, now()), Answered::NoSuchChoice);
    assert_eq!(progress.record("question"), None);
    assert_eq!(progress.answer_quiz(&question, 0, now()), Answered::Wrong);
    assert_eq!(state(&progress, &workbook, "question"), State::Pending);
    assert_eq!(progress.answer_quiz(&question, 1, now()), Answered::Right);
    assert_eq!(state(&progress, &workbook, "question"), State::Solved);
    assert_eq!(progress.answer_quiz(&question, 2, now()), Answered::Wrong);
    let record = progress.record("question").unwrap();
    assert_eq!(
        (record.answered.as_slice(), record.attempts, record.mark),
        ([0, 1].as_slice(), 2, Some(Mark::Solved))
    );
}

#[test]
fn a_step_that_moves_within_its_chapter_keeps_its_record_and_its_learner() {
    let mut workbook = fixture::workbook();
    let mut progress = fresh();
    solve(&mut progress, &workbook, "first");
    progress.answer_quiz(&quiz("question", "01_one"), 0, now());
    progress.go_to("question");
    let before = progress.clone();
    workbook.chapters[0].steps.reverse();
    assert_eq!(workbook.chapters[0].steps[0].name(), "question");
    assert_eq!(progress.current(&workbook).map(Step::name), Some("question"));
    assert_eq!(state(&progress, &workbook, "first"), State::Solved);
    assert_eq!(progress.record("question").unwrap().answered, [0]);
    solve(&mut progress, &workbook, "question");
    assert_eq!(next(&progress, &workbook, "question"), Some("second"), "what is solved is not given again");
    // Whoever was past the place where it stands now is led back to it at the end.
    let mut past = before;
    solve(&mut past, &workbook, "second");
    solve(&mut past, &workbook, "third");
    assert_eq!(next(&past, &workbook, "third"), Some("question"));
}

#[test]
fn skipping_and_giving_up_leave_a_solved_step_alone() {
    let mut progress = fresh();
    progress.record_solved("first", "a", "b", now());
    progress.skip("first");
    progress.give_up("first");
    let record = progress.record("first").unwrap();
    assert_eq!((record.mark, record.gave_up), (Some(Mark::Solved), false));

    progress.skip("second");
    progress.give_up("second");
    progress.record_solved("second", "a", "b", now());
    let record = progress.record("second").unwrap();
    assert_eq!((record.mark, record.gave_up), (Some(Mark::Solved), true));
}

#[test]
fn current_is_the_named_step_or_else_the_first_unsolved() {
    let workbook = fixture::workbook();
    let mut progress = fresh();
    let current = |progress: &Progress| progress.current(&workbook).map(|step| step.name().to_owned());
    assert_eq!(current(&progress).as_deref(), Some("first"));
    progress.go_to("third");
    assert_eq!(current(&progress).as_deref(), Some("third"));
    progress.go_to("gone");
    solve(&mut progress, &workbook, "first");
    assert_eq!(current(&progress).as_deref(), Some("question"));
    for name in ["question", "second", "third"] {
        solve(&mut progress, &workbook, name);
    }
    assert_eq!(current(&progress), None);
    progress.go_to("second");
    assert_eq!(current(&progress).as_deref(), Some("second"), "a learner may look back at a solved step");
}

#[test]
fn next_goes_on_then_round_then_to_skipped_then_to_stale_ones() {
    let workbook = fixture::workbook();
    let mut progress = fresh();
    assert_eq!(next(&progress, &workbook, "first"), Some("question"));
    assert_eq!(next(&progress, &workbook, "third"), Some("first"));
    assert_eq!(next(&progress, &workbook, "gone"), Some("first"));

    progress.skip("first");
    progress.skip("question");
    assert_eq!(next(&progress, &workbook, "third"), Some("second"), "pending before skipped");
    progress.record_solved("second", "a", "old tests", now());
    assert_eq!(next(&progress, &workbook, "third"), Some("first"), "skipped before stale");
    assert_eq!(next(&progress, &workbook, "first"), Some("third"));
    solve(&mut progress, &workbook, "third");
    assert_eq!(next(&progress, &workbook, "first"), Some("question"));
    solve(&mut progress, &workbook, "first");
    solve(&mut progress, &workbook, "question");
    assert_eq!(next(&progress, &workbook, "third"), Some("second"));
    solve(&mut progress, &workbook, "second");
    assert_eq!(next(&progress, &workbook, "third"), None);
}

#[test]
fn the_last_step_left_is_not_next_to_itself() {
    let workbook = fixture::workbook();
    let mut progress = fresh();
    for name in ["first", "question", "second"] {
        solve(&mut progress, &workbook, name);
    }
    assert_eq!(next(&progress, &workbook, "third"), None);
    assert_eq!(next(&progress, &workbook, "second"), Some("third"));
}

#[test]
fn a_summary_counts_every_step_of_the_workbook_and_no_other() {
    let workbook = fixture::workbook();
    let mut progress = fresh();
    solve(&mut progress, &workbook, "first");
    progress.record_solved("second", "a", "old tests", now());
    progress.skip("third");
    progress.record_solved("of another version", "a", "b", now());
    let expected = Counts { total: 4, solved: 1, pending: 1, skipped: 1, stale: 1, core: 3, core_solved: 1 };
    assert_eq!(progress.summary(&workbook), expected);
    let chapter = progress.chapter_summary(&workbook.chapters[1]);
    assert_eq!(chapter, Counts { total: 2, skipped: 1, stale: 1, core: 1, ..Counts::default() });
}

#[test]
fn a_chapter_is_new_until_its_page_was_shown_or_a_step_was_touched() {
    let workbook = fixture::workbook();
    let mut progress = fresh();
    let new = |progress: &Progress| {
        workbook.chapters.iter().map(|chapter| progress.is_new(chapter)).collect::<Vec<_>>()
    };
    assert_eq!(new(&progress), [true, true]);
    progress.go_to("second");
    assert_eq!(new(&progress), [true, true], "to be there is not to have begun");
    progress.record_attempt("first");
    assert_eq!(new(&progress), [false, true]);
    progress.see_page("02_two");
    assert_eq!(new(&progress), [false, false]);
}
