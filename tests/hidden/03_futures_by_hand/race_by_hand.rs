//! Hidden tests of `race_by_hand`: whose wake arrives, who wins, and what becomes of the loser.

use std::hash::{BuildHasher, RandomState};
use std::task::{Poll, Waker};

use exercise::First;
use testkit::{CountingWaker, Script, Signal, Step, Timeline, Wake, check_eq, panic_of, poll_once, stage};

/// When either mirror has something new, the task of the race is woken, and not before.
#[test]
fn a_childs_wake_reaches_the_task() {
    for winner in ["1", "2"] {
        let (signal, answer) = (Signal::new(), pick());
        let steps = |name| {
            if name == winner {
                vec![Step::Pend(Wake::Later(signal.clone())), Step::Ready(answer.clone())]
            } else {
                vec![Step::Pend(Wake::Later(Signal::new()))]
            }
        };
        let (a, b) = (Script::new("1", steps("1")), Script::new("2", steps("2")));
        let polls = [a.probe(), b.probe()];
        let mut race = race(a, b);
        let waker = CountingWaker::new();
        let first = poll(&mut race, &waker.waker());

        for (name, probe) in ["1", "2"].iter().zip(&polls) {
            assert!(
                probe.polls() > 0,
                "Child {name} was never polled. A future that is not polled has not begun, so it cannot win."
            );
        }
        assert!(first.is_pending(), "The race said `Ready`, and neither child had an answer.");
        let wakes = waker.wakes();
        assert!(
            wakes == 0,
            "Neither child has an answer, yet you asked to be polled again: this is a busy loop (wakes: {wakes}, \
             wanted 0)."
        );
        signal.fire();
        assert!(
            waker.wakes() > 0,
            "The child's wake went nowhere: you handed it a fake waker. Child {winner} has an answer now and said so, \
             but the task of the race was not woken (wakes: 0)."
        );
        check_won(poll(&mut race, &waker.waker()), &answer, winner);
    }
}

/// Whoever is ready first wins; when both are, it is the first child.
#[test]
fn the_first_answer_wins() {
    for (winner, ready) in [("1", [true, false]), ("2", [false, true]), ("1", [true, true])] {
        let answers = [pick(), pick()];
        let script = |n: usize, name| {
            let step = if ready[n] { Step::Ready(answers[n].clone()) } else { Step::Pend(Wake::Never) };
            Script::new(name, [step])
        };
        let answer = poll(&mut race(script(0, "1"), script(1, "2")), &CountingWaker::new().waker());
        if ready == [true, true] && answer == Poll::Ready(answers[1].clone()) {
            panic!(
                "Both answers were there at once, and child 2 won. When it is a tie, the first child wins."
            );
        }
        let expected = if winner == "1" { &answers[0] } else { &answers[1] };
        check_won(answer, expected, winner);
    }
}

/// A race that is dropped takes both requests along, whether it is decided or not.
#[test]
fn a_dropped_race_leaves_nobody_behind() {
    for decided in [true, false] {
        let last = if decided { Step::Ready(pick()) } else { Step::Pend(Wake::Never) };
        let a = Script::new("1", [Step::Pend(Wake::Itself), last]);
        let b = Script::new("2", [Step::Pend(Wake::Never), Step::Pend(Wake::Never)]);
        let children = [("1", a.probe()), ("2", b.probe())];
        let mut race = race(a, b);
        for _ in 0..2 {
            let _ = poll(&mut race, &CountingWaker::new().waker());
        }
        drop(race);
        for (name, child) in children {
            assert!(
                child.dropped(),
                "The race was dropped, and child {name} is still there. A future ends when it is dropped; this request \
                 goes on holding what it holds, and nobody wants its answer."
            );
        }
    }
}

fn check_won(answer: Poll<String>, expected: &str, winner: &str) {
    match answer {
        Poll::Ready(found) => {
            check_eq!(found, expected, "Child {winner} won, and the race has another answer.")
        }
        Poll::Pending => panic!(
            "Child {winner} has its answer, and the race said `Pending`. Whoever is ready decides the race, in the same \
             poll."
        ),
    }
}

fn pick() -> String {
    format!("file {}", RandomState::new().hash_one(()) % 1_000_000)
}

fn race(a: Script<String>, b: Script<String>) -> impl Future<Output = String> + Unpin {
    let timeline = Timeline::new();
    let lane = timeline.lane("race");
    let (a, b) = (timeline.lane("child 1").watch(a), timeline.lane("child 2").watch(b));
    let race = panic_of(|| First::new(a, b)).unwrap_or_else(|text| panic!("`First::new` panicked: {text}"));
    lane.watch(race)
}

fn poll(race: &mut (impl Future<Output = String> + Unpin), waker: &Waker) -> Poll<String> {
    stage("`First` is being polled");
    match panic_of(|| poll_once(race, waker)) {
        Ok(answer) => answer,
        Err(text) if text.contains("was polled after it returned `Ready`") => {
            let text = text.replace("`Script`", "The future");
            panic!("{text} Its answer decides the race; do not ask again.")
        }
        Err(text) => panic!("`First` panicked when it was polled: {text}"),
    }
}
