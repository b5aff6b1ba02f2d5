//! Hidden tests of `race_by_hand`: whose wake arrives, who wins, and what becomes of the loser.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::First;
use testkit::{
    CountingWaker, Script, ScriptProbe, Signal, Step, Timeline, Wake, panic_of, pick, poll_once, rt, settle,
    stage, vt,
};
use tokio::time::sleep;

/// The task of the race is woken when either mirror has something new, and not before.
#[test]
fn a_childs_wake_reaches_the_task() {
    rt(async {
        for winner in ["1", "2"] {
            let (signal, answer) = (Signal::new(), answer());
            let steps = |name| {
                if name == winner {
                    vec![Step::Pend(Wake::Later(signal.clone())), Step::Ready(answer.clone())]
                } else {
                    vec![Step::Pend(Wake::Later(Signal::new()))]
                }
            };
            let (a, b) = (Script::new("1", steps("1")), Script::new("2", steps("2")));
            let polls = [a.probe(), b.probe()];
            let mut race = drawn(a, b).await;
            let waker = CountingWaker::new();
            let first = poll(&mut race, &waker.waker());

            for (name, probe) in ["1", "2"].iter().zip(&polls) {
                assert!(
                    probe.polls() > 0,
                    "Child {name} was never polled. A future that is not polled has not begun, so it cannot win."
                );
            }
            if let Poll::Ready(found) = first {
                panic!("The race returned `Ready` with {found:?}, and neither child had an answer.");
            }
            check_quiet(&waker, 1);
            signal.fire();
            assert!(
                waker.wakes() > 0,
                "The child's wake went nowhere: you handed it a fake waker. Child {winner} has an answer now \
                 and said so, but the task of the race was not woken (wakes: 0)."
            );
            check_won(poll(&mut race, &waker.waker()), &answer, winner);
        }
    });
}

/// Another task may poll next: a child wakes the task that polled last.
#[test]
fn the_waker_of_the_latest_poll_counts() {
    rt(async {
        for winner in ["1", "2"] {
            let (a, event_of_a) = waits_for_an_event("1");
            let (b, event_of_b) = waits_for_an_event("2");
            let mut race = drawn(a, b).await;
            let [first, second] = [CountingWaker::new(), CountingWaker::new()];
            for (n, waker) in [&first, &second].into_iter().enumerate() {
                check_pending(poll(&mut race, &waker.waker()), n + 1);
                check_quiet(waker, n + 1);
            }
            if winner == "1" {
                event_of_a.fire()
            } else {
                event_of_b.fire()
            }
            let (wrong, right) = (first.wakes(), second.wakes());
            assert!(
                right > 0 || wrong == 0,
                "Two tasks polled the race, one after the other. Child {winner} has an answer now and woke the first \
                 task, not the one that polled last. Each poll brings a waker: pass on the waker of the current poll, \
                 each time."
            );
            assert!(
                right > 0,
                "Two tasks polled the race, one after the other. Child {winner} has an answer now, and the task that \
                 polled last was not woken (wakes: 0). Each poll has to pass its own context on to both children."
            );
        }
    });
}

/// The child that is ready first wins; when both are ready, the first child wins.
#[test]
fn the_first_answer_wins() {
    rt(async {
        for polls in [1, 2, 3, 10] {
            for (winner, ready) in [("1", [true, false]), ("2", [false, true]), ("1", [true, true])] {
                let answers = [answer(), answer() + "!"];
                let script = |n: usize, name| {
                    let last =
                        if ready[n] { Step::Ready(answers[n].clone()) } else { Step::Pend(Wake::Never) };
                    Script::new(name, (1..polls).map(|_| Step::Pend(Wake::Never)).chain([last]))
                };
                let mut race = drawn(script(0, "1"), script(1, "2")).await;
                for n in 1..polls {
                    check_pending(poll(&mut race, &CountingWaker::new().waker()), n);
                }
                let waker = CountingWaker::new();
                let answer = poll(&mut race, &waker.waker());
                if ready == [true, true] && answer == Poll::Ready(answers[1].clone()) {
                    panic!(
                        "Both answers were there at once, in poll {polls}, and child 2 won. When it is a tie, \
                         the first child wins."
                    );
                }
                let expected = if winner == "1" { &answers[0] } else { &answers[1] };
                check_won(answer, expected, winner);
                assert!(
                    waker.wakes() == 0,
                    "The race was decided, but woke its task anyway (wakes: {}, wanted 0). After `Ready` there is \
                     nothing to come back for.",
                    waker.wakes()
                );
            }
        }
    });
}

/// Any text may be the answer: even an empty one, or the same text from both.
#[test]
fn any_text_is_an_answer() {
    rt(async {
        let (some, long) = (answer(), "x".repeat(100_000));
        for (winner, first, second) in [
            ("1", Some(""), None),
            ("2", None, Some("")),
            ("1", Some(""), Some(some.as_str())),
            ("1", Some(some.as_str()), Some("")),
            ("1", Some(""), Some("")),
            ("1", Some(some.as_str()), Some(some.as_str())),
            ("1", Some(long.as_str()), Some(some.as_str())),
            ("1", Some(" \n"), Some(some.as_str())),
            ("2", None, Some(" ")),
        ] {
            let script = |name: &str, answer: Option<&str>| {
                Script::new(
                    name,
                    [answer.map_or(Step::Pend(Wake::Never), |text| Step::Ready(text.to_owned()))],
                )
            };
            let mut race = made(script("1", first), script("2", second)).await;
            let expected = if winner == "1" { first } else { second }.unwrap_or_default();
            let shown =
                |text: &str| if text.len() > 100 { "a long one".to_owned() } else { format!("{text:?}") };
            let answers = [("1", first), ("2", second)].map(|(name, answer)| match answer {
                Some(text) => format!("child {name} answered {}", shown(text)),
                None => format!("child {name} had to wait"),
            });
            let case = answers.join(", ");
            match poll(&mut race, &CountingWaker::new().waker()) {
                Poll::Ready(found) if found == expected => {}
                Poll::Ready(found) => panic!(
                    "At the first poll, {case}, and the race was ready with {}. Any text is an answer, an \
                     empty one as well; child {winner} has won.",
                    shown(&found)
                ),
                Poll::Pending => panic!(
                    "At the first poll, {case}, and the race returned `Pending`. Any text is an answer, an empty one \
                     as well; child {winner} has won."
                ),
            }
        }
    });
}

/// Mirrors that take long are waited for, however often the task is polled for other reasons.
#[test]
fn a_long_wait_is_only_a_wait() {
    vt(async {
        for winner in ["1", "2"] {
            let (a, event_of_a) = waits_for_an_event("1");
            let (b, event_of_b) = waits_for_an_event("2");
            let mut race = made(a, b).await;
            let counts = CountingWaker::new();
            let waker = counts.waker();
            for n in 1..=pick(1100..=1500) as usize {
                check_pending(poll(&mut race, &waker), n);
                check_quiet(&counts, n);
            }
            sleep(Duration::from_secs(86_400 * pick(1..=9))).await;
            let (early, wakes) = (poll(&mut race, &waker).is_ready(), counts.wakes());
            assert!(
                !early && wakes == 0,
                "Days passed in which neither child had an answer, and the race was {} (wakes: {wakes}, wanted \
                 0). It waits for its children, however long they take, and they wake it.",
                if early { "ready" } else { "woken" }
            );
            if winner == "1" {
                event_of_a.fire()
            } else {
                event_of_b.fire()
            }
            assert!(
                counts.wakes() > 0,
                "Child {winner} took long, has an answer now and called the waker that it was given last, but the task \
                 of the race was not woken (wakes: 0)."
            );
            match poll(&mut race, &waker) {
                Poll::Ready(found) => assert!(
                    found.ends_with(winner),
                    "Child {winner} won after a long wait, and the race was ready with {found:?}, which it \
                     never said."
                ),
                Poll::Pending => {
                    panic!(
                        "Child {winner} has its answer after a long wait, and the race returned `Pending`."
                    )
                }
            }
        }
    });
}

/// When a race is dropped, both requests are dropped, whether it is decided or not.
#[test]
fn a_dropped_race_leaves_nobody_behind() {
    rt(async {
        for decided in [true, false] {
            let last = if decided { Step::Ready(answer()) } else { Step::Pend(Wake::Never) };
            let a = Script::new("1", [Step::Pend(Wake::Itself), last]);
            let b = Script::new("2", [Step::Pend(Wake::Never), Step::Pend(Wake::Never)]);
            let children = [("1", a.probe()), ("2", b.probe())];
            let mut race = drawn(a, b).await;
            let [first, second] = [CountingWaker::new(), CountingWaker::new()];
            for task in [&first, &second] {
                let _ = poll(&mut race, &task.waker());
            }
            drop(race);
            settle().await;
            for (name, child) in children {
                assert!(
                    child.dropped(),
                    "The race was dropped, but child {name} is still there. A future ends when it is dropped. This \
                     request keeps what it holds, but nobody needs its answer."
                );
            }
            let (wakes, kept) = (second.wakes(), first.live_clones() + second.live_clones());
            assert!(
                wakes == 0 && kept == 0,
                "The race was dropped, and something besides the children has a waker of the task (kept: {kept}, \
                 wakes: {wakes}, wanted 0 and 0). The children wake the task; you need no thread or timer for that."
            );
        }
    });
}

/// Two races side by side share nothing.
#[test]
fn two_races_keep_apart() {
    rt(async {
        let mut races = Vec::new();
        let (mut tasks, mut events) = (Vec::new(), Vec::new());
        for n in ["1", "2"] {
            let event = Signal::new();
            let steps =
                [Step::Pend(Wake::Later(event.clone())), Step::Ready(format!("{} of race {n}", answer()))];
            let answer = format!("{:?}", steps[1]);
            let race = made(Script::new("1", steps), Script::new("2", [Step::Pend(Wake::Never)])).await;
            races.push((race, answer));
            tasks.push(CountingWaker::new());
            events.push(event);
        }
        for ((race, _), task) in races.iter_mut().zip(&tasks) {
            check_pending(poll(race, &task.waker()), 1);
        }
        events[0].fire();
        let (own, other) = (tasks[0].wakes(), tasks[1].wakes());
        assert!(
            own > 0 && other == 0,
            "Two races were under way, and child 1 of one of them has its answer: its task was woken {own} times, that \
             of the other race {other} time{}. Each race has its own task.",
            if other == 1 { "" } else { "s" }
        );
        events[1].fire();
        for (race, expected) in races.iter_mut().rev() {
            let answer = poll(race, &CountingWaker::new().waker());
            assert!(
                answer.is_ready(),
                "Two races were under way, and child 1 of one of them has its answer: that race returned `Pending`."
            );
            let found = answer.map(|text| format!("{:?}", Step::Ready(text)));
            assert!(
                found == Poll::Ready(expected.clone()),
                "Two races were under way, and one was ready with {found:?}, which none of its children said."
            );
        }
    });
}

fn check_pending(answer: Poll<String>, n: usize) {
    if let Poll::Ready(found) = answer {
        panic!(
            "The race was ready with {found:?} in poll {n}, and neither child had an answer. A task may be polled for \
             other reasons, any number of times."
        );
    }
}

fn check_quiet(waker: &CountingWaker, n: usize) {
    let wakes = waker.wakes();
    assert!(
        wakes == 0,
        "Neither child has an answer, yet you asked to be polled again in poll {n}: this is a busy loop \
         (wakes: {wakes}, wanted 0). The children have the waker, and they call it."
    );
}

fn check_won(answer: Poll<String>, expected: &str, winner: &str) {
    match answer {
        Poll::Ready(found) => assert!(
            found == expected,
            "Child {winner} won with {expected:?}, and the race was ready with {found:?}: another answer."
        ),
        Poll::Pending => panic!(
            "Child {winner} has its answer, and the race returned `Pending`. The child that is ready decides the race, \
             in the same poll."
        ),
    }
}

fn answer() -> String {
    format!("file {}", pick(1..=1_000_000))
}

/// Its answer ends with its name.
fn waits_for_an_event(name: &str) -> (Script<String>, Signal) {
    let event = Signal::new();
    let answer = format!("{} from {name}", answer());
    (Script::new(name, [Step::Pend(Wake::Later(event.clone())), Step::Ready(answer)]), event)
}

thread_local! {
    /// How often children were polled since the current poll of the race began.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

const ASK_LIMIT: u32 = 100;
const ASKED_TOO_OFTEN: &str = "children were polled in a circle";

/// Puts an end to a poll that asks its children in a circle.
struct Child(Script<String>);

impl Future for Child {
    type Output = String;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        ASKED.set(ASKED.get() + 1);
        assert!(ASKED.get() <= ASK_LIMIT, "{ASKED_TOO_OFTEN}");
        Pin::new(&mut self.0).poll(cx)
    }
}

/// With a drawing for the learner.
async fn drawn(a: Script<String>, b: Script<String>) -> impl Future<Output = String> + Unpin {
    let probes = [a.probe(), b.probe()];
    let timeline = Timeline::new();
    let lane = timeline.lane("race");
    let (a, b) = (timeline.lane("child 1").watch(Child(a)), timeline.lane("child 2").watch(Child(b)));
    lane.watch(unpolled(|| First::new(a, b), probes).await)
}

async fn made(a: Script<String>, b: Script<String>) -> impl Future<Output = String> + Unpin {
    let probes = [a.probe(), b.probe()];
    unpolled(|| First::new(Child(a), Child(b)), probes).await
}

async fn unpolled<F>(new: impl FnOnce() -> F, probes: [ScriptProbe; 2]) -> F {
    let race = panic_of(new).unwrap_or_else(|text| panic!("`First::new` panicked: {text}"));
    let polls = |probe: &ScriptProbe| probe.polls();
    let [first_at_once, second_at_once] = probes.each_ref().map(polls);
    settle().await;
    let [first, second] = probes.each_ref().map(polls);
    for (name, at_once, polls) in [("1", first_at_once, first), ("2", second_at_once, second)] {
        assert!(at_once == 0, "`First::new` polled child {name}. A future does nothing before it is polled.");
        assert!(
            polls == 0,
            "Child {name} was polled before anybody polled the race: `First::new` spawned it as a task, and a task \
             goes on when the race is dropped. `First` polls both itself, in the task that polls it."
        );
    }
    race
}

static STAGE: Once = Once::new();

fn poll(race: &mut (impl Future<Output = String> + Unpin), waker: &Waker) -> Poll<String> {
    // Once: a grader that is slow to read would hold up thousands of them.
    STAGE.call_once(|| stage("`First` is being polled"));
    ASKED.set(0);
    match panic_of(|| poll_once(race, waker)) {
        Ok(answer) => answer,
        Err(text) if text == ASKED_TOO_OFTEN => panic!(
            "A child returned `Pending`, and you polled it again in the same poll, {} times and more. Nothing had \
             changed. Ask each child once; when both say `Pending`, so do you.",
            ASK_LIMIT / 2
        ),
        Err(text) if text.contains("was polled after it returned `Ready`") => {
            let text = text.replace("`Script`", "The future");
            panic!("{text} Its answer decides the race; do not ask again.")
        }
        Err(text) => panic!("`First` panicked: {text}"),
    }
}
