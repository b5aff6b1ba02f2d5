//! Hidden tests of `join_by_hand`: which child is polled when, and what becomes of the two numbers.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::Both;
use testkit::{
    CountingWaker, Script, ScriptProbe, Signal, Step, Timeline, Wake, panic_of, pick, poll_once, rt, settle,
    stage, vt,
};
use tokio::time::sleep;

/// The first poll polls both futures, each once, even when neither is done.
#[test]
fn both_are_asked_in_the_first_poll() {
    rt(async {
        let a = Script::new("A", [Step::Pend(Wake::Never), Step::Pend(Wake::Never), Step::Ready(number())]);
        let b = Script::new("B", [Step::Pend(Wake::Never), Step::Pend(Wake::Never), Step::Ready(number())]);
        let (polls_of_a, polls_of_b) = (a.probe(), b.probe());
        let mut both = drawn(a, b).await;
        let waker = CountingWaker::new();
        let answer = poll(&mut both, &waker.waker());

        let (polls_of_a, polls_of_b) = (polls_of_a.polls(), polls_of_b.polls());
        assert!(
            polls_of_a + polls_of_b > 0,
            "The first poll of `Both` polled neither A nor B. A future that is not polled has not begun."
        );
        for (name, other, polls) in [("B", "A", polls_of_b), ("A", "B", polls_of_a)] {
            assert!(
                polls > 0,
                "That is a sequence, not a join: {name} was not polled in the first poll of `Both`, while \
                 {other} had to wait. A future that is not polled has not begun."
            );
            assert!(
                polls == 1,
                "{name} returned `Pending`, and you polled it again in the same poll ({polls} times). Nothing had \
                 changed. Go on with the other one, then return `Pending`, too."
            );
        }
        if let Poll::Ready(found) = answer {
            panic!("`Both` was ready with {found:?} in its first poll, and neither child was done.");
        }
        let wakes = waker.wakes();
        assert!(
            wakes == 0,
            "Neither child has anything new, yet you asked to be polled again: this is a busy loop (wakes: \
             {wakes}, wanted 0). The children have the waker, and they call it."
        );
    });
}

/// A child that is done is not polled again, and its number is still there when the other child is done.
#[test]
fn a_finished_child_is_left_alone() {
    rt(async {
        // In the order of arrival, and against it.
        for slow in ["B", "A"] {
            let numbers = different_numbers();
            let event = Signal::new();
            let script = |name: &str, number| {
                let wait = (name == slow).then(|| Step::Pend(Wake::Later(event.clone())));
                Script::new(name, wait.into_iter().chain([Step::Ready(number)]))
            };
            let (a, b) = (script("A", numbers.0), script("B", numbers.1));
            let [fast, late] = if slow == "B" {
                [("A", a.probe()), ("B", b.probe())]
            } else {
                [("B", b.probe()), ("A", a.probe())]
            };
            let mut both = drawn(a, b).await;
            let [first, second] = [CountingWaker::new(), CountingWaker::new()];
            // The second poll comes for nothing: something else in the same task was woken.
            for (n, waker) in [(1, &first), (2, &second)] {
                if let Poll::Ready(found) = poll(&mut both, &waker.waker()) {
                    panic!("`Both` was ready with {found:?} in poll {n}, and {slow} was not done.");
                }
                assert!(
                    late.1.polls() > 0 || !fast.1.finished(),
                    "{} was done in poll {n} of `Both`, but {slow} was not polled in that poll: `Both` returned \
                     `Pending`, and {slow} has no waker to call. Go on with the other child in the same poll.",
                    fast.0
                );
                for (name, child) in [&fast, &late] {
                    assert!(
                        child.polls() > 0,
                        "{name} was not polled in poll {n} of `Both`. Poll both in each poll, until they are done: a \
                         child that is not polled does not begin, and has no waker to call."
                    );
                }
                let wakes = waker.wakes();
                assert!(
                    wakes == 0,
                    "{} is done, {slow} has nothing new, and poll {n} of `Both` asked to be polled again: this \
                     is a busy loop (wakes: {wakes}, wanted 0). {slow} has the waker, and calls it.",
                    fast.0
                );
            }
            event.fire();
            let (earlier, wakes) = (first.wakes(), second.wakes());
            assert!(
                wakes > 0 || earlier == 0,
                "{slow} has its number now, and woke the task that polled `Both` first, not the one that polled it \
                 last. Each poll brings a waker: pass on the waker of the current poll, each time."
            );
            assert!(
                wakes > 0,
                "{slow} has its number now and called the waker that it was given, but the task of `Both` was not \
                 woken (wakes: 0). Each poll has to pass its own context on."
            );
            let waker = CountingWaker::new();
            let answer = poll(&mut both, &waker.waker());
            assert!(
                late.1.finished(),
                "{slow} woke the task because its number is there, and the next poll of `Both` did not ask it. \
                 Each poll has to poll every child that is not done."
            );
            check_end(answer, numbers, &format!("{slow} was done last."), &waker);
        }
    });
}

/// If both children are done at once, one poll is enough, and the numbers are in order.
#[test]
fn two_numbers_at_once_need_one_poll() {
    rt(async {
        let numbers = different_numbers();
        let a = Script::new("A", [Step::Ready(numbers.0)]);
        let b = Script::new("B", [Step::Ready(numbers.1)]);
        let waker = CountingWaker::new();
        let answer = poll(&mut drawn(a, b).await, &waker.waker());
        check_end(answer, numbers, "Both were done at the first poll.", &waker);
    });
}

/// Two of them, side by side, share nothing.
#[test]
fn two_of_them_keep_apart() {
    rt(async {
        let numbers = [different_numbers(), different_numbers()];
        let mut pairs = Vec::new();
        for numbers in numbers {
            let a = Script::new("A", [Step::Ready(numbers.0)]);
            let b = Script::new("B", [Step::Pend(Wake::Never), Step::Ready(numbers.1)]);
            pairs.push(made(a, b).await);
        }
        for both in &mut pairs {
            if let Poll::Ready(found) = poll(both, Waker::noop()) {
                panic!(
                    "Two `Both` were under way, and one was ready with {found:?} before its B was done. Each \
                     has its own numbers: keep them in the struct."
                );
            }
        }
        for (both, numbers) in pairs.iter_mut().zip(numbers).rev() {
            let waker = CountingWaker::new();
            check_end(poll(both, &waker.waker()), numbers, "Another `Both` was under way.", &waker);
        }
    });
}

/// Another task may poll next: a child wakes the task that polled last.
#[test]
fn the_waker_of_the_latest_poll_counts() {
    rt(async {
        for order in [["A", "B"], ["B", "A"]] {
            let [(a, event_of_a), (b, event_of_b)] = ["A", "B"].map(waits_for_an_event);
            let mut both = drawn(a, b).await;
            let first = CountingWaker::new();
            let _ = poll(&mut both, &first.waker());
            for name in order {
                let second = CountingWaker::new();
                let _ = poll(&mut both, &second.waker());
                let before = first.wakes();
                if name == "A" {
                    event_of_a.fire()
                } else {
                    event_of_b.fire()
                }
                assert!(
                    second.wakes() > 0 || first.wakes() == before,
                    "Two tasks polled `Both`, one after the other. {name} has its number now and woke the first task, \
                     not the one that polled last. Each poll brings a waker: pass on the waker of the current poll, \
                     each time."
                );
                let other = if name == "A" { "B" } else { "A" };
                assert!(
                    second.wakes() > 0 || name != order[0],
                    "{name} has its number now, {other} still has to wait, and no task was woken (wakes: 0): the waker \
                     that {name} was given goes nowhere. Each poll has to pass its own context on to every child that \
                     is not done."
                );
                assert!(
                    second.wakes() > 0,
                    "Two tasks polled `Both`, one after the other. {name} has its number now, and the task that polled \
                     last was not woken (wakes: 0). Each poll has to pass its own context on to every child that is \
                     not done."
                );
            }
        }
    });
}

/// Any two numbers may be the answers: 0, the highest one, two equal ones.
#[test]
fn any_number_is_a_number() {
    rt(async {
        let same = number();
        let max = u32::MAX;
        for numbers in
            [(0, number()), (number(), 0), (0, 0), (max, number()), (number(), max), (max, max), (same, same)]
        {
            for slow in ["B", "A", "none", "both"] {
                // The same with numbers that nobody could take for something else: what goes wrong there as well is not
                // about the numbers.
                let usual = outcome_of(different_numbers(), slow).await.is_ok();
                let outcome = outcome_of(numbers, slow).await;
                let told = outcome.err().filter(|_| usual);
                assert!(
                    told.is_none(),
                    "A answers {}, B answers {}, and {} With other numbers it works: every `u32` may be an answer, so \
                     none of them can mean \"not there yet\".",
                    numbers.0,
                    numbers.1,
                    told.unwrap_or_default()
                );
            }
        }
    });
}

/// When `Both` is dropped half-way, its children are dropped, too.
#[test]
fn dropped_half_way_it_takes_its_children_along() {
    rt(async {
        for polls in [0, 1, 2] {
            let (a, _) = waits_for_an_event("A");
            let (b, _) = waits_for_an_event("B");
            let children = [("A", a.probe()), ("B", b.probe())];
            let mut both = made(a, b).await;
            let task = CountingWaker::new();
            for _ in 0..polls {
                let _ = poll(&mut both, &task.waker());
            }
            drop(both);
            settle().await;
            for (name, child) in children {
                assert!(
                    child.dropped(),
                    "`Both` was dropped after {polls} polls, but {name} is still there. Nobody needs its number any \
                     more: dropping a future drops what it holds."
                );
            }
            check_let_go(&task);
        }
    });
}

/// A child that takes long is waited for, however often the task is polled for other reasons.
#[test]
fn a_long_wait_is_only_a_wait() {
    vt(async {
        for done in ["A", "B", "neither"] {
            let numbers = different_numbers();
            let event = Signal::new();
            let script = |name: &str, number| {
                let wait = (name != done).then(|| Step::Pend(Wake::Later(event.clone())));
                Script::new(name, wait.into_iter().chain([Step::Ready(number)]))
            };
            let mut both = made(script("A", numbers.0), script("B", numbers.1)).await;
            let waker = CountingWaker::new();
            let waker_of_the_task = waker.waker();
            for n in 1..=pick(1100..=1500) {
                if let Poll::Ready(found) = poll(&mut both, &waker_of_the_task) {
                    panic!(
                        "`Both` was ready with {found:?} in poll {n}, and a child was not done. A task may be polled \
                         for other reasons, any number of times."
                    );
                }
                let wakes = waker.wakes();
                assert!(
                    wakes == 0,
                    "In poll {n} there was nothing new, but `Both` asked to be polled again: this is a busy loop \
                     (wakes: {wakes}, wanted 0)."
                );
            }
            sleep(Duration::from_secs(86_400 * pick(1..=9))).await;
            let (early, wakes) = (poll(&mut both, &waker_of_the_task).is_ready(), waker.wakes());
            assert!(
                !early && wakes == 0,
                "Days passed in which no child had anything new, and `Both` was {} (wakes: {wakes}, wanted 0). \
                 It waits for its children, however long they take, and they wake it.",
                if early { "ready" } else { "woken" }
            );
            event.fire();
            let wakes = waker.wakes();
            assert!(
                wakes > 0,
                "A child that took long has its number now, but the task of `Both` was not woken (wakes: 0)."
            );
            let last = CountingWaker::new();
            check_end(poll(&mut both, &last.waker()), numbers, "The wait was long.", &last);
        }
    });
}

/// What goes wrong with these answers, told as the rest of a sentence.
async fn outcome_of(numbers: (u32, u32), slow: &str) -> Result<(), String> {
    let script = |name: &str, number| {
        let wait = (name == slow || slow == "both").then_some(Step::Pend(Wake::Never));
        Script::new(name, wait.into_iter().chain([Step::Ready(number)]))
    };
    let (a, b) = (script("A", numbers.0), script("B", numbers.1));
    let children = [("A", a.probe()), ("B", b.probe())];
    let mut both = made(a, b).await;
    let polls = if slow == "none" { 1 } else { 2 };
    for n in 1..=polls {
        ASKED.set(0);
        match panic_of(|| poll_once(&mut both, Waker::noop())) {
            Ok(Poll::Ready(found)) if n < polls => {
                return Err(format!("`Both` was ready with {found:?} too early."));
            }
            Ok(Poll::Ready(found)) if found != numbers => {
                return Err(format!("`Both` was ready with {found:?}."));
            }
            Ok(Poll::Pending) if n == polls => {
                return Err("`Both` returned `Pending` when both answers were there.".to_owned());
            }
            Ok(_) => {}
            Err(text) => {
                let again = children.iter().find(|(_, child)| child.polled_after_ready());
                return Err(match again {
                    Some((name, _)) => format!("{name} was polled again after that."),
                    None => format!("`Both` panicked ({text})."),
                });
            }
        }
    }
    Ok(())
}

/// Nobody has a waker of the task any more.
fn check_let_go(task: &CountingWaker) {
    let (wakes, kept) = (task.wakes(), task.live_clones());
    assert!(
        wakes == 0 && kept == 0,
        "`Both` was dropped, no child had anything new, and something besides the children has a waker of the task \
         (kept: {kept}, wakes: {wakes}, wanted 0 and 0). The children wake the task; you need no thread or timer for \
         that."
    );
}

/// Both children are done: ready in this poll, with their numbers in order, and nobody is woken.
fn check_end(answer: Poll<(u32, u32)>, numbers: (u32, u32), when: &str, waker: &CountingWaker) {
    let wakes = waker.wakes();
    let (a, b) = numbers;
    match answer {
        Poll::Ready(found) if found == numbers => assert!(
            wakes == 0,
            "`Both` was ready, but woke its task anyway (wakes: {wakes}, wanted 0). After `Ready` there is nothing to \
             come back for."
        ),
        Poll::Ready(found) if found == (b, a) => panic!(
            "The numbers are swapped: A answered {a}, B answered {b}, and `Both` was ready with {found:?}. {when} A's \
             number comes first, whichever child is done first."
        ),
        Poll::Ready(found) => panic!(
            "`Both` was ready with {found:?}, other numbers than those of its children: A answered {a}, B \
             answered {b}. {when}"
        ),
        Poll::Pending if wakes == 0 => panic!(
            "Both children are done, and `Both` returned `Pending`. Nothing is left that could wake it: return `Ready` \
             in the same poll in which the last number arrives."
        ),
        Poll::Pending => panic!(
            "Both children are done, and `Both` returned `Pending` and asked to be polled again. What is there is used \
             in the same poll: return `Ready` in the same poll in which the last number arrives."
        ),
    }
}

fn waits_for_an_event(name: &str) -> (Script<u32>, Signal) {
    let event = Signal::new();
    (Script::new(name, [Step::Pend(Wake::Later(event.clone())), Step::Ready(number())]), event)
}

thread_local! {
    /// How often children were polled since the current poll of `Both` began.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

const ASK_LIMIT: u32 = 100;
const ASKED_TOO_OFTEN: &str = "children were polled in a circle";

/// Puts an end to a poll that asks its children in a circle.
struct Child(Script<u32>);

impl Future for Child {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        ASKED.set(ASKED.get() + 1);
        assert!(ASKED.get() <= ASK_LIMIT, "{ASKED_TOO_OFTEN}");
        Pin::new(&mut self.0).poll(cx)
    }
}

fn number() -> u32 {
    pick(1..=1_000_000) as u32
}

fn different_numbers() -> (u32, u32) {
    (number(), number() + 1_000_000)
}

/// With a drawing for the learner.
async fn drawn(a: Script<u32>, b: Script<u32>) -> impl Future<Output = (u32, u32)> + Unpin {
    let probes = [a.probe(), b.probe()];
    let timeline = Timeline::new();
    let lane = timeline.lane("Both");
    let (a, b) = (timeline.lane("A").watch(Child(a)), timeline.lane("B").watch(Child(b)));
    lane.watch(unpolled(|| Both::new(a, b), probes).await)
}

async fn made(a: Script<u32>, b: Script<u32>) -> impl Future<Output = (u32, u32)> + Unpin {
    let probes = [a.probe(), b.probe()];
    unpolled(|| Both::new(Child(a), Child(b)), probes).await
}

async fn unpolled<F>(new: impl FnOnce() -> F, probes: [ScriptProbe; 2]) -> F {
    let both = panic_of(new).unwrap_or_else(|text| panic!("`Both::new` panicked: {text}"));
    let polls = |probe: &ScriptProbe| probe.polls();
    let [before_a, before_b] = probes.each_ref().map(polls);
    settle().await;
    let [a, b] = probes.each_ref().map(polls);
    for (name, at_once, polls) in [("A", before_a, a), ("B", before_b, b)] {
        assert!(at_once == 0, "`Both::new` polled {name}. A future does nothing before it is polled.");
        assert!(
            polls == 0,
            "{name} was polled before anybody polled `Both`: `Both::new` spawned it as a task. `Both` polls its \
             children itself, in the task that polls it."
        );
    }
    both
}

static STAGE: Once = Once::new();

fn poll(both: &mut (impl Future<Output = (u32, u32)> + Unpin), waker: &Waker) -> Poll<(u32, u32)> {
    // Once: a grader that is slow to read would hold up thousands of them.
    STAGE.call_once(|| stage("`Both` is being polled"));
    ASKED.set(0);
    match panic_of(|| poll_once(both, waker)) {
        Ok(answer) => answer,
        Err(text) if text == ASKED_TOO_OFTEN => panic!(
            "A child returned `Pending`, and you polled it again in the same poll, {} times and more. Nothing had \
             changed. Ask each child once; when one of them returns `Pending`, so do you.",
            ASK_LIMIT / 2
        ),
        Err(text) if text.contains("was polled after it returned `Ready`") => panic!(
            "{} Keep what it returned, and from then on poll only what is not done.",
            text.replace("`Script`", "The future")
        ),
        Err(text) => panic!("`Both` panicked: {text}"),
    }
}
