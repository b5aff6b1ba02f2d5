//! Hidden tests of `join_by_hand`: which child is polled when, and what becomes of the two numbers.

use std::hash::{BuildHasher, RandomState};
use std::task::{Poll, Waker};

use exercise::Both;
use testkit::{CountingWaker, Script, Step, Timeline, Wake, check_eq, panic_of, poll_once, stage};

/// The first poll polls both futures, each once, even when neither is done.
#[test]
fn both_are_asked_in_the_first_poll() {
    let a = Script::new("A", [Step::Pend(Wake::Never), Step::Pend(Wake::Never), Step::Ready(pick())]);
    let b = Script::new("B", [Step::Pend(Wake::Never), Step::Pend(Wake::Never), Step::Ready(pick())]);
    let (polls_of_a, polls_of_b) = (a.probe(), b.probe());
    let waker = CountingWaker::new();
    let _ = poll(&mut both(a, b), &waker.waker());

    for (name, other, polls) in [("B", "A", polls_of_b.polls()), ("A", "B", polls_of_a.polls())] {
        assert!(
            polls > 0,
            "That is a sequence, not a join: {name} was not polled in the first poll of `Both`, while {other} had to \
             wait. A future that is not polled has not begun."
        );
        assert!(
            polls == 1,
            "{name} said `Pending`, and you polled it again in the same poll ({polls} times). Nothing had changed. Go \
             on with the other one, then say `Pending` too."
        );
    }
    let wakes = waker.wakes();
    assert!(
        wakes == 0,
        "Neither child has anything new, yet you asked to be polled again: this is a busy loop (wakes: {wakes}, wanted \
         0). The children have the waker, and they call it."
    );
}

/// A child that is done is not polled again, and its number is still there when the other one is done.
#[test]
fn a_finished_child_is_left_alone() {
    for slow in ["B", "A"] {
        let numbers = (pick(), pick());
        let (a, b) = (child("A", numbers.0, slow), child("B", numbers.1, slow));
        let probes = [a.probe(), b.probe()];
        let mut both = both(a, b);
        let waker = CountingWaker::new();
        let mut answer = Poll::Pending;
        for n in 1..=3 {
            let before = waker.wakes();
            answer = poll(&mut both, &waker.waker());
            if probes.iter().all(|probe| probe.finished()) || answer.is_ready() {
                break;
            }
            let reached = waker.wakes() > before;
            assert!(
                reached,
                "{slow} asked to be polled again in poll {n} of `Both`, and the task was not woken."
            );
        }
        let [a_done, b_done] = probes.map(|probe| probe.finished());
        match answer {
            Poll::Ready(found) => {
                assert!(a_done && b_done, "`Both` said `Ready`, and {slow} was not done.");
                check_eq!(found, numbers, "`Both` is ready with other numbers than those of its children.");
            }
            Poll::Pending if a_done && b_done => panic!(
                "Both children are done, and `Both` said `Pending`. Nothing is left that could wake it: say `Ready` in \
                 the very poll in which the last number arrives."
            ),
            Poll::Pending => panic!(
                "`Both` was polled three times, and {slow} needs three polls, but was polled less often. Each poll has \
                 to poll every child that is not done."
            ),
        }
    }
}

/// Two children that are both done at once: one poll, and the numbers are in order.
#[test]
fn two_numbers_at_once_need_one_poll() {
    let numbers = (pick(), pick());
    let a = Script::new("A", [Step::Ready(numbers.0)]);
    let b = Script::new("B", [Step::Ready(numbers.1)]);
    match poll(&mut both(a, b), Waker::noop()) {
        Poll::Ready(found) => {
            check_eq!(found, numbers, "`Both` is ready with other numbers than those of its children.");
        }
        Poll::Pending => panic!(
            "Both children are done, and `Both` said `Pending`. Nothing is left that could wake it: say `Ready` in the \
             very poll in which the last number arrives."
        ),
    }
}

/// Ready at its first poll, or at its third if it is the slow one.
fn child(name: &str, number: u32, slow: &str) -> Script<u32> {
    let waits = if name == slow { 2 } else { 0 };
    let waits = (0..waits).map(|_| Step::Pend(Wake::Itself));
    Script::new(name, waits.chain([Step::Ready(number)]))
}

fn pick() -> u32 {
    (RandomState::new().hash_one(()) % 1_000_000) as u32
}

fn both(a: Script<u32>, b: Script<u32>) -> impl Future<Output = (u32, u32)> + Unpin {
    let probes = [("A", a.probe()), ("B", b.probe())];
    let timeline = Timeline::new();
    let lane = timeline.lane("Both");
    let (a, b) = (timeline.lane("A").watch(a), timeline.lane("B").watch(b));
    let both = panic_of(|| Both::new(a, b)).unwrap_or_else(|text| panic!("`Both::new` panicked: {text}"));
    for (name, probe) in probes {
        assert!(probe.polls() == 0, "`Both::new` polled {name}. A plan does nothing before it is polled.");
    }
    lane.watch(both)
}

fn poll(both: &mut (impl Future<Output = (u32, u32)> + Unpin), waker: &Waker) -> Poll<(u32, u32)> {
    stage("`Both` is being polled");
    match panic_of(|| poll_once(both, waker)) {
        Ok(answer) => answer,
        Err(text) if text.contains("was polled after it returned `Ready`") => panic!(
            "{} What it returned is yours to keep; from then on leave it alone, and poll only what is not done.",
            text.replace("`Script`", "The future")
        ),
        Err(text) => panic!("`Both` panicked when it was polled: {text}"),
    }
}
