//! From step to step: next, skip, the list, quizzes, hints.

use super::*;

#[test]
fn next_goes_on_from_a_solved_step() {
    let mut desk = Desk::started();
    desk.solve(2);
    // The next step is a quiz: nothing to watch, nothing to grade.
    assert_eq!(desk.press('n'), [save([go_to("question")]), Effect::Watch(None), Effect::Draw]);
    assert!(desk.screen().contains("Which?"), "{}", desk.screen());
}

#[test]
fn next_on_an_unsolved_step_skips_it_only_when_pressed_twice() {
    let mut desk = Desk::started();
    assert_eq!(desk.press('n'), [Effect::Draw]);
    assert!(desk.notice().contains("Press n again to skip"));
    let skip = Change::Skip("first".into());
    assert_eq!(desk.press('n'), [save([skip, go_to("question")]), Effect::Watch(None), Effect::Draw]);
    assert_eq!(desk.session.states[0], State::Skipped);
}

#[test]
fn any_other_key_takes_the_question_back() {
    let mut desk = Desk::started();
    desk.press('n');
    desk.press('h');
    desk.press('n');
    assert_eq!(desk.session.name(), "first");
    desk.key(Key::Down);
    desk.press('n');
    assert_eq!(desk.session.name(), "question", "reading on before the second press is fine");
}

#[test]
fn moving_on_stops_the_grading_of_the_step_that_is_left() {
    let mut desk = Desk::started();
    desk.solve(2);
    desk.on(Event::Saved);
    assert_eq!(desk.press('n')[0], cancel(3));
    assert_eq!(desk.graded(3, Kind::Passed), []);
}

#[test]
fn arriving_at_an_exercise_points_watches_and_grades() {
    let mut desk = Desk::with(|progress| progress.go_to("question"));
    assert_eq!(desk.session.start(), [Effect::Watch(None), Effect::Draw]);
    desk.press('n');
    let effects = desk.press('n');
    let skip = Change::Skip("question".into());
    assert_eq!(
        effects,
        [save([skip, go_to("second")]), point("second"), watch("second"), grade(1, "second"), Effect::Draw]
    );
}

#[test]
fn the_file_is_opened_on_arrival_only_if_that_is_wished_for() {
    let mut desk = Desk::started();
    let wishes = Settings { open_files: true, ..Settings::default() };
    desk.session = Session::new(desk.workbook.clone(), desk.progress.clone(), (80, 24)).with(wishes);
    let edit = |occasion| Effect::Edit("first".into(), occasion);
    assert!(desk.session.start().contains(&edit(Occasion::Arrival)));
    desk.key(Key::Enter);
    assert_eq!(desk.press('e'), [edit(Occasion::Asked), Effect::Draw]);
    assert_eq!(desk.on(Event::NotOpened(Occasion::Asked, "no".into())), [Effect::Draw]);
    assert_eq!(desk.notice(), "no");
    assert!(desk.session.settings.open_files);
    assert_eq!(desk.on(Event::NotOpened(Occasion::Arrival, "no".into())), [Effect::Draw]);
    assert!(!desk.session.settings.open_files);
    assert_eq!(desk.on(Event::Edited), [Effect::Redraw]);
}

#[test]
fn with_auto_advance_a_save_that_solves_leads_on_and_says_what_was_solved() {
    let wishes = Settings { auto_advance: true, ..Settings::default() };
    let mut desk = Desk::started();
    desk.session = Session::new(desk.workbook.clone(), desk.progress.clone(), (80, 24)).with(wishes);
    drop(desk.session.start());
    desk.key(Key::Enter);
    desk.on(Event::Saved);
    assert_eq!(
        desk.graded(2, Kind::Passed),
        [save([attempt("first"), solved("first"), go_to("question")]), Effect::Watch(None), Effect::Draw]
    );
    assert!(desk.screen().contains("✓ first is solved: its hidden test passes."), "{}", desk.screen());
    assert!(desk.screen().contains("Which?"), "{}", desk.screen());
    // An answer has its explanation to be read.
    let order = sample::quiz().order_for("seed");
    let right = order.iter().position(|&choice| choice == 1).unwrap();
    desk.press(char::from_digit(right as u32 + 1, 10).unwrap());
    assert_eq!(desk.session.name(), "question");
}

#[test]
fn auto_advance_stays_where_there_is_more_to_read_or_nothing_was_saved() {
    let wishes = Settings { auto_advance: true, ..Settings::default() };
    let mut desk = Desk::started();
    desk.session = Session::new(desk.workbook.clone(), desk.progress.clone(), (80, 24)).with(wishes);
    drop(desk.session.start());
    desk.key(Key::Enter);
    assert_eq!(desk.graded(1, Kind::Passed), [save([solved("first")]), Effect::Draw], "on arrival");
    desk.press('r');
    desk.graded(2, Kind::Passed);
    assert_eq!(desk.session.name(), "first", "asked for");
    desk.on(Event::Saved);
    let mut verdict = verdict("first", Kind::Passed);
    verdict.diagnostics.push(crate::verdict::Diagnostic {
        level: crate::verdict::Level::Warning,
        code: None,
        message: "unused".into(),
        place: None,
        rendered: "warning: unused\n".into(),
        coach: None,
    });
    desk.on(Event::Graded(RunId(3), Box::new(Graded { verdict, source: Some("hash".into()) })));
    assert_eq!(desk.session.name(), "first");
    assert!(desk.screen().contains("warning: unused"), "{}", desk.screen());
}

#[test]
fn the_solution_is_for_those_who_have_solved_it() {
    let mut desk = Desk::started();
    assert_eq!(desk.press('s'), [Effect::Draw]);
    assert!(desk.notice().contains("after you have solved the exercise"), "{}", desk.notice());
    assert!(!desk.screen().contains("s solution"), "{}", desk.screen());
    desk.solve(2);
    assert!(desk.screen().contains("s solution"), "{}", desk.screen());
    assert_eq!(desk.press('s'), [Effect::Read("first".into()), Effect::Draw]);
    assert_eq!(desk.on(Event::Source("first".into(), "// my own\n".into())), [Effect::Draw]);
    assert!(desk.screen().contains("- // my own"), "{}", desk.screen());
    assert_eq!(desk.key(Key::Esc), [Effect::Draw]);
    assert!(desk.screen().contains("Solved!"), "{}", desk.screen());
    desk.press('n');
    desk.on(Event::Source("first".into(), "// late\n".into()));
    assert!(desk.screen().contains("Which?"), "{}", desk.screen());
}

#[test]
fn skipped_steps_come_back_and_the_last_one_cannot_be_skipped() {
    let mut desk = Desk::started();
    for _ in 0..3 {
        desk.press('n');
        desk.press('n');
    }
    assert_eq!(desk.session.name(), "third");
    desk.press('n');
    desk.press('n');
    assert_eq!(desk.session.name(), "first", "skipped steps come round again");

    let mut last = Desk::with_the_rest_solved();
    drop(last.session.start());
    last.press('n');
    assert_eq!(last.press('n'), [Effect::Draw]);
    assert!(last.notice().contains("there is nothing to skip to"), "{}", last.notice());
}

#[test]
fn after_the_last_step_comes_the_farewell() {
    let mut desk = Desk::with_the_rest_solved();
    drop(desk.session.start());
    desk.solve(2);
    assert_eq!(desk.press('n'), [Effect::Draw]);
    assert!(desk.screen().contains("Farewell."), "{}", desk.screen());
    assert_eq!(desk.press('n'), [Effect::Draw]);
    assert_eq!(desk.press('r'), [Effect::Draw]);
    desk.press('l');
    desk.key(Key::Home);
    assert!(desk.key(Key::Enter).contains(&Effect::Draw));
    assert!(!desk.screen().contains("Farewell."), "the list leads back to a step: {}", desk.screen());
}

#[test]
fn a_quiz_is_answered_by_the_number_on_the_screen() {
    let mut desk = Desk::with(|progress| progress.go_to("question"));
    drop(desk.session.start());
    let order = sample::quiz().order_for("seed");
    let (right, wrong) = (order.iter().position(|&choice| choice == 1).unwrap(), order[0]);
    let wrong = if wrong == 1 { order[1] } else { wrong };
    let digit = |shown: usize| char::from_digit(shown as u32 + 1, 10).unwrap();
    let wrong_shown = order.iter().position(|&choice| choice == wrong).unwrap();

    let answer = Change::Answer { name: "question".into(), choice: wrong };
    assert_eq!(desk.press(digit(wrong_shown)), [save([answer]), Effect::Draw]);
    let reply = sample::quiz().choices[wrong].says.clone().unwrap();
    let said = format!("Not {}. {reply}", digit(wrong_shown));
    assert!(desk.screen().contains(&said), "{}", desk.screen());
    assert_eq!(desk.notice(), "Press another number.");
    assert!(!desk.screen().contains("Because."), "{}", desk.screen());

    assert_eq!(desk.press('9'), [Effect::Draw]);
    assert!(desk.notice().contains("from 1 to 3"));
    assert_eq!(desk.press('0'), [Effect::Draw]);

    let answer = Change::Answer { name: "question".into(), choice: 1 };
    assert_eq!(desk.press(digit(right)), [save([answer]), Effect::Draw]);
    assert!(desk.screen().contains("Right!") && desk.screen().contains("Because."), "{}", desk.screen());
    assert!(!desk.screen().contains(&reply), "{}", desk.screen());
    assert_eq!(desk.press(digit(right)), [Effect::Draw], "it is answered");
    assert_eq!(desk.attempts("question"), 2);
    desk.press('n');
    assert_eq!(desk.session.name(), "second");
}

#[test]
fn keys_of_exercises_do_nothing_on_a_quiz_and_say_so() {
    let mut desk = Desk::with(|progress| progress.go_to("question"));
    drop(desk.session.start());
    for key in ['h', 'x', 'r', 'e', 'p', 's'] {
        assert_eq!(desk.press(key), [Effect::Draw], "{key}");
    }
    assert_eq!(desk.press('y'), [Effect::Draw]);
    assert_eq!(desk.on(Event::Saved), [Effect::Draw], "a quiz has no file");
    assert_eq!(desk.press('2').len(), 2);
    let mut exercise = Desk::started();
    assert_eq!(exercise.press('2'), [Effect::Draw], "an exercise has no choices");
}

#[test]
fn hints_come_one_by_one_and_are_counted() {
    let mut desk = Desk::started();
    let hint = Change::Hint("first".into());
    assert_eq!(desk.press('h'), [save([hint.clone()]), Effect::Draw]);
    assert!(desk.screen().contains("Hint 1 of 2: a nudge"), "{}", desk.screen());
    assert!(!desk.screen().contains("the idea"));
    assert_eq!(desk.press('h'), [save([hint]), Effect::Draw]);
    assert!(desk.screen().contains("Hint 2 of 2: the idea"), "{}", desk.screen());
    assert_eq!(desk.press('h'), [Effect::Draw]);
    assert!(desk.notice().contains("last hint"));
    assert_eq!(desk.progress.record("first").unwrap().hints, 2);
    desk.solve(2);
    assert!(!desk.screen().contains("Hint"), "{}", desk.screen());
    assert_eq!(desk.press('h'), [Effect::Draw]);
}

#[test]
fn the_list_goes_to_any_step() {
    let mut desk = Desk::started();
    assert_eq!(desk.press('l'), [Effect::Draw]);
    assert!(desk.screen().contains("> · first"), "{}", desk.screen());
    desk.key(Key::Down);
    desk.press('j');
    desk.key(Key::Up);
    desk.press('j');
    assert!(desk.screen().contains("> · second"), "{}", desk.screen());
    assert_eq!(
        desk.key(Key::Enter),
        [save([go_to("second")]), point("second"), watch("second"), grade(2, "second"), Effect::Draw]
    );
}

fn cursor(desk: &Desk) -> usize {
    let Page::List(listing) = &desk.session.page else { panic!("{:?}", desk.session.page) };
    listing.cursor
}

#[test]
fn the_list_is_searched_while_one_types_and_enter_goes_there() {
    let mut desk = Desk::started();
    desk.press('l');
    for key in "/RD".chars() {
        assert_eq!(desk.press(key), [Effect::Draw]);
    }
    assert!(
        desk.screen().contains("1 of 4 shown") && desk.screen().contains("> · third"),
        "{}",
        desk.screen()
    );
    assert!(!desk.screen().contains("second"), "{}", desk.screen());
    desk.key(Key::Backspace);
    desk.key(Key::Backspace);
    assert!(desk.screen().contains("4 of 4 shown"), "{}", desk.screen());
    // Letters that are keys elsewhere are letters here.
    for key in "qlfoj".chars() {
        desk.press(key);
    }
    assert!(desk.screen().contains("No step matches"), "{}", desk.screen());
    assert_eq!(desk.key(Key::Enter), [Effect::Draw], "there is nowhere to go");
    desk.key(Key::Esc);
    assert!(desk.screen().contains("second"), "esc ends the search: {}", desk.screen());
    for key in "/two".chars() {
        desk.press(key);
    }
    assert_eq!(cursor(&desk), 2, "chapters are searched too");
    desk.key(Key::Esc);
    for key in "/t".chars() {
        desk.press(key);
    }
    assert_eq!(cursor(&desk), 0, "`first` has a t; so has each chapter");
    desk.press('h');
    assert_eq!(cursor(&desk), 3, "`third` alone has th");
    for key in [Key::Backspace, Key::Backspace] {
        desk.key(key);
    }
    for key in "two".chars() {
        desk.press(key);
    }
    desk.key(Key::Down);
    assert!(desk.key(Key::Enter).contains(&point("third")));
}

#[test]
fn the_list_is_filtered_by_state_and_by_path() {
    let mut desk = Desk::with(|progress| {
        progress.answer_quiz(&sample::quiz(), 1, now());
        progress.skip("third");
        progress.record_attempt("first");
    });
    desk.press('l');
    let mut seen = Vec::new();
    for _ in 0..5 {
        let screen = desk.screen();
        let names = ["first", "question", "second", "third"];
        let rows: Vec<&str> = screen.lines().filter(|line| !line.contains("Chapter 01_one ·")).collect();
        seen.push(names.map(|name| rows.iter().any(|row| row.contains(name))));
        desk.press('f');
    }
    assert_eq!(
        seen,
        [
            [true, true, true, true],
            [true, false, true, true],
            [false, true, false, false],
            [false, false, false, true],
            [false, false, false, false],
        ]
    );
    desk.press('o');
    assert!(desk.screen().contains("4 of 4 shown · core path"), "{}", desk.screen());
    assert!(desk.screen().contains("o everything"), "{}", desk.screen());
    assert_eq!(desk.key(Key::Esc), [Effect::Draw]);
    assert!(!desk.screen().contains("shown"), "{}", desk.screen());
    assert_eq!(desk.key(Key::Esc), [Effect::Draw]);
    assert_eq!(desk.session.page, Page::Step);
}

#[test]
fn the_list_is_left_without_a_trace() {
    for key in [Key::Esc, Key::Char('q'), Key::Char('l'), Key::Enter] {
        let mut desk = Desk::started();
        let before = desk.screen();
        desk.press('l');
        assert_eq!(desk.key(key), [Effect::Draw], "{key:?}");
        assert_eq!(desk.screen(), before, "{key:?}");
    }
}

#[test]
fn the_cursor_stays_in_the_list() {
    let mut desk = Desk::started();
    desk.press('l');
    desk.key(Key::Up);
    assert_eq!(desk.session.page, Page::List(Listing::at(0)));
    desk.key(Key::PageDown);
    assert_eq!(desk.session.page, Page::List(Listing::at(3)));
    desk.key(Key::Down);
    assert_eq!(desk.session.page, Page::List(Listing::at(3)));
    desk.key(Key::Home);
    desk.press('G');
    assert_eq!(desk.session.page, Page::List(Listing::at(3)));
    desk.key(Key::PageUp);
    assert_eq!(desk.session.page, Page::List(Listing::at(0)));
}

#[test]
fn on_a_small_screen_an_answer_shows_what_came_of_it_beside_the_choices() {
    let mut desk = Desk::with(|progress| progress.go_to("question"));
    drop(desk.session.start());
    drop(desk.on(Event::Resized(80, 12)));
    let order = sample::quiz().order_for("seed");
    let right = order.iter().position(|&choice| choice == 1).unwrap();
    let digit = |shown: usize| char::from_digit(shown as u32 + 1, 10).unwrap();
    let wrong = digit(usize::from(right == 0));
    drop(desk.press(wrong));
    let screen = desk.screen();
    assert!(!screen.contains("Which?"), "it has no room for all: {screen}");
    assert!(
        screen.contains(&format!("✗ {wrong} ")) && screen.contains(&format!("Not {wrong}. ")),
        "{screen}"
    );
    drop(desk.press(digit(right)));
    let screen = desk.screen();
    assert!(screen.contains("Right!") && screen.contains("Because."), "{screen}");
}
