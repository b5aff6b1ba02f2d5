//! Hidden tests of `take_and_put_back`: what the line sees, and what callers get, after one of them has given up or panicked.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Line, Scale};
use testkit::{
    Call, Ended, Log, Timeline, alone, check_eq, counted, dropped_at_each_poll, handed_on, in_words,
    panic_of, pick, settle, side_by_side, stage, timed, together, vt,
};
use tokio::time::{sleep, timeout};

/// Callers take turns, each gets the answer to its question, and a line that is in order is not reset.
#[test]
fn callers_take_turns() {
    for count in [1, 2, usize_of(pick(100..=150))] {
        stage(format!("{} at the same time", counted(count, "caller")));
        let bench = Bench::new(1);
        let scale = bench.scale();
        let calls = vt(together(POLLS, (0..count).map(|n| ask(&scale, format!("question {n}"))))).0;
        let mut times = Vec::new();
        let said = format!("{} asked at the same time", counted(count, "caller"));
        for (n, call) in calls.into_iter().enumerate() {
            times.push(call.after);
            let found = call.returned("`ask`");
            bench.check_answer(&format!("question {n}"), &found, &said);
        }
        bench.check_resets(0, &format!("{said} and got their answers, and nobody gave up"));
        for (n, after) in times.into_iter().enumerate() {
            let due = u32_of(n + 1) * HOUR;
            assert!(
                after < due + TICK,
                "{} asked at the same time, and an answer takes {}. Caller {} got its answer after {}. They take turns, in the \
                 order in which they called.",
                counted(count, "caller"),
                in_words(HOUR),
                n + 1,
                in_words(after)
            );
        }
        let asked: Vec<_> = bench.asked();
        let expected: Vec<_> = (0..count).map(|n| format!("question {n}")).collect();
        check_eq!(
            asked,
            expected,
            "{} asked at the same time. They take turns, in the order in which they called.",
            counted(count, "caller")
        );
    }
    stage("the same questions, one after another");
    let bench = Bench::new(0);
    let scale = bench.scale();
    vt(async {
        for question in ["", "weight", "weight", ""] {
            let found = answer(&scale, question, "Four callers asked, one after another").await;
            bench.check_answer(question, &found, "Four callers asked, one after another");
        }
    });
    bench.check_resets(0, "Four callers got their answers, one after another");
}

/// Wherever a caller gives up, the next one asks on the same line and gets the answer to its own question.
#[test]
fn the_line_is_there_after_a_caller_has_given_up() {
    dropped_at_each_poll("`ask`", POLLS, async |cut| {
        let bench = Bench::new(3);
        let scale = bench.scale();
        let first = cut.off(Timeline::new().lane("ask").watch(scale.ask("first"))).await;
        let said = match first {
            Some(_) => "The first caller got its answer".to_owned(),
            None => format!("The first caller gave up: its `ask` was {}", cut.said()),
        };
        bench.check_given_up(&said).await;
        // One that has finished owes nothing, and neither does one that did not begin.
        let owed = bench.owed();
        let found = alone(POLLS, scale.ask("second")).await;
        let found = bench.returned(found, &format!("{said}. Then a second caller asked"));
        bench.check_answer("second", &found, &said);
        bench.check_resets(owed, &format!("{said}, and a second caller asked"));
        let found = answer(&scale, "third", &said).await;
        bench.check_answer("third", &found, &said);
        bench.check_resets(owed, &format!("{said}, and two others got their answers"));
        drop(scale);
        settle().await;
        assert!(
            bench.events.count(LINE_DROPPED) == 1,
            "{said}. Later the `Scale` was dropped, and its line still exists. Nothing is left behind."
        );
    });
}

/// Half a reset is none: when a caller gives up during the reset, the next one begins with a reset, too.
#[test]
fn half_a_reset_counts_for_nothing() {
    dropped_at_each_poll("`ask`", POLLS, async |cut| {
        let bench = Bench::new(2);
        let scale = bench.scale();
        let first = timeout(HOUR / 2, scale.ask("first")).await;
        assert!(first.is_err(), "An answer takes {}, and `ask` returned earlier.", in_words(HOUR));
        bench.check_given_up("The first caller gave up half-way").await;
        let second = cut.off(scale.ask("second")).await;
        let resets = bench.events.count(RESET_DONE);
        let said = match second {
            Some(_) => "The first caller gave up half-way, and the second one got its answer".to_owned(),
            None => {
                format!("The first caller gave up half-way. The `ask` of the second one was {}", cut.said())
            }
        };
        if let Some(found) = &second {
            bench.check_answer("second", found, &said);
        }
        bench.check_given_up(&said).await;
        let owed = bench.owed();
        let found = alone(POLLS, scale.ask("third")).await;
        let found = bench.returned(found, &format!("{said}. Then a third caller asked"));
        bench.check_answer("third", &found, &said);
        bench.check_resets(resets + owed, &format!("{said}, and a third caller asked"));
    });
}

/// After a question that panicked, or a reset that panicked, the line is there, and has to be reset.
#[test]
fn a_panic_leaves_the_line_in_its_place() {
    for waits in [0, 1, 2] {
        stage(format!("a question panics after {}", counted(waits, "wait")));
        vt(async {
            let bench = Bench::new(3);
            bench.panics_in(&[BROKEN], waits);
            let scale = bench.scale();
            let _ = alone(POLLS, scale.ask(BROKEN)).await;
            let said = format!("A question panicked after {}", counted(waits, "wait"));
            let found = alone(POLLS, scale.ask("next")).await;
            let found = bench.returned(found, &format!("{said}. Then another caller asked"));
            bench.check_answer("next", &found, &said);
            bench.check_resets(1, &format!("{said}, and another caller asked"));
        });

        stage(format!("a reset panics after {}", counted(waits, "wait")));
        vt(async {
            let bench = Bench::new(3);
            let scale = bench.scale();
            let _ = timeout(HOUR / 2, scale.ask("first")).await;
            bench.panics_in(&[RESET], waits);
            let _ = alone(POLLS, scale.ask("second")).await;
            bench.panics_in(&[], 0);
            let said = "The first caller gave up half-way, and a reset panicked";
            let found = alone(POLLS, scale.ask("third")).await;
            let found = bench.returned(found, &format!("{said}. Then another caller asked"));
            bench.check_answer("third", &found, said);
            bench.check_resets(1, &format!("{said}, and another caller asked"));
        });
    }
}

/// When a caller gives up, the next one's turn begins at once. One that gives up in the line is no reason for a reset.
#[test]
fn the_next_turn_begins_at_once() {
    for (gives_up, resets) in [(0, 1), (1, 0), (2, 0)] {
        let bench = Bench::new(1);
        let scale = bench.scale();
        let said = format!(
            "Four callers asked at the same time, and caller {} gave up after half an hour",
            gives_up + 1
        );
        stage(&said);
        let calls = vt(together(
            POLLS,
            (0..4).map(|n| {
                let (scale, question) = (Arc::clone(&scale), format!("question {n}"));
                async move {
                    if n == gives_up {
                        return timeout(HOUR / 2, scale.ask(&question)).await.ok();
                    }
                    Some(scale.ask(&question).await)
                }
            }),
        ))
        .0;
        let mut due = if gives_up == 0 { HOUR / 2 + MINUTE } else { Duration::ZERO };
        for (n, call) in calls.into_iter().enumerate() {
            if n == gives_up {
                continue;
            }
            due += HOUR;
            let after = call.after;
            let found = bench.returned(call, &format!("{said}. Then it was the turn of caller {}", n + 1));
            let found = found.unwrap_or_else(|| unreachable!("only one gives up"));
            bench.check_answer(&format!("question {n}"), &found, &said);
            assert!(
                after < due + TICK,
                "{said}. An answer takes {}, a reset {}. Caller {} should have had its answer after {}, and had it after {}. When a \
                 caller gives up, its question ends, and the next turn begins at once.",
                in_words(HOUR),
                in_words(MINUTE),
                n + 1,
                in_words(due),
                in_words(after)
            );
        }
        bench.check_resets(resets, &format!("{said}, and the others got their answers"));
    }

    stage("many callers give up, one after another");
    let bench = Bench::new(1);
    let scale = bench.scale();
    vt(async {
        let count = usize_of(pick(20..=40));
        for n in 0..count {
            let _ = timeout(HOUR / 2, scale.ask(&format!("question {n}"))).await;
        }
        let said = format!("{count} callers gave up, one after another");
        let found = alone(POLLS, scale.ask("last")).await;
        let found = bench.returned(found, &format!("{said}. Then another one asked"));
        bench.check_answer("last", &found, &said);
        bench.check_resets(count, &format!("{said}, and another one asked"));
    });
}

/// Wherever a caller gives up that has waited in the line, the one behind it has its turn: also when the first one had just been told.
#[test]
fn a_turn_that_nobody_takes_goes_to_the_next() {
    dropped_at_each_poll("`ask`", POLLS, async |cut| {
        let bench = Bench::new(2);
        let scale = bench.scale();
        let (first, second, third) = tokio::join!(
            biased;
            timeout(HOUR / 2, scale.ask("first")),
            cut.off(scale.ask("second")),
            alone(POLLS, scale.ask("third"))
        );
        assert!(first.is_err(), "An answer takes {}, and `ask` returned earlier.", in_words(HOUR));
        let said = match second {
            Some(_) => "The first of three callers gave up, and the second one got its answer".to_owned(),
            None => format!(
                "Of three callers, the first one gave up, and the `ask` of the second one was {}",
                cut.said()
            ),
        };
        let found = bench.returned(third, &format!("{said}. Then it was the turn of the third one"));
        bench.check_answer("third", &found, &said);
        // The second one has begun, or it has not.
        let owed = bench.asked().len() - 1 - usize::from(second.is_some());
        bench.check_resets(owed, &format!("{said}, and the third one got its answer"));
    });
}

/// A caller waits as long as it takes, is polled when it was woken, and may be polled by one task and then by another.
#[test]
fn a_caller_waits_as_long_as_it_takes() {
    for takes in [Duration::from_millis(2 * pick(1..=5)), Duration::from_secs(pick(9_000_000..=12_000_000))] {
        stage(format!("a turn takes {}", in_words(takes)));
        let bench = Bench { takes, reset_takes: takes, ..Bench::new(2) };
        let scale = bench.scale();
        let (first, second, third) = vt(async {
            let (first, second) = tokio::join!(
                timed("`ask`", FEW, scale.ask("first")),
                timed("`ask`", FEW, scale.ask("second"))
            );
            let _ = timeout(takes / 2, scale.ask("given up")).await;
            (first, second, timed("`ask`", FEW, scale.ask("third")).await)
        })
        .0;
        let said = format!("An answer takes {}, and so does a reset", in_words(takes));
        for (turns, question, call) in [(1, "first", first), (2, "second", second), (2, "third", third)] {
            let call = call.unwrap_or_else(|text| panic!("{said}. {text}"));
            bench.check_answer(question, &call.output, &said);
            assert!(
                call.took < turns * takes + TICK,
                "{said}. Two callers asked at the same time, then one gave up, and then a third one asked. The {question} one had its \
                 answer after {}.",
                in_words(call.took)
            );
        }
        bench.check_resets(1, &format!("{said}. One of four callers gave up, and the last one asked"));
    }

    stage("another task goes on with `ask`");
    let bench = Bench::new(2);
    let scale = bench.scale();
    let run = panic_of(|| vt(handed_on("`ask`", POLLS, scale.ask("first"))).0);
    let found = run.unwrap_or_else(|text| panic!("{text}"));
    bench.check_answer("first", &found, "Another task went on with `ask`");
}

/// Two scales have nothing in common.
#[test]
fn two_scales_have_nothing_in_common() {
    stage("two scales, one of them slow");
    let (slow, quick) = (Bench::new(2), Bench { takes: MINUTE, ..Bench::new(2) });
    let scales = (slow.scale(), quick.scale());
    let run = panic_of(|| vt(side_by_side("`ask`", POLLS, scales.0.ask("weight"), scales.1.ask("weight"))).0);
    let found = run.unwrap_or_else(|text| panic!("{text}"));
    slow.check_answer("weight", &found.0, "Two scales were asked at the same time");
    quick.check_answer("weight", &found.1, "Two scales were asked at the same time");

    stage("a caller gives up at one of two scales");
    vt(async {
        let _ = timeout(HOUR / 2, scales.0.ask("first")).await;
        let said = "A caller gave up at one of two scales, and the other one was asked";
        let found = answer(&scales.1, "second", said).await;
        quick.check_answer("second", &found, said);
        quick.check_resets(0, said);
        let found = answer(&scales.0, "third", said).await;
        slow.check_answer("third", &found, said);
        slow.check_resets(1, "A caller gave up, and the next one asked the same scale");
    });
}

/// A table with a scale: its line, what it says, and what became of its questions.
#[derive(Clone)]
struct Bench {
    /// What an answer takes.
    takes: Duration,
    /// In so many waits.
    waits: u32,
    /// What a reset takes.
    reset_takes: Duration,
    events: Log,
    state: Arc<Mutex<State>>,
    secret: u64,
}

#[derive(Default)]
struct State {
    /// Questions in the order in which they began.
    asked: Vec<String>,
    /// The one whose answer, or a part of it, is still in the line.
    half_way: Option<String>,
    /// What panics, and after how many waits.
    panics: (Vec<&'static str>, usize),
}

impl Bench {
    fn new(waits: u32) -> Self {
        Self {
            takes: HOUR,
            waits,
            reset_takes: MINUTE,
            events: Log::new(),
            state: Arc::default(),
            secret: pick(100..=999_999),
        }
    }

    fn scale(&self) -> Arc<Scale<Wire>> {
        Arc::new(Scale::new(Wire { bench: self.clone() }))
    }

    fn panics_in(&self, what: &[&'static str], waits: usize) {
        self.state.lock().unwrap().panics = (what.to_vec(), waits);
    }

    fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }

    /// How many resets the line needs before the next question: one or none.
    fn owed(&self) -> usize {
        usize::from(self.state.lock().unwrap().half_way.is_some())
    }

    /// The answer to a question. That to nothing is empty.
    fn answer_to(&self, question: &str) -> String {
        if question.is_empty() { String::new() } else { format!("{question}: {} g", self.secret) }
    }

    async fn wait(&self, what: &str, time: Duration, waits: u32) {
        for n in 0..=waits {
            let (panics, after) = self.state.lock().unwrap().panics.clone();
            if panics.contains(&what) && after == usize::try_from(n).expect("it is small") {
                // hermetic: the panic is what is tested
                resume_unwind(Box::new("the line is noisy"));
            }
            if n < waits {
                sleep(time / waits).await;
            }
        }
    }

    /// What a caller has returned after another one gave up; `said` tells so.
    #[track_caller]
    fn returned<T>(&self, call: Call<T>, said: &str) -> T {
        let lost = if self.events.count(LINE_DROPPED) == 0 {
            ""
        } else {
            " The line does not exist any more: it was dropped with the future that had taken it."
        };
        match call.ended {
            Ended::Returned(output) => output,
            Ended::Panicked(text) => panic!("{said}, and its `ask` panicked: {text:?}.{lost}"),
            Ended::Stuck => panic!("{said}, and its `ask` never returned.{lost}"),
            Ended::Restless => panic!("{said}, and its `ask` asks in a loop and is never done.{lost}"),
        }
    }

    #[track_caller]
    fn check_answer(&self, question: &str, found: &str, said: &str) {
        let expected = self.answer_to(question);
        let of_another = self
            .asked()
            .into_iter()
            .find(|other| other != question && !other.is_empty() && found == self.answer_to(other));
        if let Some(other) = of_another {
            panic!(
                "{said}. The question {question:?} was then answered with {found:?}, which is the answer to {other:?}. That was \
                 still in the line: after a question that did not come to its end, the line has to be reset."
            );
        }
        assert!(
            found == expected,
            "{said}. The question {question:?} has the answer {expected:?}, and `ask` returned {found:?}."
        );
    }

    /// Checks how many resets have come to their end.
    #[track_caller]
    fn check_resets(&self, expected: usize, said: &str) {
        let found = self.events.count(RESET_DONE);
        let due =
            format!("{} {} due", counted(expected, "reset"), if expected == 1 { "was" } else { "were" });
        assert!(
            found >= expected,
            "{said}. The line was reset {}, and {due}. A line is reset after a question that did not come to its end, before the \
             next one, and to the end of the reset.",
            times(found)
        );
        assert!(
            found <= expected,
            "{said}. The line was reset {}, and {due}. A reset takes seconds: a line is reset after a question that did not come \
             to its end, and at no other time.",
            times(found)
        );
    }

    /// Checks that no question goes on for a caller who has given up.
    async fn check_given_up(&self, said: &str) {
        let begun = self.events.count(BEGUN);
        let goes_on = || self.events.count(BEGUN) > self.events.count(OVER);
        let late = goes_on();
        settle().await;
        if !late && self.events.count(BEGUN) == begun {
            return;
        }
        assert!(!goes_on(), "{said}, and the question goes on. It is dropped with the `ask` of its caller.");
        panic!(
            "{said}, and the question was dropped only later, in another task. It is dropped with its `ask`, at once."
        );
    }
}

/// The line of a [`Bench`].
struct Wire {
    bench: Bench,
}

impl Line for Wire {
    async fn ask(&mut self, question: &str) -> String {
        let _over = Over::begin(&self.bench);
        let before = {
            let mut state = self.bench.state.lock().unwrap();
            state.asked.push(question.to_owned());
            state.half_way.replace(question.to_owned())
        };
        self.bench.wait(question, self.bench.takes, self.bench.waits).await;
        let mut state = self.bench.state.lock().unwrap();
        match before {
            // The old answer comes first, and the new one stays in the line.
            Some(before) => self.bench.answer_to(&before),
            None => {
                state.half_way = None;
                self.bench.answer_to(question)
            }
        }
    }

    async fn reset(&mut self) {
        self.bench.wait(RESET, self.bench.reset_takes, self.bench.waits.max(1)).await;
        self.bench.state.lock().unwrap().half_way = None;
        self.bench.events.push(RESET_DONE);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.bench.events.push(LINE_DROPPED);
    }
}

/// A question, from its beginning until it is answered or dropped.
struct Over {
    events: Log,
}

impl Over {
    fn begin(bench: &Bench) -> Self {
        bench.events.push(BEGUN);
        Self { events: bench.events.clone() }
    }
}

impl Drop for Over {
    fn drop(&mut self) {
        self.events.push(OVER);
    }
}

fn ask(scale: &Arc<Scale<Wire>>, question: String) -> impl Future<Output = String> + Send + use<> {
    let scale = Arc::clone(scale);
    async move { scale.ask(&question).await }
}

async fn answer(scale: &Scale<Wire>, question: &str, said: &str) -> String {
    match timed("`ask`", POLLS, scale.ask(question)).await {
        Ok(call) => call.output,
        Err(text) => panic!("{said}. {text}"),
    }
}

const BEGUN: &str = "begun";
const OVER: &str = "over";
const RESET_DONE: &str = "reset";
const LINE_DROPPED: &str = "line dropped";
/// What panics: a question, or the reset.
const BROKEN: &str = "broken";
const RESET: &str = "reset";

const HOUR: Duration = Duration::from_secs(3600);
/// What a reset takes.
const MINUTE: Duration = Duration::from_secs(60);
/// Tokio's clock counts whole milliseconds and may round up.
const TICK: Duration = Duration::from_millis(20);
/// Many more than a caller in a long line needs, and those that one of two callers needs.
const POLLS: usize = 1_000;
const FEW: usize = 12;

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).expect("it is small")
}

fn u32_of(number: usize) -> u32 {
    u32::try_from(number).expect("it is small")
}
