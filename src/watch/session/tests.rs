//! What the session does about each event, by its effects. No clock, no disk, no grader.

mod book;
mod checking;
mod moving;
mod playing;
mod predicting;
mod reading;
mod typing;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::page::Listing;
use super::*;
use crate::screen::Line;
use crate::screen::watch::frame;
use crate::verdict::Kind;
use crate::watch::event::{Graded, Key, Signal};
use crate::watch::sample::{self, verdict};
use crate::workspace::hidden_hash;

/// A session whose effects are looked at; what it saves is applied and answered, as the loop does.
struct Desk {
    session: Session,
    workbook: Arc<Workbook>,
    progress: Progress,
}

impl Desk {
    /// At the first step, past the welcome, nothing done yet.
    fn fresh() -> Self {
        let mut desk = Self::with(|_| {});
        assert_eq!(desk.key(Key::Enter), [Effect::Draw]);
        desk
    }

    /// Everything but the first step is solved.
    fn with_the_rest_solved() -> Self {
        Self::with(|progress| {
            for name in ["second", "third"] {
                progress.record_solved(name, "s", &hidden_hash(&sample::exercise(name, "")), now());
            }
            progress.answer_quiz(&sample::quiz(), 1, now());
        })
    }

    fn with(past: impl FnOnce(&mut Progress)) -> Self {
        let workbook = Arc::new(sample::workbook());
        let mut progress = Progress::new("seed".into());
        past(&mut progress);
        let session = Session::new(workbook.clone(), progress.clone(), (80, 24));
        Self { session, workbook, progress }
    }

    /// On its first step, whose starter has been graded and does not pass.
    fn started() -> Self {
        let mut desk = Self::fresh();
        drop(desk.session.start());
        desk.graded(1, Kind::Failed);
        desk
    }

    fn on(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.session.on(event);
        for effect in &effects {
            if let Effect::Save(changes) = effect {
                for change in changes {
                    change.apply(&mut self.progress, &self.workbook, now());
                }
                let answer = self.session.on(Event::Progress(Box::new(self.progress.clone())));
                assert_eq!(answer[0], Effect::Draw);
            }
        }
        effects
    }

    fn press(&mut self, key: char) -> Vec<Effect> {
        self.on(Event::Key(Key::Char(key)))
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        self.on(Event::Key(key))
    }

    fn graded(&mut self, id: u64, kind: Kind) -> Vec<Effect> {
        let verdict = verdict(&self.session.name(), kind);
        self.on(Event::Graded(RunId(id), Box::new(Graded { verdict, source: Some("hash".into()) })))
    }

    /// Solves the current exercise by a save; `id` is the grading's.
    fn solve(&mut self, id: u64) {
        self.on(Event::Saved);
        self.graded(id, Kind::Passed);
    }

    /// What is said below the step.
    fn notice(&self) -> String {
        let notices = self.session.view().notices;
        notices.iter().map(|notice| notice.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn screen(&self) -> String {
        let (width, height) = self.session.size();
        frame(&self.session.view(), width, height).iter().map(|line| Line::text(line) + "\n").collect()
    }

    fn attempts(&self, name: &str) -> u32 {
        self.progress.record(name).map_or(0, |record| record.attempts)
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

fn grade(id: u64, name: &str) -> Effect {
    Effect::Grade(RunId(id), name.into())
}

fn cancel(id: u64) -> Effect {
    Effect::Cancel(RunId(id))
}

fn watch(name: &str) -> Effect {
    Effect::Watch(Some(name.into()))
}

fn point(name: &str) -> Effect {
    Effect::Point(name.into())
}

fn save(changes: impl Into<Vec<Change>>) -> Effect {
    Effect::Save(changes.into())
}

fn go_to(name: &str) -> Change {
    Change::GoTo(name.into())
}

fn attempt(name: &str) -> Change {
    Change::Attempt(name.into())
}

fn solved(name: &str) -> Change {
    Change::Solved { name: name.into(), source: "hash".into() }
}

#[test]
fn it_starts_with_the_first_step_and_grades_it() {
    let mut desk = Desk::fresh();
    let effects = desk.session.start();
    assert_eq!(effects, [point("first"), watch("first"), grade(1, "first"), Effect::Draw]);
    assert!(desk.screen().contains("Grading…"), "{}", desk.screen());
}

#[test]
fn it_starts_where_the_learner_left_off() {
    let mut desk = Desk::with(|progress| progress.go_to("second"));
    assert_eq!(desk.session.start()[0], point("second"));
}

#[test]
fn the_starter_as_it_is_costs_no_attempt() {
    let mut desk = Desk::fresh();
    drop(desk.session.start());
    assert_eq!(desk.graded(1, Kind::Failed), [Effect::Draw]);
    assert!(desk.screen().contains("It said nothing."), "{}", desk.screen());
}

#[test]
fn a_save_is_graded_and_counts_as_an_attempt() {
    let mut desk = Desk::started();
    assert_eq!(desk.on(Event::Saved), [grade(2, "first"), Effect::Draw]);
    assert_eq!(desk.graded(2, Kind::Failed), [save([attempt("first")]), Effect::Draw]);
    assert_eq!(desk.attempts("first"), 1);
}

#[test]
fn a_save_during_a_grading_cancels_it_and_grades_the_newer_text() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    assert_eq!(desk.on(Event::Saved), [cancel(2), grade(3, "first"), Effect::Draw]);
    assert_eq!(desk.attempts("first"), 0, "a cancelled grading costs nothing");
}

#[test]
fn a_result_of_an_older_grading_is_ignored() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    desk.on(Event::Saved);
    let before = desk.screen();
    assert_eq!(desk.graded(2, Kind::Passed), []);
    assert_eq!(desk.on(Event::Activity(RunId(2), crate::grader::Activity::Compiling)), []);
    assert_eq!(desk.screen(), before);
    assert_eq!(desk.graded(3, Kind::Failed).len(), 2, "the newer one is still awaited");
}

#[test]
fn a_solved_step_is_saved_before_it_is_shown() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    let effects = desk.graded(2, Kind::Passed);
    assert_eq!(effects, [save([attempt("first"), solved("first")]), Effect::Draw]);
    assert!(desk.screen().contains("Solved!"), "{}", desk.screen());
    assert!(desk.notice().contains("Press n"));
}

#[test]
fn what_could_not_be_saved_is_said_and_is_not_solved() {
    let mut desk = Desk::started();
    drop(desk.session.on(Event::Saved));
    let graded = Graded { verdict: verdict("first", Kind::Passed), source: Some("hash".into()) };
    let effects = desk.session.on(Event::Graded(RunId(2), Box::new(graded)));
    assert!(matches!(effects.as_slice(), [Effect::Save(_), Effect::Draw]));
    assert_eq!(desk.session.on(Event::Failed("Your progress could not be saved.".into())), [Effect::Draw]);
    assert!(desk.screen().contains("could not be saved"), "{}", desk.screen());
    assert!(!desk.session.solved());
    assert!(desk.notice().contains("could not be saved. Press r"), "n would not lead on: {}", desk.notice());
}

#[test]
fn a_broken_grading_changes_no_progress() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    assert_eq!(desk.graded(2, Kind::Broken), [Effect::Draw]);
    assert_eq!(desk.progress.records().count(), 0);
}

#[test]
fn every_other_verdict_costs_an_attempt() {
    let mut desk = Desk::started();
    for (id, kind) in [(2, Kind::DoesNotCompile), (3, Kind::Failed), (4, Kind::Hung), (5, Kind::Crashed)] {
        desk.on(Event::Saved);
        desk.graded(id, kind);
    }
    assert_eq!(desk.attempts("first"), 4);
}

#[test]
fn playing_with_a_solved_step_costs_nothing_and_keeps_it_solved() {
    let mut desk = Desk::started();
    desk.solve(2);
    desk.on(Event::Saved);
    assert_eq!(desk.graded(3, Kind::Failed), [Effect::Draw]);
    desk.on(Event::Saved);
    assert_eq!(desk.graded(4, Kind::Passed), [save([solved("first")]), Effect::Draw]);
    assert_eq!(desk.attempts("first"), 1);
}

#[test]
fn what_was_solved_elsewhere_is_recorded_on_arrival() {
    let mut desk = Desk::fresh();
    drop(desk.session.start());
    assert_eq!(desk.graded(1, Kind::Passed), [save([solved("first")]), Effect::Draw]);
    assert_eq!(desk.attempts("first"), 0);
}

#[test]
fn what_could_not_be_read_cannot_be_solved() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    let graded = Graded { verdict: verdict("first", Kind::Failed), source: None };
    let effects = desk.on(Event::Graded(RunId(2), Box::new(graded)));
    assert_eq!(effects, [save([attempt("first")]), Effect::Draw]);
}

#[test]
fn run_again_grades_the_same_text_again() {
    let mut desk = Desk::started();
    assert_eq!(desk.press('r'), [grade(2, "first"), Effect::Draw]);
    assert_eq!(desk.press('r'), [cancel(2), grade(3, "first"), Effect::Draw]);
}

#[test]
fn esc_stops_a_grading_and_r_starts_it_again() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    assert_eq!(desk.key(Key::Esc), [cancel(2), Effect::Draw]);
    assert!(desk.notice().contains("Stopped"));
    assert_eq!(desk.graded(2, Kind::Failed), []);
    assert_eq!(desk.key(Key::Esc), [Effect::Draw], "nothing is left to stop");
    assert_eq!(desk.press('r'), [grade(3, "first"), Effect::Draw]);
}

#[test]
fn ctrl_c_quits_from_everywhere_and_signals_do_too() {
    for page in ["", "?", "l", "x", "c"] {
        let mut desk = Desk::started();
        page.chars().for_each(|key| drop(desk.press(key)));
        assert_eq!(desk.key(Key::Interrupt), [Effect::Quit], "after {page:?}");
        for signal in [Signal::Interrupt, Signal::Terminate, Signal::HangUp] {
            assert_eq!(desk.on(Event::Signal(signal)), [Effect::Quit]);
        }
    }
    assert_eq!(Desk::started().press('q'), [Effect::Quit]);
}

#[test]
fn ctrl_z_stops_the_grading_and_starts_it_over_afterwards() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    assert_eq!(desk.key(Key::Suspend), [cancel(2), Effect::Suspend]);
    assert_eq!(desk.on(Event::Resumed), [grade(3, "first"), Effect::Redraw]);
    assert_eq!(
        desk.graded(3, Kind::Failed),
        [save([attempt("first")]), Effect::Draw],
        "still the learner's save"
    );

    assert_eq!(desk.key(Key::Suspend), [Effect::Suspend]);
    assert_eq!(desk.on(Event::Resumed), [Effect::Redraw]);
}

#[test]
fn reset_asks_first() {
    let mut desk = Desk::started();
    assert_eq!(desk.press('x'), [Effect::Draw]);
    assert!(desk.notice().contains("Press y for yes"), "{}", desk.notice());
    assert_eq!(desk.press('n'), [Effect::Draw]);
    assert!(desk.notice().contains("Nothing was reset"));

    desk.press('x');
    assert_eq!(desk.press('y'), [Effect::Reset("first".into()), Effect::Draw]);
    let backup = Restored::Backup(".tokiolings/backups/01_one/first.20010909T014640Z.rs".into());
    assert_eq!(desk.on(Event::Reset(backup)), [watch("first"), grade(2, "first"), Effect::Draw]);
    assert!(desk.screen().contains("backups/01_one/first.20010909T014640Z.rs"), "{}", desk.screen());
    assert_eq!(desk.graded(2, Kind::Failed), [Effect::Draw], "the starter costs no attempt");
    assert_eq!(desk.press('y'), [Effect::Draw], "the question is over");
}

#[test]
fn a_save_answers_no_question() {
    let mut desk = Desk::started();
    desk.press('x');
    desk.on(Event::Saved);
    assert_eq!(desk.press('y'), [Effect::Draw], "whoever saved does not want to reset any more");
}

#[test]
fn a_file_that_is_gone_is_said_to_be_so() {
    let mut desk = Desk::started();
    desk.on(Event::Saved);
    assert_eq!(desk.on(Event::Missing), [cancel(2), Effect::Draw]);
    assert!(desk.notice().contains("exercises/01_one/first.rs is gone"), "{}", desk.notice());
    assert_eq!(desk.on(Event::Saved), [grade(3, "first"), Effect::Draw]);
    assert_eq!(desk.notice(), "");
}

#[test]
fn the_spinner_turns_only_while_something_is_graded() {
    let mut desk = Desk::started();
    assert_eq!(desk.on(Event::Tick(Duration::ZERO)), []);
    desk.on(Event::Saved);
    let before = desk.screen();
    assert_eq!(desk.on(Event::Tick(Duration::ZERO)), [Effect::Draw]);
    assert_ne!(desk.screen(), before);
}
