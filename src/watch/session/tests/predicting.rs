//! A prediction: the program runs once there is an answer, whatever came of the answer.

use super::*;
use crate::verdict::{Broken, Status, sample_test, sample_verdict};
use crate::workbook::{Step, sample_prediction};

/// At a prediction that takes the place of the sample's quiz.
fn asked(past: impl FnOnce(&mut Progress)) -> Desk {
    let mut workbook = sample::workbook();
    for step in workbook.chapters.iter_mut().flat_map(|chapter| &mut chapter.steps) {
        if step.as_quiz().is_some() {
            *step = Step::Quiz(sample_prediction("question", "01_one").into());
        }
    }
    let mut progress = Progress::new("seed".into());
    progress.go_to("question");
    past(&mut progress);
    let workbook = Arc::new(workbook);
    let session = Session::new(workbook.clone(), progress.clone(), (80, 40));
    Desk { session, workbook, progress }
}

/// The key of a choice.
fn key_of(choice: usize) -> char {
    let order = sample::quiz().order_for("seed");
    let shown = order.iter().position(|&index| index == choice).expect("it is a choice");
    char::from_digit(shown as u32 + 1, 10).expect("a digit")
}

fn grade(id: u64) -> Effect {
    Effect::Grade(RunId(id), "question".into())
}

fn answer(choice: usize) -> Effect {
    save([Change::Answer { name: "question".into(), choice }])
}

fn ran(desk: &mut Desk, id: u64, verdict: Verdict) -> Vec<Effect> {
    desk.on(Event::Graded(RunId(id), Box::new(Graded { verdict, source: None })))
}

fn printed(text: &str) -> Verdict {
    let mut test = sample_test("the_program", Status::Passed, "");
    test.output = text.to_owned();
    sample_verdict("question", Kind::Passed, vec![test])
}

#[test]
fn the_program_runs_after_the_first_answer_and_not_before() {
    let mut desk = asked(|_| {});
    assert_eq!(desk.session.start(), [Effect::Watch(None), Effect::Draw]);
    let screen = desk.screen();
    assert!(screen.contains("fn main() {") && screen.contains("Which?"), "{screen}");
    assert!(!screen.contains("printed"), "{screen}");
    assert_eq!(desk.press('r'), [Effect::Draw]);
    assert!(desk.notice().contains("A prediction is not graded"), "{}", desk.notice());

    assert_eq!(desk.press(key_of(0)), [answer(0), grade(1), Effect::Draw]);
    assert!(desk.screen().contains("Running the program…"), "{}", desk.screen());
    assert_eq!(ran(&mut desk, 1, printed("b\n")), [Effect::Draw]);
    let screen = desk.screen();
    assert!(screen.contains("The program ran, and printed:\n   b\n"), "{screen}");
    assert!(screen.contains("Not every a is one.") && !screen.contains("Because."), "{screen}");

    // It has run: the next answer only needs to be compared with what it printed.
    assert_eq!(desk.press(key_of(1)), [answer(1), Effect::Draw]);
    let screen = desk.screen();
    assert!(screen.contains("Because.") && screen.contains("printed:\n   b\n"), "{screen}");
    assert_eq!(desk.session.states[1], State::Solved);
}

#[test]
fn a_machine_that_cannot_run_it_costs_nothing_and_the_workbook_knows_what_it_prints() {
    let mut desk = asked(|_| {});
    drop(desk.session.start());
    desk.press(key_of(1));
    let broken = Broken { problem: "There is no compiler.".into(), remedy: "Install it.".into() };
    let verdict = Verdict { broken: Some(broken), ..sample_verdict("question", Kind::Broken, Vec::new()) };
    assert_eq!(ran(&mut desk, 1, verdict), [Effect::Draw]);
    let screen = desk.screen();
    assert!(screen.contains("could not run here") && screen.contains("There is no compiler."), "{screen}");
    assert!(screen.contains("it printed:\n   b\n") && screen.contains("Because."), "{screen}");
    assert_eq!(desk.session.states[1], State::Solved);
}

#[test]
fn whoever_comes_back_to_an_answered_prediction_sees_it_run_again() {
    let quiz = sample_prediction("question", "01_one");
    let mut desk = asked(|progress| {
        progress.answer_quiz(&quiz, 0, now());
    });
    assert_eq!(desk.session.start(), [Effect::Watch(None), grade(1), Effect::Draw]);
    assert_eq!(desk.key(Key::Esc), [Effect::Cancel(RunId(1)), Effect::Draw]);
    assert!(desk.notice().contains("Press r to run the program again"), "{}", desk.notice());
    assert_eq!(desk.press('r'), [grade(2), Effect::Draw]);
    ran(&mut desk, 2, printed("b\n"));
    assert_eq!(desk.press('t'), [Effect::Draw]);
    assert!(desk.notice().contains("has nothing to draw"), "{}", desk.notice());
}
