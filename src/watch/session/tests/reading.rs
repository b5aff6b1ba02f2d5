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
fn the_page_of_keys_names_every_key_and_any_key_leaves_it() {
    let mut desk = Desk::started();
    desk.on(Event::Resized(80, 40));
    desk.press('?');
    let screen = desk.screen();
    for key in ["n", "h", "l", "r", "t", "c", "x", "esc", "q", "Ctrl-Z"] {
        assert!(screen.contains(&format!("  {key} ")), "{key}: {screen}");
    }
    assert_eq!(desk.press('x'), [Effect::Draw]);
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());
    assert_eq!(desk.press('y'), [Effect::Draw], "the key that left the page asked for nothing else");
}

#[test]
fn the_task_stands_on_the_screen_until_the_first_try() {
    let mut desk = Desk::started();
    assert!(desk.screen().contains("Make first speak."), "{}", desk.screen());
    desk.on(Event::Saved);
    desk.graded(2, Kind::Failed);
    assert!(!desk.screen().contains("Make first speak."), "{}", desk.screen());
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
    assert!(desk.screen().contains("9 days ago, at second"), "{}", desk.screen());
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
