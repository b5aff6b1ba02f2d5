//! Lines in place of keys.

use super::*;

fn plain() -> Desk {
    let mut desk = Desk::started();
    desk.session = desk.session.with(Settings { plain: true, ..Settings::default() });
    desk
}

impl Desk {
    fn types(&mut self, line: &str) -> Vec<Effect> {
        self.on(Event::Line(line.into()))
    }
}

#[test]
fn a_key_and_its_word_do_the_same() {
    for line in ["h", "hint", " Hint "] {
        assert_eq!(plain().types(line), [save([Change::Hint("first".into())]), Effect::Draw], "{line}");
    }
    assert_eq!(plain().types("quit"), [Effect::Quit]);
    assert_eq!(plain().types("run again"), [grade(2, "first"), Effect::Draw]);
}

#[test]
fn a_word_is_never_read_letter_by_letter() {
    let mut desk = plain();
    assert_eq!(desk.types("xyz"), [Effect::Draw]);
    assert!(desk.notice().contains("\"xyz\" is not a key"), "{}", desk.notice());
    assert_eq!(desk.types("y"), [Effect::Draw], "nothing was asked");
}

#[test]
fn the_name_of_a_step_leads_there() {
    let mut desk = plain();
    let effects = desk.types("second");
    assert_eq!(
        effects,
        [save([go_to("second")]), point("second"), watch("second"), grade(2, "second"), Effect::Draw]
    );
    assert_eq!(desk.types("second"), [Effect::Draw], "one is there already");
}

#[test]
fn the_list_is_searched_by_a_line_and_an_empty_line_goes_there() {
    let mut desk = plain();
    desk.types("list");
    desk.types("/thi");
    assert!(desk.screen().contains("1 of 4 shown"), "{}", desk.screen());
    assert_eq!(desk.types("")[0], save([go_to("third")]));
    desk.types("l");
    desk.types("/");
    desk.types("list");
    assert!(desk.screen().contains("0 of 4 shown"), "a key's word is text there: {}", desk.screen());
}

#[test]
fn a_question_is_answered_by_a_word() {
    let mut desk = plain();
    desk.types("reset");
    assert_eq!(desk.types("yes"), [Effect::Reset("first".into()), Effect::Draw]);
}

#[test]
fn what_would_scroll_does_nothing() {
    let mut desk = plain();
    desk.types("j");
    assert!(desk.notice().contains("j does nothing here"), "{}", desk.notice());
}

#[test]
fn the_end_of_input_waits_for_the_grading_under_way() {
    let mut desk = plain();
    desk.on(Event::Saved);
    assert_eq!(desk.on(Event::NoMoreLines), []);
    assert_eq!(desk.session.on(Event::Tick(Duration::ZERO)), [Effect::Draw]);
    let effects = desk.graded(2, Kind::Failed);
    assert_eq!(effects, [save([attempt("first")]), Effect::Draw, Effect::Quit]);
    assert_eq!(plain().on(Event::NoMoreLines), [Effect::Quit]);
}

#[test]
fn an_interrupt_means_the_program_while_it_runs() {
    let mut desk = plain();
    desk.types("p");
    desk.on(Event::Activity(RunId(2), crate::grader::Activity::Testing { done: 0, total: 1 }));
    let effects = desk.on(Event::Signal(Signal::Interrupt));
    assert_eq!(effects, [Effect::Ask(RunId(2), crate::grader::Ask::Interrupt), Effect::Draw]);
    assert_eq!(plain().on(Event::Signal(Signal::Interrupt)), [Effect::Quit]);
}
