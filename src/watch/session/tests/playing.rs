//! The learner's own program.

use super::*;
use crate::grader::{Activity, Ask, Played};
use crate::verdict::HangKind;

fn play(id: u64) -> Effect {
    Effect::Play(RunId(id), "first".into())
}

fn stop(id: u64) -> Effect {
    Effect::Stop(RunId(id))
}

fn print(desk: &mut Desk, id: u64, text: &str) {
    assert_eq!(desk.on(Event::Printed(RunId(id), text.into())), [], "drawn with the next tick");
    let now = desk.session.program.as_ref().and_then(Program::now).unwrap_or_default();
    assert_eq!(desk.on(Event::Tick(now)), [Effect::Draw]);
}

fn running() -> Desk {
    let mut desk = Desk::started();
    assert_eq!(desk.press('p'), [play(2), Effect::Draw]);
    assert_eq!(desk.on(Event::Activity(RunId(2), Activity::Compiling)), [Effect::Draw]);
    assert!(desk.screen().contains("Compiling…"), "{}", desk.screen());
    desk.on(Event::Activity(RunId(2), Activity::Testing { done: 0, total: 1 }));
    assert_eq!(
        desk.on(Event::Tick(Duration::from_secs(100))),
        [Effect::Draw],
        "the clock of the loop, not its own"
    );
    assert!(desk.screen().contains("Running…") && desk.screen().contains("esc stop"), "{}", desk.screen());
    desk
}

#[test]
fn its_output_is_shown_as_it_comes_and_then_its_end() {
    let mut desk = running();
    print(&mut desk, 2, "hel");
    assert!(desk.screen().contains("hel\n"), "{}", desk.screen());
    print(&mut desk, 2, "lo\nwor\u{1b}[31mld\n");
    assert!(desk.screen().contains("hello\n") && desk.screen().contains("world\n"), "{}", desk.screen());
    assert_eq!(desk.on(Event::Played(RunId(2), Box::new(Played::Exited(101)))), [Effect::Draw]);
    assert!(desk.screen().contains("It panicked. Exit code 101."), "{}", desk.screen());
    assert_eq!(desk.on(Event::Tick(Duration::ZERO)), [], "nothing turns any more");
    assert_eq!(desk.press('p'), [play(3), Effect::Draw]);
    assert!(!desk.screen().contains("hello"), "{}", desk.screen());
}

#[test]
fn esc_stops_it_then_leads_back() {
    let mut desk = running();
    print(&mut desk, 2, "hello\n");
    assert_eq!(desk.key(Key::Esc), [stop(2), Effect::Draw]);
    assert!(
        desk.screen().contains("hello") && desk.screen().contains("You stopped it."),
        "{}",
        desk.screen()
    );
    assert_eq!(
        desk.on(Event::Printed(RunId(2), b"late\n".to_vec())),
        [Effect::Draw],
        "no tick would draw it"
    );
    assert!(desk.screen().contains("late"), "it was printed before it was stopped: {}", desk.screen());
    assert_eq!(desk.key(Key::Esc), [Effect::Draw]);
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());
}

#[test]
fn q_leads_back_at_once_and_stops_it() {
    let mut desk = running();
    assert_eq!(desk.press('q'), [stop(2), Effect::Draw]);
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());
    assert_eq!(desk.on(Event::Played(RunId(2), Box::new(Played::Exited(0)))), [], "nobody asks any more");
}

#[test]
fn a_save_stops_it_and_is_graded() {
    let mut desk = running();
    assert_eq!(desk.on(Event::Saved), [stop(2), grade(3, "first"), Effect::Draw]);
    assert!(desk.screen().contains("Grading…"), "{}", desk.screen());
}

#[test]
fn a_grading_goes_on_beside_it() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    assert_eq!(desk.press('p'), [play(3), Effect::Draw]);
    assert_eq!(desk.graded(2, Kind::Passed).len(), 2);
    assert!(desk.screen().contains("What first prints:"), "{}", desk.screen());
    desk.press('q');
    assert!(desk.screen().contains("Solved!"), "{}", desk.screen());
}

#[test]
fn ctrl_z_stops_it() {
    let mut desk = running();
    assert_eq!(desk.key(Key::Suspend), [stop(2), Effect::Suspend]);
    assert_eq!(desk.on(Event::Resumed), [Effect::Redraw]);
    assert!(desk.screen().contains("You stopped it."), "{}", desk.screen());
}

#[test]
fn the_newest_line_is_in_view_until_one_scrolls_up() {
    let mut desk = running();
    let lines = |from: usize| (from..from + 100).map(|line| format!("line {line}\n")).collect::<String>();
    print(&mut desk, 2, &lines(0));
    assert!(desk.screen().contains("line 99\n"), "{}", desk.screen());
    desk.key(Key::PageUp);
    print(&mut desk, 2, &lines(100));
    assert!(!desk.screen().contains("line 199\n"), "what is read stays: {}", desk.screen());
    desk.key(Key::End);
    print(&mut desk, 2, &lines(200));
    assert!(desk.screen().contains("line 299\n"), "{}", desk.screen());
}

#[test]
fn what_is_no_program_is_said_to_be_none() {
    let mut desk = running();
    desk.on(Event::Played(RunId(2), Box::new(Played::NoMain)));
    assert!(desk.screen().contains("no `main`"), "{}", desk.screen());
    let mut quiz = Desk::with(|progress| progress.go_to("question"));
    drop(quiz.session.start());
    assert_eq!(quiz.press('p'), [Effect::Draw]);
    assert!(quiz.notice().contains("quiz"), "{}", quiz.notice());
}

fn at(desk: &mut Desk, seconds: u64) -> Vec<Effect> {
    desk.on(Event::Tick(Duration::from_secs(100 + seconds)))
}

#[test]
fn it_has_a_clock_and_after_ten_silent_seconds_it_is_looked_at() {
    let mut desk = running();
    assert_eq!(at(&mut desk, 4), [Effect::Draw]);
    assert!(desk.screen().contains("Running… 4 s"), "{}", desk.screen());
    print(&mut desk, 2, "a word\n");
    let look = Effect::Ask(RunId(2), Ask::Look);
    assert_eq!(at(&mut desk, 13), [Effect::Draw], "it printed something at 4");
    assert!(!desk.screen().contains("Nothing printed"), "{}", desk.screen());
    assert_eq!(at(&mut desk, 14), [look.clone(), Effect::Draw]);
    assert!(desk.screen().contains("Nothing printed for 10 s."), "{}", desk.screen());
    assert_eq!(desk.on(Event::Seen(RunId(2), HangKind::Parked)), [Effect::Draw]);
    assert!(desk.screen().contains("every thread is asleep"), "{}", desk.screen());
    assert_eq!(at(&mut desk, 18), [Effect::Draw], "looked at a moment ago");
    assert_eq!(at(&mut desk, 19), [look.clone(), Effect::Draw]);
    assert!(desk.screen().contains("for 15 s, and every thread is asleep"), "{}", desk.screen());
    assert_eq!(desk.on(Event::Seen(RunId(2), HangKind::Spinning)), [Effect::Draw]);
    assert!(desk.screen().contains("the program is busy"), "{}", desk.screen());
    // What it prints is a sign of life, and an answer that comes behind it is too late.
    print(&mut desk, 2, "another\n");
    assert_eq!(desk.on(Event::Seen(RunId(2), HangKind::Spinning)), []);
    assert!(!desk.screen().contains("Nothing printed"), "{}", desk.screen());
}

#[test]
fn ctrl_c_means_the_program_and_never_the_watcher() {
    let mut desk = running();
    assert_eq!(desk.key(Key::Interrupt), [Effect::Ask(RunId(2), Ask::Interrupt), Effect::Draw]);
    assert!(desk.screen().contains("Interrupted, and still running."), "{}", desk.screen());
    assert_eq!(desk.on(Event::Printed(RunId(2), b"bye\n".to_vec())), []);
    assert_eq!(desk.on(Event::Played(RunId(2), Box::new(Played::Signalled(2)))), [Effect::Draw]);
    assert!(
        desk.screen().contains("bye\n") && desk.screen().contains("You stopped it."),
        "{}",
        desk.screen()
    );
    assert_eq!(desk.key(Key::Interrupt), [Effect::Draw], "pressed once too often, it leads back");
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());
    assert_eq!(desk.key(Key::Interrupt), [Effect::Quit]);
}

#[test]
fn a_program_that_ignores_ctrl_c_is_ended_by_the_second_one_and_one_that_is_not_built_by_the_first() {
    let mut desk = running();
    desk.key(Key::Interrupt);
    assert_eq!(desk.key(Key::Interrupt), [stop(2), Effect::Draw]);
    assert!(desk.screen().contains("You stopped it."), "{}", desk.screen());
    let mut desk = Desk::started();
    desk.press('p');
    assert_eq!(desk.key(Key::Interrupt), [stop(2), Effect::Draw]);
}

#[test]
fn a_program_that_handles_ctrl_c_ends_as_it_says() {
    let mut desk = running();
    desk.key(Key::Interrupt);
    desk.on(Event::Played(RunId(2), Box::new(Played::Exited(3))));
    assert!(desk.screen().contains("It ended. Exit code 3."), "{}", desk.screen());
}
