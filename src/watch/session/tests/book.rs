//! The page about a chapter, and the end of a chapter.

use super::*;

const RULES: &str =
    "- **Calling runs nothing.** Text.\n- **Polling runs it.** Text.\n- **Waking polls it.** Text.\n";

/// A learner who has never been here, in a workbook whose pages have text.
fn newcomer(past: impl FnOnce(&mut Progress)) -> Desk {
    let mut workbook = sample::workbook();
    for (number, chapter) in workbook.chapters.iter_mut().enumerate() {
        let lines: String = (0..40).map(|line| format!("Paragraph {line}.\n\n")).collect();
        let wide = format!("```text\n{}>\n```\n", "-".repeat(100));
        chapter.readme = format!("# Page {number}\n\n{RULES}\n{wide}\n{lines}");
    }
    let workbook = Arc::new(workbook);
    let mut progress = Progress::new("seed".into());
    past(&mut progress);
    let session = Session::new(workbook.clone(), progress.clone(), (80, 24));
    Desk { session, workbook, progress }
}

fn page(chapter: &str) -> Effect {
    save([Change::Page(chapter.into())])
}

#[test]
fn it_opens_by_itself_where_a_learner_comes_for_the_first_time() {
    let mut desk = newcomer(|_| {});
    drop(desk.session.start());
    assert_eq!(desk.key(Key::Enter), [page("01_one"), Effect::Draw], "behind the welcome");
    assert!(desk.screen().contains("Page 0"), "{}", desk.screen());
    desk.graded(1, Kind::Failed);
    assert!(desk.screen().contains("Page 0"), "a verdict does not close it: {}", desk.screen());
    desk.key(Key::Enter);
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());

    desk.press('l');
    desk.key(Key::Down);
    desk.key(Key::Down);
    let effects = desk.key(Key::Enter);
    let told =
        [save([go_to("second")]), point("second"), watch("second"), grade(2, "second"), page("02_two")];
    assert_eq!(effects[..5], told);
    assert!(desk.screen().contains("Page 1"), "{}", desk.screen());
    desk.key(Key::Enter);
    desk.press('l');
    desk.key(Key::Down);
    desk.key(Key::Enter);
    assert!(!desk.screen().contains("Page 1"), "once is enough: {}", desk.screen());
}

#[test]
fn it_does_not_open_for_one_who_has_been_there_with_an_older_program() {
    let mut desk = newcomer(|progress| {
        progress.record_attempt("first");
        progress.go_to("first");
    });
    assert_eq!(desk.session.start().last(), Some(&Effect::Draw));
    assert!(!desk.screen().contains("Page 0"), "{}", desk.screen());
    let mut fresh = newcomer(|progress| {
        progress.record_attempt("first");
        progress.go_to("second");
    });
    let effects = fresh.session.start();
    assert!(effects.contains(&page("02_two")), "{effects:?}");
}

#[test]
fn it_opens_where_it_was_left_and_a_save_closes_it() {
    let mut desk = newcomer(|progress| progress.record_attempt("first"));
    drop(desk.session.start());
    desk.press('b');
    desk.key(Key::PageDown);
    desk.key(Key::Right);
    let left = desk.screen();
    assert!(!left.contains("Page 0") && left.contains("lines above"), "{left}");
    desk.press('b');
    assert!(!desk.screen().contains("Paragraph"), "the key that opens it closes it: {}", desk.screen());
    desk.press('b');
    assert_eq!(desk.screen(), left);
    desk.on(Event::Saved);
    assert!(!desk.screen().contains("Paragraph"), "{}", desk.screen());
    desk.press('b');
    desk.key(Key::Home);
    assert!(desk.screen().contains("Page 0"), "{}", desk.screen());
}

#[test]
fn diagrams_move_sideways_and_no_further_than_their_end() {
    let mut desk = newcomer(|progress| progress.record_attempt("first"));
    drop(desk.session.start());
    desk.press('b');
    assert!(desk.screen().contains("sideways"), "{}", desk.screen());
    assert!(desk.screen().contains(&format!("\n{}…\n", "-".repeat(79))), "{}", desk.screen());
    for _ in 0..9 {
        desk.key(Key::Right);
    }
    assert!(desk.screen().contains(&format!("\n{}>\n", "-".repeat(79))), "{}", desk.screen());
    desk.key(Key::Left);
    assert!(desk.screen().contains('…'), "{}", desk.screen());
}

#[test]
fn keys_of_the_step_lead_there_from_the_page() {
    let mut desk = newcomer(|progress| progress.record_attempt("first"));
    drop(desk.session.start());
    desk.press('b');
    assert_eq!(desk.press('h'), [save([Change::Hint("first".into())]), Effect::Draw]);
    assert!(desk.screen().contains("a nudge"), "{}", desk.screen());
}

#[test]
fn a_chapter_ends_with_what_was_learned_and_what_comes_next() {
    let mut desk = newcomer(|progress| {
        progress.record_attempt("first");
        progress.answer_quiz(&sample::quiz(), 1, now());
        progress.go_to("first");
    });
    drop(desk.session.start());
    desk.graded(1, Kind::Failed);
    desk.solve(2);
    assert_eq!(desk.press('n'), [Effect::Draw]);
    let screen = desk.screen();
    assert!(
        screen.contains("Chapter done: Chapter 01_one") && screen.contains("- Polling runs it."),
        "{screen}"
    );
    desk.key(Key::End);
    assert!(desk.screen().contains("Chapter 02_two"), "{}", desk.screen());
    let effects = desk.press('n');
    assert_eq!(effects[0], save([go_to("second")]));
    assert!(desk.screen().contains("Page 1"), "{}", desk.screen());
}

#[test]
fn a_chapter_with_something_left_does_not_end_and_the_end_is_told_once() {
    let mut desk = newcomer(|progress| {
        progress.record_attempt("first");
        progress.go_to("first");
    });
    drop(desk.session.start());
    desk.solve(2);
    assert_eq!(desk.press('n')[0], save([go_to("question")]));
    let right = sample::quiz().order_for("seed").iter().position(|choice| *choice == 1).unwrap() + 1;
    desk.press(char::from_digit(u32::try_from(right).unwrap(), 10).unwrap());
    desk.press('n');
    assert!(desk.screen().contains("Chapter done"), "{}", desk.screen());
    desk.key(Key::Esc);
    assert!(desk.screen().contains("Right!"), "{}", desk.screen());
    assert_eq!(desk.press('n')[0], save([go_to("second")]));
}

#[test]
fn auto_advance_waits_at_the_end_of_a_chapter() {
    let mut desk = newcomer(|progress| {
        progress.record_attempt("first");
        progress.answer_quiz(&sample::quiz(), 1, now());
        progress.go_to("first");
    });
    desk.session = desk.session.with(Settings { auto_advance: true, ..Settings::default() });
    drop(desk.session.start());
    desk.solve(2);
    assert!(desk.screen().contains("Solved!"), "{}", desk.screen());
}

#[test]
fn the_end_of_the_last_chapter_leads_to_the_farewell() {
    let mut desk = newcomer(|progress| {
        for name in ["first", "second"] {
            progress.record_solved(name, "s", &hidden_hash(&sample::exercise(name, "")), now());
        }
        progress.answer_quiz(&sample::quiz(), 1, now());
        progress.go_to("third");
    });
    drop(desk.session.start());
    desk.solve(2);
    desk.press('n');
    assert!(desk.screen().contains("Chapter done"), "{}", desk.screen());
    desk.key(Key::Enter);
    assert!(desk.screen().contains("Farewell."), "{}", desk.screen());
}
