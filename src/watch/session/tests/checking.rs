//! A check of everything.

use super::*;

/// Grades what the check asks for, in order.
fn check(desk: &mut Desk, kinds: &[Kind]) -> Vec<Effect> {
    let mut last = Vec::new();
    for kind in kinds {
        let id = desk.session.last_run.0;
        last = desk.graded(id, *kind);
    }
    last
}

#[test]
fn all_are_graded_in_turn_and_the_first_unsolved_one_is_next() {
    let mut desk = Desk::started();
    assert_eq!(desk.press('c'), [grade(2, "first"), Effect::Draw]);
    assert!(desk.screen().contains("checked") && desk.screen().contains("0/3"), "{}", desk.screen());
    assert_eq!(desk.graded(2, Kind::Passed), [grade(3, "second"), Effect::Draw]);
    assert!(desk.screen().contains("1 solved · 0 not yet"), "{}", desk.screen());
    assert_eq!(desk.graded(3, Kind::Failed), [grade(4, "third"), Effect::Draw]);
    // The quiz stands before `second` and is open.
    assert_eq!(
        desk.graded(4, Kind::Passed),
        [save([solved("first"), solved("third"), go_to("question")]), Effect::Watch(None), Effect::Draw]
    );
    assert_eq!(desk.session.states, [State::Solved, State::Pending, State::Pending, State::Solved]);
    assert_eq!(desk.attempts("second"), 0, "a look costs no attempt");
}

#[test]
fn a_solved_step_whose_file_no_longer_passes_is_gone_back_to_and_stays_solved() {
    let mut desk = Desk::started();
    desk.solve(2);
    desk.press('n');
    desk.press('c');
    let effects = check(&mut desk, &[Kind::Failed, Kind::Failed, Kind::Failed]);
    assert!(effects.contains(&point("first")), "{effects:?}");
    assert_eq!(desk.session.states[0], State::Solved);
    assert!(desk.screen().contains("3 failing hidden tests: first, second, third"), "{}", desk.screen());
}

#[test]
fn when_all_is_solved_it_stays_where_it_is() {
    let mut desk = Desk::with(|progress| {
        progress.answer_quiz(&sample::quiz(), 1, now());
        progress.go_to("third");
    });
    drop(desk.session.start());
    desk.press('c');
    let effects = check(&mut desk, &[Kind::Passed, Kind::Passed, Kind::Passed]);
    assert!(effects.contains(&point("third")), "{effects:?}");
    assert_eq!(desk.notice(), "Everything is solved.");
}

#[test]
fn what_could_not_be_graded_is_neither_solved_nor_next() {
    let mut desk = Desk::with(|progress| {
        progress.answer_quiz(&sample::quiz(), 1, now());
    });
    drop(desk.session.start());
    desk.press('c');
    let effects = check(&mut desk, &[Kind::Broken, Kind::Passed, Kind::Hung]);
    assert!(effects.contains(&point("third")), "{effects:?}");
    assert_eq!(desk.session.states[0], State::Pending);
}

#[test]
fn esc_stops_it_and_keeps_what_it_found() {
    let mut desk = Desk::started();
    desk.press('c');
    desk.graded(2, Kind::Passed);
    assert_eq!(desk.key(Key::Esc), [cancel(3), save([solved("first")]), Effect::Draw]);
    assert!(desk.notice().contains("after 1 exercise."), "{}", desk.notice());
    assert_eq!(desk.graded(3, Kind::Passed), []);
    assert_eq!(desk.session.name(), "first");
}

#[test]
fn a_save_stops_it_and_is_graded_at_once() {
    let mut desk = Desk::started();
    desk.press('c');
    desk.graded(2, Kind::Failed);
    assert_eq!(desk.on(Event::Saved), [cancel(3), grade(4, "first"), Effect::Draw]);
    assert!(desk.notice().contains("stopped after 1 of 3"), "{}", desk.notice());
}

#[test]
fn other_keys_wait_until_it_is_over() {
    let mut desk = Desk::started();
    desk.press('c');
    for key in ['n', 'h', 'l', 'x', 'r', 'c', '?'] {
        assert_eq!(desk.press(key), [], "{key}");
    }
    assert_eq!(desk.press('q'), [Effect::Quit]);
}

#[test]
fn ctrl_z_during_a_check_goes_on_with_the_same_exercise() {
    let mut desk = Desk::started();
    desk.press('c');
    desk.graded(2, Kind::Passed);
    assert_eq!(desk.key(Key::Suspend), [cancel(3), Effect::Suspend]);
    assert_eq!(desk.on(Event::Resumed), [grade(4, "second"), Effect::Redraw]);
    assert_eq!(desk.graded(4, Kind::Passed), [grade(5, "third"), Effect::Draw]);
}

#[test]
fn it_stops_a_grading_under_way_and_gives_it_back_its_turn() {
    let mut desk = Desk::fresh();
    drop(desk.session.start());
    assert_eq!(desk.press('c'), [cancel(1), grade(2, "first"), Effect::Draw]);
    assert_eq!(desk.key(Key::Esc), [cancel(2), grade(3, "first"), Effect::Draw]);
}
