//! A check of everything.

use super::*;

fn check_all(id: u64, names: &[&str]) -> Effect {
    Effect::CheckAll(RunId(id), names.iter().map(|name| (*name).to_owned()).collect())
}

const ALL: [&str; 3] = ["first", "second", "third"];

fn found(desk: &mut Desk, id: u64, name: &str, kind: Kind) -> Vec<Effect> {
    let graded = Graded { verdict: verdict(name, kind), source: Some("hash".into()) };
    desk.on(Event::Checked(RunId(id), name.into(), Box::new(graded)))
}

/// Lets the check that was begun last find these, in the workbook's order, and end.
fn check(desk: &mut Desk, kinds: &[Kind]) -> Vec<Effect> {
    let id = desk.session.last_run.0;
    for (name, kind) in ALL.iter().zip(kinds) {
        assert_eq!(found(desk, id, name, *kind), [Effect::Draw]);
    }
    desk.on(Event::CheckOver(RunId(id)))
}

#[test]
fn all_are_graded_and_the_first_unsolved_one_is_next() {
    let mut desk = Desk::started();
    assert_eq!(desk.press('c'), [check_all(2, &ALL), Effect::Draw]);
    assert!(desk.screen().contains("checked") && desk.screen().contains("0/3"), "{}", desk.screen());
    // They come in any order.
    assert_eq!(found(&mut desk, 2, "third", Kind::Passed), [Effect::Draw]);
    assert!(desk.screen().contains("1 solved · 0 not yet"), "{}", desk.screen());
    assert!(desk.screen().contains("latest:  ✓ third"), "{}", desk.screen());
    assert_eq!(found(&mut desk, 2, "second", Kind::Failed), [Effect::Draw]);
    assert_eq!(found(&mut desk, 2, "first", Kind::Passed), [Effect::Draw]);
    // The quiz stands before `second` and is open.
    assert_eq!(
        desk.on(Event::CheckOver(RunId(2))),
        [save([solved("third"), solved("first"), go_to("question")]), Effect::Watch(None), Effect::Draw]
    );
    assert_eq!(desk.session.states, [State::Solved, State::Pending, State::Pending, State::Solved]);
    assert_eq!(desk.attempts("second"), 0, "a look costs no attempt");
    let names: Vec<&str> =
        desk.session.checked.iter().flatten().map(|checked| checked.name.as_str()).collect();
    assert_eq!(names, ALL, "the summary is in the workbook's order");
    let screen = desk.screen();
    assert!(screen.contains("1 failing hidden tests: second") && screen.contains("Which?"), "{screen}");
}

#[test]
fn files_that_nobody_has_begun_are_not_called_failing() {
    let mut desk = Desk::with(|progress| {
        progress.answer_quiz(&sample::quiz(), 1, now());
    });
    drop(desk.session.start());
    desk.key(Key::Enter);
    desk.press('c');
    let id = desk.session.last_run;
    found(&mut desk, id.0, "first", Kind::Failed);
    for name in ["second", "third"] {
        let source = Some(crate::workspace::hash_of(&sample::exercise(name, "").starter));
        let graded = Graded { verdict: verdict(name, Kind::Failed), source };
        desk.on(Event::Checked(id, name.into(), Box::new(graded)));
    }
    desk.on(Event::CheckOver(id));
    let screen = desk.screen();
    assert!(screen.contains("1 failing hidden tests: first"), "{screen}");
    assert!(screen.contains("2 not started: second, third"), "{screen}");
}

#[test]
fn what_is_built_first_is_shown_until_the_first_result() {
    let mut desk = Desk::started();
    desk.press('c');
    let building = crate::grader::Activity::Preparing { built: 3, crate_name: "bytes".into() };
    assert_eq!(desk.on(Event::Activity(RunId(2), building)), [Effect::Draw]);
    assert!(desk.screen().contains("bytes (3 done"), "{}", desk.screen());
    found(&mut desk, 2, "first", Kind::Passed);
    assert!(!desk.screen().contains("bytes"), "{}", desk.screen());
}

#[test]
fn what_an_older_check_finds_is_ignored() {
    let mut desk = Desk::started();
    desk.press('c');
    desk.key(Key::Esc);
    desk.press('c');
    assert_eq!(found(&mut desk, 2, "first", Kind::Passed), []);
    assert_eq!(desk.on(Event::CheckOver(RunId(2))), []);
    assert!(desk.screen().contains("0/3"), "{}", desk.screen());
}

#[test]
fn whoever_quits_keeps_what_it_found() {
    for leave in [Event::Key(Key::Char('q')), Event::Key(Key::Interrupt), Event::Signal(Signal::HangUp)] {
        let mut desk = Desk::started();
        desk.press('c');
        found(&mut desk, 2, "second", Kind::Passed);
        assert_eq!(desk.on(leave), [save([solved("second")]), Effect::Quit]);
    }
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
fn a_workbook_of_questions_alone_has_nothing_to_check() {
    let mut workbook = sample::workbook();
    for chapter in &mut workbook.chapters {
        chapter.steps.retain(|step| step.as_quiz().is_some());
    }
    let mut session = Session::new(Arc::new(workbook), Progress::new("seed".into()), (80, 24));
    drop(session.start());
    drop(session.on(Event::Key(Key::Enter)));
    assert_eq!(session.on(Event::Key(Key::Char('c'))), [Effect::Draw]);
    assert!(session.notice.is_some_and(|notice| notice.text.contains("nothing to check")));
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
    found(&mut desk, 2, "first", Kind::Passed);
    assert_eq!(desk.key(Key::Esc), [cancel(2), save([solved("first")]), Effect::Draw]);
    assert!(desk.notice().contains("after 1 exercise."), "{}", desk.notice());
    assert_eq!(found(&mut desk, 2, "second", Kind::Passed), []);
    assert_eq!(desk.session.name(), "first");
}

#[test]
fn a_save_stops_it_and_is_graded_at_once() {
    let mut desk = Desk::started();
    desk.press('c');
    found(&mut desk, 2, "third", Kind::Failed);
    assert_eq!(desk.on(Event::Saved), [cancel(2), grade(3, "first"), Effect::Draw]);
    assert!(desk.notice().contains("stopped after 1 of 3"), "{}", desk.notice());
}

#[test]
fn other_keys_wait_until_it_is_over() {
    let mut desk = Desk::started();
    desk.press('c');
    for key in ['n', 'h', 'l', 'x', 'r', 'c', '?'] {
        assert_eq!(desk.press(key), [Effect::Draw], "{key}");
        assert!(desk.screen().contains("esc stops it; other keys wait"), "{}", desk.screen());
    }
    assert_eq!(desk.press('q'), [Effect::Quit]);
}

#[test]
fn ctrl_z_during_a_check_goes_on_with_what_is_left() {
    let mut desk = Desk::started();
    desk.press('c');
    found(&mut desk, 2, "second", Kind::Passed);
    assert_eq!(desk.key(Key::Suspend), [cancel(2), Effect::Suspend]);
    assert_eq!(desk.on(Event::Resumed), [check_all(3, &["first", "third"]), Effect::Redraw]);
    assert!(desk.screen().contains("1/3"), "{}", desk.screen());
    assert_eq!(found(&mut desk, 3, "third", Kind::Passed), [Effect::Draw]);
}

#[test]
fn it_stops_a_grading_under_way_and_gives_it_back_its_turn() {
    let mut desk = Desk::fresh();
    drop(desk.session.start());
    assert_eq!(desk.press('c'), [cancel(1), check_all(2, &ALL), Effect::Draw]);
    assert_eq!(desk.key(Key::Esc), [cancel(2), grade(3, "first"), Effect::Draw]);
}
