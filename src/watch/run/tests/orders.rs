//! Results, output and ends in every order in which the real sources can give them.
//!
//! A check finds its exercises in any order, and each thing that work tells comes either in the same turn of the loop as the
//! one before it or in a later one. So much and no more differs from run to run: all of it is played here.

use super::*;

/// Every choice of "at once" and "later" for so many things that are told.
fn paces(things: usize) -> impl Iterator<Item = Vec<u64>> {
    (0..1_u32 << things).map(move |bits| (0..things).map(|thing| u64::from(bits >> thing & 1) * 10).collect())
}

/// What differs in one case, for the message of a failure.
fn shown(pace: &Pace) -> String {
    let Pace { grade, check, play, found } = pace;
    format!("pauses {grade:?} {check:?} {play:?}, found {found:?}")
}

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[tokio::test(start_paused = true)]
async fn a_check_loses_no_result() {
    for found in ORDERS {
        for check in paces(4) {
            let pace = Pace { check, found: found.to_vec(), ..Pace::default() };
            let which = shown(&pace);
            let log = Case { pace, ..Case::new(&[(1500, 'c'), (9000, 'q')], &[]) }.play().await;
            let saves: Vec<String> = log.deeds().into_iter().filter(|deed| deed.contains("save")).collect();
            let [saved] = saves.as_slice() else { panic!("{which}: {saves:#?}") };
            for name in ["first", "second", "third"] {
                assert!(saved.contains(&format!("Solved {{ name: \"{name}\"")), "{which}: {saved}");
            }
            let draws = log.draws();
            let last = &draws.last().unwrap().1;
            assert!(last.contains("All solved: 3 exercises pass"), "{which}: {last}");
            // The quiz is open, and nothing else.
            assert!(last.contains("question"), "{which}: {last}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_program_loses_no_line() {
    for play in paces(4) {
        let pace = Pace { play, ..Pace::default() };
        let which = shown(&pace);
        let log = Case { pace, ..Case::new(&[(1500, 'p')], &[]) }.shown_until(8000).await;
        let draws = log.draws();
        let last = &draws.last().unwrap().1;
        for word in ["one", "two", "three", "It ended. Exit code 0."] {
            assert!(last.contains(&format!("{word}\n")), "{which}: {last}");
        }
        assert!(!draws.iter().any(|(_, frame)| frame.contains("without a word")), "{which}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_grading_and_a_program_side_by_side_each_come_to_their_end() {
    for grade in paces(3) {
        for play in paces(4) {
            let pace = Pace { grade: grade.clone(), play, ..Pace::default() };
            let which = shown(&pace);
            // The save at 1500 is graded while the program runs that is started at 1505.
            let mut case = Case { pace, ..Case::new(&[(1505, 'p')], &[1500]) };
            case.keys.push((8000, Event::Key(Key::Esc)));
            let log = case.shown_until(9000).await;
            let draws = log.draws();
            let (_, page) = draws.iter().rev().find(|(at, _)| *at < 8000).unwrap();
            assert!(page.contains("three\n") && page.contains("Exit code 0."), "{which}: {page}");
            let last = &draws.last().unwrap().1;
            assert!(last.contains("Solved!"), "{which}: {last}");
            let deeds = log.deeds();
            assert!(
                deeds.iter().any(|deed| deed.contains("Solved { name: \"first\"")),
                "{which}: {deeds:#?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_stopped_at_any_moment_says_what_it_has_found_by_then() {
    for stop in (1500..1545).step_by(5) {
        let pace = Pace { check: vec![10; 4], ..Pace::default() };
        let mut case = Case { pace, ..Case::new(&[(1500, 'c')], &[]) };
        case.keys.push((stop, Event::Key(Key::Esc)));
        let log = case.shown_until(9000).await;
        let deeds = log.deeds();
        let saved = deeds.iter().map(|deed| deed.matches("Solved").count()).sum::<usize>();
        let draws = log.draws();
        let last = &draws.last().unwrap().1;
        let told = (0..4).find(|count| last.contains(&format!("stopped after {count} ")));
        assert_eq!(told.unwrap_or(3), saved, "stopped at {stop}: {deeds:#?} {last}");
    }
}
