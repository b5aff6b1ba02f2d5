//! Scrolling, the page of keys, and what is on the screen when.

use super::*;
use crate::grader::Activity;
use crate::verdict::{Diagnostic, Level, Timeline, What};

fn long() -> Desk {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    let mut verdict = verdict("first", Kind::Failed);
    verdict.tests[0].message = (1..=60).map(|line| format!("line {line}\n")).collect();
    desk.on(Event::Graded(RunId(2), Box::new(Graded { verdict, source: None })));
    desk
}

#[test]
fn long_text_scrolls_and_stops_at_both_ends() {
    let mut desk = long();
    assert!(desk.screen().contains("more lines below"), "{}", desk.screen());
    assert_eq!(desk.key(Key::Up), [Effect::Draw]);
    assert_eq!(desk.session.scroll, 0);
    desk.key(Key::Down);
    desk.press('j');
    desk.press('k');
    assert_eq!(desk.session.scroll, 1);
    desk.key(Key::End);
    let end = desk.session.scroll;
    assert!(
        desk.screen().contains("line 60") && desk.screen().contains("more lines above"),
        "{}",
        desk.screen()
    );
    desk.key(Key::PageDown);
    assert_eq!(desk.session.scroll, end);
    desk.key(Key::PageUp);
    assert!(desk.session.scroll < end && desk.session.scroll > 0);
    desk.key(Key::Home);
    assert_eq!(desk.session.scroll, 0);
}

#[test]
fn a_larger_screen_needs_less_scrolling_and_a_save_starts_at_the_top() {
    let mut desk = long();
    desk.key(Key::End);
    assert_eq!(desk.on(Event::Resized(80, 200)), [Effect::Draw]);
    assert_eq!(desk.session.size(), (80, 200));
    assert!(desk.screen().contains("line 1\n") && desk.screen().contains("line 60"));
    desk.on(Event::Resized(80, 24));
    desk.on(Event::Saved);
    assert_eq!(desk.session.scroll, 0);
}

#[test]
fn the_page_of_keys_names_every_key_and_each_of_them_does_what_it_says() {
    let mut desk = Desk::started();
    desk.on(Event::Resized(80, 40));
    desk.press('?');
    let screen = desk.screen();
    for key in ["n", "h", "l", "r", "t", "c", "x", "esc", "q", "Ctrl-Z"] {
        assert!(screen.contains(&format!("  {key} ")), "{key}: {screen}");
    }
    assert_eq!(desk.press('?'), [Effect::Draw], "the key that opened it closes it");
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());
    desk.press('?');
    assert_eq!(desk.press('h'), [save([Change::Hint("first".into())]), Effect::Draw]);
    assert!(desk.screen().contains("Hint 1 of 2"), "{}", desk.screen());
    desk.press('?');
    assert_eq!(desk.press('x'), [Effect::Draw]);
    assert!(desk.notice().contains("Press y for yes"), "{}", desk.notice());
}

#[test]
fn the_task_stands_on_the_screen_until_the_first_try() {
    let mut desk = Desk::started();
    assert!(desk.screen().contains("Make first speak."), "{}", desk.screen());
    desk.on(Event::Saved);
    desk.graded(2, Kind::Failed);
    assert!(!desk.screen().contains("Make first speak."), "{}", desk.screen());
    assert!(desk.screen().contains("i task"), "and then a key brings it back: {}", desk.screen());
    assert_eq!(desk.press('i'), [Effect::Draw]);
    assert!(
        desk.screen().contains("Make first speak.") && desk.screen().contains("The starter"),
        "{}",
        desk.screen()
    );
    assert_eq!(desk.press('i'), [Effect::Draw]);
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());
}

#[test]
fn no_key_does_nothing_without_a_word() {
    let solution = |desk: &mut Desk| {
        desk.solve(2);
        desk.press('s');
        desk.on(Event::Source("first".into(), "// my own\n".into()));
    };
    let program = |desk: &mut Desk| drop(desk.press('p'));
    let ended = |desk: &mut Desk| {
        desk.press('p');
        desk.on(Event::Played(RunId(2), Box::new(crate::grader::Played::Exited(0))));
    };
    type Open<'a> = &'a dyn Fn(&mut Desk);
    let pages: [(&str, Open<'_>); 8] = [
        ("step", &|_| {}),
        ("keys", &|desk| drop(desk.press('?'))),
        ("list", &|desk| drop(desk.press('l'))),
        ("task", &|desk| drop(desk.press('i'))),
        ("solution", &solution),
        ("program", &program),
        ("ended program", &ended),
        ("check", &|desk| drop(desk.press('c'))),
    ];
    for (page, open) in pages {
        let mut desk = Desk::started();
        open(&mut desk);
        let before = desk.screen();
        assert_eq!(desk.press('z'), [Effect::Draw], "{page}");
        assert_ne!(desk.screen(), before, "{page}");
        assert!(
            desk.notice().contains("esc") || desk.notice().contains("? shows"),
            "{page}: {}",
            desk.notice()
        );
    }
    let mut quiz = Desk::with(|progress| progress.go_to("question"));
    drop(quiz.session.start());
    for key in "rtiz".chars() {
        quiz.press(key);
        assert!(!quiz.notice().is_empty(), "{key}");
    }
    let mut exercise = Desk::started();
    exercise.press('2');
    assert!(exercise.notice().contains("2 does nothing here"), "{}", exercise.notice());
}

#[test]
fn from_a_page_the_keys_of_the_step_act_at_once() {
    let mut desk = Desk::started();
    desk.solve(2);
    desk.press('s');
    desk.on(Event::Source("first".into(), "// my own\n".into()));
    assert_eq!(desk.press('n'), [save([go_to("question")]), Effect::Watch(None), Effect::Draw]);
}

#[test]
fn how_to_go_on_is_said_for_as_long_as_it_is_true() {
    let mut desk = Desk::started();
    desk.solve(2);
    for view in ["?", "l", "i"] {
        desk.press(view.chars().next().unwrap());
        desk.key(Key::Esc);
        assert!(desk.notice().starts_with("Press n for the next step"), "after {view}: {}", desk.notice());
    }
    // The header calls the step solved, and the file does not pass: both are true.
    desk.on(Event::Saved);
    assert_eq!(desk.notice(), "");
    desk.graded(3, Kind::Failed);
    assert!(desk.notice().contains("it stays solved"), "{}", desk.notice());
    let mut last = Desk::with_the_rest_solved();
    drop(last.session.start());
    last.solve(2);
    assert!(last.notice().starts_with("That was the last one. Press n"), "{}", last.notice());
}

#[test]
fn a_warning_stays_until_a_key_was_pressed() {
    let mut desk = Desk::started();
    desk.session.announce(Role::Warn, "Your progress was read from its backup.");
    desk.session.announce(Role::Good, "Your workspace is ready.");
    desk.session.announce(Role::Good, "Your workspace is ready.");
    desk.solve(2);
    desk.key(Key::Down);
    let notice = desk.notice();
    assert!(
        notice.starts_with("Your progress was read from its backup.\nYour workspace is ready.\nPress n"),
        "reading is no answer: {notice}"
    );
    desk.press('?');
    assert!(!desk.screen().contains("backup."), "{}", desk.screen());
}

#[test]
fn no_old_verdict_is_shown_as_that_of_a_newer_text() {
    let mut desk = Desk::started();
    desk.solve(2);
    desk.on(Event::Saved);
    assert!(desk.screen().contains("speaks"), "a blink does not change the screen twice: {}", desk.screen());
    for _ in 0..10 {
        desk.on(Event::Tick(Duration::ZERO));
    }
    assert!(!desk.screen().contains("speaks"), "it is no blink any more: {}", desk.screen());
    desk.key(Key::Esc);
    assert!(
        !desk.screen().contains("Solved!"),
        "the text in the file has not been graded: {}",
        desk.screen()
    );
    assert!(desk.screen().contains("Not graded yet"), "{}", desk.screen());

    // Where the text is the same, the verdict is still its verdict.
    let mut desk = Desk::started();
    desk.solve(2);
    desk.press('r');
    desk.key(Key::Esc);
    assert!(desk.screen().contains("Solved!"), "{}", desk.screen());

    let mut desk = long();
    desk.on(Event::Saved);
    for _ in 0..10 {
        desk.on(Event::Tick(Duration::ZERO));
    }
    assert!(desk.screen().contains("What the previous grading said:"), "{}", desk.screen());
}

#[test]
fn a_file_that_is_gone_has_no_verdict() {
    let mut desk = Desk::started();
    desk.solve(2);
    desk.on(Event::Missing);
    assert!(
        desk.screen().contains("There is nothing to grade") && !desk.screen().contains("Solved!"),
        "{}",
        desk.screen()
    );
    desk.press('?');
    desk.press('?');
    assert!(desk.notice().contains("is gone"), "it stays true: {}", desk.notice());
    desk.on(Event::Reset(Restored::Anew));
    assert!(!desk.notice().contains("is gone."), "{}", desk.notice());
}

#[test]
fn t_shows_what_was_recorded_and_hides_it_again() {
    let mut desk = Desk::started();
    assert!(!desk.screen().contains("see it run"), "{}", desk.screen());
    assert_eq!(desk.press('t'), [Effect::Draw]);
    assert!(desk.screen().contains("Nothing was recorded here."), "{}", desk.screen());
    desk.on(Event::Saved);
    let mut verdict = verdict("first", Kind::Passed);
    let mut timeline = Timeline::default();
    timeline.add_lane("kettle");
    timeline.add(0, 0, What::Poll);
    verdict.tests[0].timeline = Some(timeline);
    desk.on(Event::Graded(RunId(2), Box::new(Graded { verdict, source: None })));
    assert!(desk.screen().contains("t see it run"), "{}", desk.screen());
    assert!(!desk.screen().contains("kettle"), "{}", desk.screen());
    assert_eq!(desk.press('t'), [Effect::Draw]);
    assert!(desk.screen().contains("kettle") && desk.screen().contains("esc back"), "{}", desk.screen());
    assert_eq!(desk.press('t'), [Effect::Draw]);
    assert!(!desk.screen().contains("kettle"), "{}", desk.screen());
}

#[test]
fn a_save_brings_the_step_back_from_any_page() {
    for page in ['?', 'l'] {
        let mut desk = Desk::started();
        desk.press(page);
        assert_eq!(desk.on(Event::Saved), [grade(2, "first"), Effect::Draw]);
        assert!(desk.screen().contains("Grading…"), "{}", desk.screen());
    }
}

#[test]
fn each_activity_is_shown() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    let building = Activity::Preparing { built: 3, crate_name: "bytes".into() };
    let diagnosed = Activity::Diagnosed(vec![Diagnostic {
        level: Level::Error,
        code: None,
        message: "no".into(),
        place: None,
        rendered: "error: this is not it\n".into(),
        coach: None,
    }]);
    for (activity, shown) in [
        (building, "bytes (3 done"),
        (Activity::Compiling, "Compiling…"),
        (diagnosed, "error: this is not it"),
        (Activity::Testing { done: 1, total: 2 }, "1 of 2 done"),
    ] {
        assert_eq!(desk.on(Event::Activity(RunId(2), activity)), [Effect::Draw]);
        assert!(desk.screen().contains(shown), "{}", desk.screen());
    }
}

#[test]
fn the_welcome_is_for_newcomers_and_goes_with_the_first_key_or_save() {
    let mut desk = Desk::with(|_| {});
    let effects = desk.session.start();
    assert!(effects.contains(&grade(1, "first")), "the first step is graded meanwhile: {effects:?}");
    assert!(desk.screen().contains("Welcome.") && desk.screen().contains("enter begin"), "{}", desk.screen());
    desk.graded(1, Kind::Failed);
    assert!(desk.screen().contains("Welcome."), "it stays to be read: {}", desk.screen());
    assert_eq!(desk.press('n'), [Effect::Draw], "a key that leaves it does nothing else");
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());

    let mut desk = Desk::with(|_| {});
    drop(desk.session.start());
    desk.on(Event::Saved);
    assert!(!desk.screen().contains("Welcome."), "{}", desk.screen());

    let mut desk = Desk::with(|_| {});
    assert_eq!(desk.press('q'), [Effect::Quit]);

    let returning = Desk::with(|progress| progress.record_attempt("first"));
    assert!(!returning.screen().contains("Welcome."), "{}", returning.screen());
}

#[test]
fn whoever_comes_back_after_a_while_is_told_where_they_were() {
    let back = |days: u64| {
        let mut progress = Progress::new("seed".into());
        progress.go_to("second");
        progress.record_attempt("second");
        let workbook = Arc::new(sample::workbook());
        let session = Session::new(workbook.clone(), progress.clone(), (80, 24));
        let away = Some(Duration::from_secs(days * 24 * 3600));
        Desk { session: session.picking_up(away, &News::default()), workbook, progress }
    };
    let mut desk = back(9);
    assert!(desk.session.start().contains(&grade(1, "second")), "it is graded meanwhile");
    assert!(desk.screen().contains("9 days ago, on second"), "{}", desk.screen());
    assert!(desk.screen().contains("enter go on"), "{}", desk.screen());
    assert_eq!(desk.key(Key::Enter), [Effect::Draw]);
    assert!(!desk.screen().contains("9 days"), "{}", desk.screen());

    let mut desk = back(9);
    drop(desk.session.start());
    assert!(matches!(desk.press('c').as_slice(), [Effect::Cancel(_), Effect::CheckAll(..), Effect::Draw]));

    let mut desk = back(9);
    drop(desk.session.start());
    desk.on(Event::Saved);
    assert!(!desk.screen().contains("9 days"), "{}", desk.screen());
    assert_eq!(back(9).press('q'), [Effect::Quit]);
    assert!(!back(0).screen().contains("ago"), "{}", back(0).screen());
}

#[test]
fn the_line_of_keys_offers_what_does_something() {
    let mut desk = Desk::started();
    assert!(desk.screen().contains("n skip") && !desk.screen().contains("esc stop"), "{}", desk.screen());
    desk.on(Event::Saved);
    assert!(desk.screen().contains("esc stop"), "{}", desk.screen());
    desk.graded(2, Kind::Passed);
    assert!(desk.screen().contains("n next") && !desk.screen().contains("h hint"), "{}", desk.screen());
}

#[test]
fn ctrl_l_draws_the_whole_screen() {
    assert_eq!(Desk::started().key(Key::Redraw), [Effect::Redraw]);
}
