//! The loop with fakes around it, on a clock that tests turn: what happens, and in which order.

mod fakes;
mod orders;

use std::cell::RefCell;
use std::sync::Arc;

use super::*;
use crate::screen::watch::View;
use crate::watch::event::Key;
use crate::watch::sample;
use crate::workspace::Progress;
use fakes::{Case, FakeSaves, FakeWorld, Keys, Log, Pace, Script};

#[tokio::test(start_paused = true)]
async fn the_first_frame_is_there_before_the_first_grading_has_begun_its_work() {
    let log = Case::new(&[(1, 'q')], &[]).play().await;
    assert_eq!(log.deeds(), ["0 point first", "0 watch first", "0 grade first", "1 grading killed"]);
    let (at, first) = &log.draws()[0];
    assert_eq!(*at, 0);
    assert!(first.contains("Grading…"), "{first}");
}

#[tokio::test(start_paused = true)]
async fn a_save_kills_the_grading_under_way_and_its_result_is_saved_before_it_is_drawn() {
    let log = Case::new(&[(2000, 'q')], &[300]).play().await;
    assert_eq!(
        log.deeds()[2..],
        [
            "0 grade first",
            "300 grading killed",
            "300 grade first",
            "1300 prepare",
            "1300 save [Attempt(\"first\"), Solved { name: \"first\", source: \"hash\" }]",
        ]
    );
    let lines = log.lines.borrow();
    let saved = lines.iter().position(|(_, line)| line.starts_with("save")).unwrap();
    let shown = lines.iter().position(|(_, line)| line.contains("Solved!")).unwrap();
    assert!(saved < shown);
}

#[tokio::test(start_paused = true)]
async fn the_rest_is_prepared_once_when_nobody_waits_for_the_first_verdict_any_more() {
    let log = Case::new(&[(5000, 'q')], &[500, 2000]).play().await;
    let deeds = log.deeds();
    let times: Vec<&String> = deeds.iter().filter(|deed| deed.ends_with("prepare")).collect();
    assert_eq!(times, ["1500 prepare"]);
}

#[tokio::test(start_paused = true)]
async fn the_spinner_turns_while_something_is_graded_and_rests_afterwards() {
    let log = Case::new(&[(60_000, 'q')], &[]).play().await;
    let draws = log.draws();
    let during = draws.iter().filter(|(at, _)| (1..1000).contains(at)).count();
    assert!((8..=12).contains(&during), "{during}");
    assert_eq!(draws.iter().filter(|(at, _)| *at > 1001).count(), 0);
}

#[tokio::test(start_paused = true)]
async fn keys_are_heard_while_something_is_graded() {
    let log = Case::new(&[(50, '?'), (2000, '?'), (2010, 'q')], &[]).play().await;
    assert!(log.draws().iter().any(|(at, frame)| *at == 50 && frame.contains("Keys")), "{:#?}", log.draws());
}

#[tokio::test(start_paused = true)]
async fn a_result_that_could_not_be_saved_is_shown_as_such_and_counts_from_there_on() {
    let case = Case { disk_full: true, ..Case::new(&[(3000, 'n'), (3100, 'q')], &[100]) };
    let log = case.play().await;
    let (_, frame) = log.draws().into_iter().find(|(_, frame)| frame.contains("Solved!")).unwrap();
    assert!(frame.contains("the disk is full"), "{frame}");
    let last = log.draws().last().unwrap().1.clone();
    assert!(!last.contains("Not solved yet") && last.contains("question"), "n goes on: {last}");
    assert!(last.contains("the disk is full"), "said again, as the move is not saved either: {last}");
}

#[tokio::test(start_paused = true)]
async fn moving_on_watches_and_grades_the_next_step() {
    let log = Case::new(&[(2000, 'n'), (2010, 'n'), (2020, 'n'), (2030, 'q')], &[100]).play().await;
    let deeds = log.deeds().join("\n");
    // A quiz has no file; skipping it leads to the next exercise.
    assert!(deeds.contains("2000 watch nothing\n2020 save"), "{deeds}");
    assert!(deeds.contains("2020 point second\n2020 watch second\n2020 grade second"), "{deeds}");
}

#[tokio::test(start_paused = true)]
async fn reset_acts_then_watches_anew_then_grades() {
    let log = Case::new(&[(2000, 'x'), (2010, 'y'), (2020, 'q')], &[]).play().await;
    let deeds = log.deeds();
    let reset = deeds.iter().position(|deed| deed.contains("reset")).unwrap();
    assert_eq!(deeds[reset..reset + 3], ["2010 reset first", "2010 watch first", "2010 grade first"]);
    assert!(log.draws().last().unwrap().1.contains("backup.rs"));
}

#[tokio::test(start_paused = true)]
async fn a_check_of_everything_is_one_piece_of_work_whose_results_come_as_they_are_found() {
    let log = Case::new(&[(1500, 'c'), (9000, 'q')], &[]).play().await;
    let deeds = log.deeds();
    assert!(deeds.contains(&"1500 check first second third".to_owned()), "{deeds:#?}");
    assert!(deeds.iter().any(|deed| deed.starts_with("4500 save")), "{deeds:#?}");
    let draws = log.draws();
    let seen = |at: u128, text: &str| draws.iter().any(|(when, frame)| *when == at && frame.contains(text));
    assert!(seen(2500, "1/3") && seen(3500, "2/3"), "{draws:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_save_kills_a_check_and_keeps_what_it_has_found() {
    let log = Case::new(&[(1500, 'c'), (9000, 'q')], &[2800]).play().await;
    let deeds = log.deeds();
    let killed = deeds.iter().position(|deed| deed == "2800 check killed").expect("it is killed");
    assert_eq!(
        deeds[killed + 1..killed + 3],
        ["2800 save [Solved { name: \"third\", source: \"hash\" }]", "2800 grade first"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_learners_program_is_seen_at_work_and_ended_by_esc() {
    let mut case = Case::new(&[(2000, 'p'), (4000, 'q'), (4010, 'p'), (5100, 'q')], &[]);
    case.keys.insert(3, (4500, Event::Key(Key::Esc)));
    case.keys.push((5200, Event::Key(Key::Char('q'))));
    let log = case.play().await;
    let deeds = log.deeds();
    assert_eq!(deeds[deeds.len() - 3..], ["2000 play first", "4010 play first", "4500 program ended"]);
    let draws = log.draws();
    let seen = |from, until, text: &str| {
        draws.iter().any(|(at, frame)| (from..until).contains(at) && frame.contains(text))
    };
    assert!(seen(2400, 2600, "one") && !seen(2400, 2600, "two"), "output is live");
    assert!(seen(3200, 3300, "Exit code 0"), "and its end is told");
    assert!(seen(4500, 4510, "You stopped it"), "{draws:#?}");
}

#[tokio::test(start_paused = true)]
async fn ctrl_c_ends_the_learners_program_and_a_silent_one_is_looked_at() {
    let mut case = Case::new(&[(2000, 'p'), (30_000, 'q')], &[]);
    case.pace.play = vec![60_000; 4];
    case.keys.insert(1, (16_500, Event::Key(Key::Interrupt)));
    let log = case.shown_until(20_000).await;
    let draws = log.draws();
    let seen = |from, until, text: &str| {
        draws.iter().any(|(at, frame)| (from..until).contains(at) && frame.contains(text))
    };
    assert!(seen(5000, 5200, "Running… 3 s"), "{draws:#?}");
    assert!(!seen(2000, 11_900, "Nothing printed"), "{draws:#?}");
    assert!(seen(12_100, 12_300, "every thread is asleep"), "{draws:#?}");
    assert!(draws.last().unwrap().1.contains("You stopped it."), "{draws:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_save_ends_the_learners_program() {
    let log = Case::new(&[(2000, 'p'), (4000, 'q')], &[2500]).play().await;
    let deeds = log.deeds();
    assert_eq!(
        deeds[5..8],
        [
            "2500 program ended",
            "2500 grade first",
            "3500 save [Attempt(\"first\"), Solved { name: \"first\", source: \"hash\" }]"
        ],
        "{deeds:#?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_editor_in_the_terminal_has_the_screen_and_the_keys_and_a_save_in_it_is_graded_meanwhile() {
    let mut case = Case::new(&[(2000, 'e'), (2100, 'q'), (5000, 'q')], &[2200]);
    case.editor = Ok(Room::Terminal);
    // Means the editor: it goes to everyone who belongs to the terminal.
    case.keys.insert(2, (2150, Event::Signal(Signal::Interrupt)));
    let log = case.play().await;
    assert_eq!(
        log.deeds()[4..],
        [
            "2000 give the screen back",
            "2000 edit first Asked",
            "2200 grade first",
            "3000 take the screen",
            "3000 forget the screen",
            "3200 save [Attempt(\"first\"), Solved { name: \"first\", source: \"hash\" }]",
        ]
    );
    let draws = log.draws();
    assert!(!draws.iter().any(|(at, _)| (2001..3000).contains(at)), "the screen is the editor's: {draws:#?}");
    assert!(draws.iter().any(|(at, _)| *at == 3000));
}

#[tokio::test(start_paused = true)]
async fn an_editor_with_a_window_disturbs_nothing_and_its_failure_is_told_once() {
    let mut case = Case::new(
        &[(500, '?'), (600, '?'), (2000, 'n'), (2001, 'n'), (2002, 'n'), (2003, 'n'), (4000, 'q')],
        &[],
    );
    (case.editor, case.open_files) = (Ok(Room::Window), true);
    let log = case.play().await;
    let edits: Vec<String> = log.deeds().into_iter().filter(|deed| deed.contains("edit")).collect();
    assert_eq!(edits, ["0 edit first Arrival"], "the next step's file would not open either");
    assert!(log.draws().iter().any(|(at, frame)| *at == 1000 && frame.contains("no window")));
    assert!(log.draws().iter().any(|(at, frame)| *at == 500 && frame.contains("Keys")));
}

#[tokio::test(start_paused = true)]
async fn without_an_editor_the_learner_is_told_how_to_name_one() {
    let log = Case::new(&[(2000, 'e'), (2100, 'q')], &[]).play().await;
    assert!(log.draws().last().unwrap().1.contains("no editor"), "{}", log.draws().last().unwrap().1);
}

#[tokio::test(start_paused = true)]
async fn ctrl_z_kills_the_grading_before_it_stops_and_redraws_afterwards() {
    let mut case = Case::new(&[(2000, 'q')], &[]);
    case.keys.insert(0, (500, Event::Key(Key::Suspend)));
    let log = case.play().await;
    assert_eq!(
        log.deeds()[2..8],
        [
            "0 grade first",
            "500 grading killed",
            "500 give the screen back",
            "500 stop",
            "500 take the screen",
            "500 grade first"
        ]
    );
    assert_eq!(log.deeds()[8], "500 forget the screen");
}

#[tokio::test(start_paused = true)]
async fn continued_in_the_background_it_stops_again_and_touches_the_terminal_only_in_the_foreground() {
    let mut case = Case::new(&[(2000, 'q')], &[]);
    case.keys.insert(0, (500, Event::Key(Key::Suspend)));
    case.background = 2;
    let log = case.play().await;
    assert_eq!(
        log.deeds()[3..9],
        [
            "500 grading killed",
            "500 give the screen back",
            "500 stop",
            "600 stop",
            "700 stop",
            "700 take the screen"
        ]
    );

    let mut case = Case::new(&[], &[]);
    case.keys = vec![(500, Event::Key(Key::Suspend)), (650, Event::Signal(Signal::Terminate))];
    case.background = 1000;
    let log = case.play().await;
    assert_eq!(log.deeds()[5..], ["500 stop", "600 stop"], "it ends without the terminal");
}

#[tokio::test(start_paused = true)]
async fn a_file_system_that_tells_nothing_is_mentioned() {
    let warning = Some("This file system does not report saves.".to_owned());
    let log = Case { warning, ..Case::new(&[(10, 'q')], &[]) }.play().await;
    assert!(log.draws()[0].1.contains("does not report saves"), "{}", log.draws()[0].1);
}

#[tokio::test(start_paused = true)]
async fn a_screen_that_cannot_be_written_ends_the_loop() {
    struct Gone;
    impl Display for Gone {
        fn draw(&mut self, _: &View<'_>, _: (usize, usize)) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn forget(&mut self) {}
        fn lend(&mut self) {}
        fn take_back(&mut self) -> io::Result<(usize, usize)> {
            Ok((80, 24))
        }
        fn is_ours(&self) -> bool {
            true
        }
        fn stop(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let log = Log::new();
    let progress = Progress::new("seed".into());
    let session = Session::new(Arc::new(sample::workbook()), progress.clone(), (80, 24));
    let world = FakeWorld {
        log: log.clone(),
        pace: Pace::default(),
        progress,
        gradings: RefCell::new(0),
        disk_full: false,
        editor: Err("no editor".into()),
    };
    let mut saves = FakeSaves { log, saves: Script::new([]), warning: None };
    let ended =
        drive(session, world, &mut Gone, &mut saves, &mut Keys { script: Script::new([]), lent: false })
            .await;
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
