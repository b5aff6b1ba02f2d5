//! Hidden tests of `oneshot_reply`: whose answer each customer gets, and what becomes of everybody when somebody leaves.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Bank, Desk, Gone};
use testkit::{
    DropLog, Gate, Lane, Log, Timeline, Unrest, check_eq, handed_on, in_words, panic_of, pick, settle,
    side_by_side, silence, stage, to_its_end, vt, within_polls,
};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// After a customer has left, every other one still gets the answer to its own question.
#[test]
fn a_customer_who_left_disturbs_nobody() {
    // One leaves while its question is being answered, while it waits in the queue, or after a single poll.
    for (ahead, patience) in [(0, seconds(1)), (1, seconds(1)), (3, seconds(5)), (0, Duration::ZERO)] {
        let city = City::new(seconds(3));
        let leaves = city.name();
        let (others, before): (Vec<_>, Vec<_>) =
            ((0..4).map(|_| city.name()).collect(), (0..ahead).map(|_| city.name()).collect());
        let when = match (ahead, patience.is_zero()) {
            (0, true) => "left right after it had asked".to_owned(),
            (0, false) => "left while the bank was answering".to_owned(),
            _ => "left while its question was still waiting in the queue".to_owned(),
        };
        stage(format!("a customer {when}"));
        let answers = city.run(async {
            let desk = Arc::new(Desk::open(city.bank()));
            let waiting: Vec<_> = before.iter().map(|name| city.ask(&desk, name)).collect();
            settle().await;
            let lane = city.timeline.lane("who leaves");
            if patience.is_zero() {
                let mut call = Box::pin(lane.watch(desk.rate(&leaves)));
                let _ = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            } else {
                let _ = timeout(patience, lane.watch(desk.rate(&leaves))).await;
            }
            // Some ask at once, some when everything has been answered.
            let mut answers = Vec::new();
            let both: Vec<_> = others[..2].iter().map(|name| city.ask(&desk, name)).collect();
            for task in waiting.into_iter().chain(both) {
                answers.push(task.await.expect("a customer does not panic"));
            }
            sleep(Duration::from_secs(3600)).await;
            for name in &others[2..] {
                answers.push(city.ask(&desk, name).await.expect("a customer does not panic"));
            }
            answers
        });
        for (name, answer) in before.iter().chain(&others).zip(answers) {
            city.check(name, &answer, &format!("One customer {when}, and after that another one"));
        }
    }

    // The next one wants to know the same, before or after the answer for the one who left has come.
    for (pause, when) in
        [(0, " while the bank was answering"), (3600, ", and the bank answered all the same")]
    {
        stage("a customer leaves while the bank is answering, and another one asks for the same currency");
        let city = City::new(seconds(3));
        let name = city.name();
        let answer = city.run(async {
            let desk = Arc::new(Desk::open(city.bank()));
            let lane = city.timeline.lane("who leaves");
            let _ = timeout(seconds(1), lane.watch(desk.rate(&name))).await;
            sleep(Duration::from_secs(pause)).await;
            let answer = city.ask(&desk, &name).await.expect("a customer does not panic");
            // Until the bank has answered both.
            sleep(Duration::from_secs(3600)).await;
            answer
        });
        let rates: Vec<_> = city.quotes.lock().unwrap().iter().map(|(_, rate)| *rate).collect();
        if let (Ok(rate), Some(older)) = (&answer, rates.first()) {
            let own = match rates.get(1) {
                Some(own) => format!("The answer to its own question was {own}"),
                None => "The bank never answered its own question".to_owned(),
            };
            assert!(
                rate != older,
                "A customer asked for {name} and left{when}. Then another one asked for {name} and got {rate}, the answer to the question \
                 of the one who had left. {own}. Rates change: each call returns the answer to its own question, also if somebody else \
                 has asked for the same currency."
            );
        }
        city.check(
            &name,
            &answer,
            "One customer left while the bank was answering, and after that another one",
        );
    }
}

/// Each customer gets the answer to its own question: one, two, hundreds at once, with any rate.
#[test]
fn each_customer_gets_its_own_answer() {
    for count in [1, 2, pick(100..=150)] {
        stage(format!("{count} customers ask at the same time"));
        let city = City::new(millis());
        let names: Vec<_> = (0..count).map(|_| city.name()).collect();
        let answers = city.ask_all(&names);
        for (name, answer) in names.iter().zip(&answers) {
            city.check(name, answer, &format!("{count} customers asked at the same time. One of them"));
        }
        check_eq!(
            city.asked.events(),
            names,
            "The bank got the questions in another order than the one in which {count} customers asked."
        );
    }

    stage("customers ask for the same currency, and the rate changes");
    let city = City::new(seconds(2));
    let names = vec![city.name(); 5];
    let answers: Vec<_> = city.ask_all(&names);
    check_eq!(
        city.asked.len(),
        5,
        "Five customers asked for the same currency, and the bank got {}. Rates change: each call is a question.",
        questions(city.asked.len())
    );
    let rates: Vec<_> = city.quotes.lock().unwrap().iter().map(|(_, rate)| Ok(*rate)).collect();
    check_eq!(
        answers,
        rates,
        "Five customers asked for the same currency, one after another, and the rate changed meanwhile. Each one gets the answer to \
         its own question, not to that of somebody else who wanted to know the same."
    );

    stage("the bank takes most of a year");
    let city = City::new(long());
    let name = city.name();
    let answers = city.ask_all(std::slice::from_ref(&name));
    city.check(&name, &answers[0], "The bank took most of a year to answer. A customer");
}

/// When the bank panics, everybody who waits gets `Gone`, and so does everybody who comes later.
#[test]
fn a_lost_line_is_gone_for_everybody() {
    for waiting in [1, 3, 60] {
        stage(format!("the bank panics, and {waiting} customers wait for an answer"));
        let city = City::new(seconds(2));
        let (first, names): (_, Vec<_>) = (city.name(), (0..waiting).map(|_| city.name()).collect());
        let later = city.name();
        let outcomes = city.run(async {
            let desk = Arc::new(Desk::open(Office { breaks: Some(names[0].clone()), ..city.bank() }));
            let before = city.ask(&desk, &first).await;
            let tasks: Vec<_> = names.iter().map(|name| city.ask(&desk, name)).collect();
            let mut answers = vec![before];
            for task in tasks {
                answers.push(task.await);
            }
            let since = tokio::time::Instant::now();
            answers.push(city.ask(&desk, &later).await);
            (answers, since.elapsed())
        });
        let (outcomes, late) = outcomes;
        for (n, outcome) in outcomes.into_iter().enumerate() {
            let who = match n {
                0 => {
                    let answer = outcome.expect("a customer does not panic before the line is lost");
                    city.check(&first, &answer, "The bank was well. A customer");
                    continue;
                }
                1 => "the customer whose question it was".to_owned(),
                n if n <= waiting => format!("customer {n} of {waiting}, who was waiting,"),
                _ => "a customer who asked later".to_owned(),
            };
            match outcome {
                Ok(answer) => check_eq!(
                    answer,
                    Err(Gone),
                    "The bank panicked, and {who} got {answer:?}. Without the line there are no answers: `Gone`."
                ),
                Err(error) => panic!(
                    "The bank panicked, and so did the call of {who}. That the line is lost is an answer, too: `Gone`. ({error})"
                ),
            }
        }
        assert!(
            late < GRAIN,
            "The line was lost, and a customer who asked after that got `Gone` {} later. Nothing is left to wait for.",
            in_words(late)
        );
    }
}

/// A question that the bank has begun to answer is followed to its end, whoever leaves.
#[test]
fn a_question_that_was_begun_is_not_dropped() {
    for closes in [false, true] {
        let city = City::new(seconds(3));
        let name = city.name();
        stage("a customer leaves while the bank is answering");
        city.run(async {
            let desk = Desk::open(city.bank());
            let lane = city.timeline.lane("who leaves");
            let _ = timeout(seconds(1), lane.watch(desk.rate(&name))).await;
            let desk = if closes {
                drop(desk);
                None
            } else {
                Some(desk)
            };
            settle().await;
            sleep(Duration::from_secs(3600)).await;
            drop(desk);
        });
        let what = if closes { "the customer left and the desk was dropped" } else { "the customer left" };
        assert!(
            city.dropped.is_empty(),
            "The bank was answering when {what}, and the question was dropped half-way: the bank hangs up. What was begun has to be \
             followed to its end, also if nobody waits for the answer."
        );
        check_eq!(
            city.asked.len(),
            1,
            "One question was asked, and the bank got {} of them.",
            city.asked.len()
        );
    }
}

/// When the desk is dropped, its task ends, and the bank is dropped with it.
#[test]
fn the_line_ends_with_the_desk() {
    for questions in [0, 1] {
        let city = City::new(seconds(2));
        stage("the desk is dropped");
        let gone = city.run(async {
            let desk = Arc::new(Desk::open(city.bank()));
            for _ in 0..questions {
                let _ = city.ask(&desk, &city.name()).await;
            }
            let early = city.closed.len();
            drop(desk);
            settle().await;
            (early, city.closed.len())
        });
        check_eq!(gone.0, 0, "The desk was still there, and the bank had been dropped already.");
        check_eq!(
            gone.1,
            1,
            "The desk was dropped, and its task still holds the line to the bank. `recv` ends when every sender has been dropped, also \
             one that the task itself might keep."
        );
    }
}

/// While the bank is thinking, everybody sleeps.
#[test]
fn waiting_costs_nothing() {
    let city = City::new(seconds(2));
    let (thinks, names) = (Gate::new(), [city.name(), city.name()]);
    stage("the bank thinks for a month, while two customers wait");
    let (quiet, answers) = city.run(async {
        let desk = Arc::new(Desk::open(Office { gate: Some(thinks.clone()), ..city.bank() }));
        let tasks = [city.ask(&desk, &names[0]), city.ask(&desk, &names[1])];
        settle().await;
        let quiet = silence().await;
        thinks.open();
        let mut answers = Vec::new();
        if quiet.is_ok() {
            for task in tasks {
                answers.push(task.await.expect("a customer does not panic"));
            }
        }
        (quiet, answers)
    });
    match quiet {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "The bank was thinking, two customers waited, and your code kept waking up within {} to look for an answer. Await the \
             receiver: it is woken when the answer is sent, and when nobody can send one any more.",
            in_words(time)
        ),
        Err(_) => {
            panic!("The bank was thinking, two customers waited, and your code did not come to rest. {ASKS}")
        }
    }
    for (name, answer) in names.iter().zip(&answers) {
        city.check(name, answer, "The bank thought for a month. A customer");
    }
}

/// A call of `rate` may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let city = City::new(seconds(2));
    let name = city.name();
    stage("another task goes on with `rate`");
    let answer = panic_of(|| {
        vt(async {
            let desk = Desk::open(city.bank());
            handed_on("`rate`", 16, desk.rate(&name)).await
        })
        .0
    });
    city.check(
        &name,
        &answer.unwrap_or_else(|text| panic!("{text}")),
        "Two tasks polled a call. Its customer",
    );
}

/// Two desks have a bank each, and do not wait for each other.
#[test]
fn each_desk_has_its_own_bank() {
    let (slow, quick) = (City::new(long()), City::new(millis()));
    let names = (slow.name(), quick.name());
    stage("two desks have a slow bank and a quick one");
    let answers = panic_of(|| {
        vt(async {
            let desks = (Desk::open(slow.bank()), Desk::open(quick.bank()));
            side_by_side("`rate`", 16, desks.0.rate(&names.0), desks.1.rate(&names.1)).await
        })
        .0
    });
    let answers = answers.unwrap_or_else(|text| panic!("{text}"));
    slow.check(&names.0, &answers.0, "There are two desks. A customer of the slow bank");
    quick.check(&names.1, &answers.1, "There are two desks. A customer of the quick bank");
}

/// A bank, its customers, and what was seen of them.
struct City {
    home: ThreadId,
    takes: Duration,
    /// Questions that the bank got, and its answers.
    asked: Log,
    quotes: Arc<Mutex<Vec<(String, u32)>>>,
    /// Questions that were dropped half-way.
    dropped: Log,
    /// Banks that were dropped.
    closed: Log,
    /// Customers who heard of that, or whatever they heard, after the bank was dropped.
    ended: Log,
    /// Customers whose calls asked again and again.
    restless: Log,
    strangers: Log,
    timeline: Timeline,
    names: Cell<u64>,
    customers: Cell<usize>,
}

impl City {
    fn new(takes: Duration) -> Self {
        let [asked, dropped, closed, ended, restless, strangers] = [(); 6].map(|()| Log::new());
        let timeline = Timeline::new();
        timeline.lane("bank");
        let (home, quotes) = (thread::current().id(), Arc::default());
        let (names, customers) = (pick(100..=99_999).into(), Cell::new(0));
        Self {
            home,
            takes,
            asked,
            quotes,
            dropped,
            closed,
            ended,
            restless,
            strangers,
            timeline,
            names,
            customers,
        }
    }

    /// A currency that nobody else asks for.
    fn name(&self) -> String {
        self.names.set(self.names.get() + 1);
        format!("X{}", self.names.get())
    }

    fn bank(&self) -> Office {
        Office {
            home: self.home,
            takes: self.takes,
            gate: None,
            breaks: None,
            base: pick(1..=1_000_000) as u32,
            asked: self.asked.clone(),
            quotes: self.quotes.clone(),
            dropped: self.dropped.clone(),
            _line: DropLog::new(&self.closed, "bank"),
            strangers: self.strangers.clone(),
            lane: self.timeline.lane("bank"),
        }
    }

    /// A customer, in a task of its own.
    fn ask(&self, desk: &Arc<Desk>, name: &str) -> JoinHandle<Result<u32, Gone>> {
        let (desk, name) = (desk.clone(), name.to_owned());
        let before = self.customers.replace(self.customers.get() + 1);
        let lane = if before < 7 { format!("asks for {name}") } else { "more customers".to_owned() };
        let lane = self.timeline.lane(lane);
        let (closed, ended, restless) = (self.closed.clone(), self.ended.clone(), self.restless.clone());
        tokio::spawn(async move {
            let answer = within_polls(ASKS_AT_MOST, lane.watch(desk.rate(&name))).await;
            if !closed.is_empty() {
                ended.push(&name);
            }
            answer.unwrap_or_else(|| {
                restless.push(&name);
                Err(Gone)
            })
        })
    }

    fn ask_all(&self, names: &[String]) -> Vec<Result<u32, Gone>> {
        self.run(async {
            let desk = Arc::new(Desk::open(self.bank()));
            let tasks: Vec<_> = names.iter().map(|name| self.ask(&desk, name)).collect();
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await.expect("a customer does not panic"));
            }
            answers
        })
    }

    fn run<T>(&self, day: impl Future<Output = T>) -> T {
        let run = panic_of(|| {
            vt(async {
                let mut day = pin!(day);
                // Read while the desk still exists.
                (to_its_end(POLLS, day.as_mut()).await, self.closed.len())
            })
            .0
        });
        assert!(
            self.strangers.is_empty(),
            "The bank was asked on another thread than the runtime's. The task with the line waits most of the time: spawn it."
        );
        assert!(
            self.restless.is_empty(),
            "A customer waited for an answer, and its call of `rate` was polled {ASKS_AT_MOST} times meanwhile. {ASKS}"
        );
        let (asked, answered) = (questions(self.asked.len()), self.quotes.lock().unwrap().len());
        match run {
            Ok((Ok(output), _)) => output,
            Ok((Err(Unrest::Asleep), _)) if self.asked.is_empty() => panic!(
                "No question has reached the bank, and customers still wait for an answer, 700 days later. The question has to be sent \
                 before anybody can answer it."
            ),
            Ok((Err(Unrest::Asleep), closed)) => panic!(
                "The bank got {asked} and answered {answered}. {}, and customers still wait, 700 days later. When nobody is left \
                 who could answer, a customer gets `Gone`.",
                if closed > 0 { "Then its task ended" } else { "Then nothing happened any more" }
            ),
            Ok((Err(Unrest::Naps(time)), _)) => panic!(
                "For {}, nothing happened, and your code kept waking up to look. {ASKS}",
                in_words(time)
            ),
            Ok((Err(_), _)) => panic!(
                "The bank got {asked} and answered {answered}, and then your code did not come to rest, so that the bank could \
                 not go on. {ASKS}"
            ),
            Err(text) if text.contains("a customer does not panic") => panic!(
                "The bank got {asked} and answered {answered}. A customer waited for an answer, and `rate` panicked. ({text})"
            ),
            Err(text) => panic!("{text}"),
        }
    }

    /// Checks that this is the answer to the question for `name`. The message begins with who asked.
    fn check(&self, name: &str, answer: &Result<u32, Gone>, who: &str) {
        let quotes = self.quotes.lock().unwrap();
        let rates: HashMap<_, _> = quotes.iter().map(|(name, rate)| (name.as_str(), *rate)).collect();
        let Ok(rate) = answer else {
            if let Some(rate) = rates.get(name) {
                panic!(
                    "{who} asked for {name} and got `Gone`, and the bank answered {rate}. A rate is a rate, whatever the number is."
                );
            }
            let ended = self.ended.events().iter().any(|customer| customer == name);
            assert!(
                !ended || !self.asked.is_empty(),
                "{who} asked for {name} and got `Gone`: the bank of this desk was dropped, and nobody had asked it anything."
            );
            assert!(
                !ended,
                "{who} asked for {name} and got `Gone`: the task that talks to the bank has ended, and the bank was well. A reply that \
                 nobody waits for is no reason to end: the next question comes from somebody else."
            );
            panic!(
                "{who} asked for {name} and got `Gone`, and the line was not lost. `rate` waits until its question has been answered, however \
                 long that takes and however many customers there are."
            );
        };
        let Some(expected) = rates.get(name) else {
            panic!("{who} asked for {name} and got {rate}, and the bank was never asked for it.");
        };
        let owner = quotes.iter().find(|(_, other)| other == rate && rate != expected);
        if let Some((owner, _)) = owner {
            panic!(
                "{who} asked for {name} and got {rate}, which is the answer to a question for {owner}. The right one is {expected}. An answer \
                 has to find the customer who asked for it, also if another customer is gone."
            );
        }
        check_eq!(rate, expected, "{who} asked for {name}, and got a rate that the bank never gave.");
    }
}

/// A bank. Each of its answers is another one, and two of them might be taken for none.
struct Office {
    home: ThreadId,
    takes: Duration,
    /// What the first question waits for.
    gate: Option<Gate>,
    /// The question at which the line is lost.
    breaks: Option<String>,
    base: u32,
    asked: Log,
    quotes: Arc<Mutex<Vec<(String, u32)>>>,
    dropped: Log,
    _line: DropLog,
    strangers: Log,
    lane: Lane,
}

impl Bank for Office {
    async fn quote(&mut self, currency: String) -> u32 {
        self.asked.push(&currency);
        if thread::current().id() != self.home {
            self.strangers.push("a bank");
            return 0;
        }
        let mut question = Begun { name: currency.clone(), dropped: self.dropped.clone(), over: false };
        if let Some(gate) = self.gate.take() {
            self.lane.watch(gate.wait()).await;
        }
        self.lane.watch(sleep(self.takes)).await;
        question.over = true;
        if self.breaks.as_ref() == Some(&currency) {
            self.lane.mark("panics");
            resume_unwind(Box::new("the line is lost"));
        }
        let mut quotes = self.quotes.lock().unwrap();
        let rate = match quotes.len() {
            1 => 0,
            2 => u32::MAX,
            n => self.base + n as u32,
        };
        quotes.push((currency, rate));
        rate
    }
}

/// A question that the bank has begun to answer.
struct Begun {
    name: String,
    dropped: Log,
    over: bool,
}

impl Drop for Begun {
    fn drop(&mut self) {
        if !self.over {
            self.dropped.push(&self.name);
        }
    }
}

/// So many polls of one call are no wait.
const ASKS_AT_MOST: usize = 500;

fn questions(count: usize) -> String {
    if count == 1 { "1 question".to_owned() } else { format!("{count} questions") }
}

const ASKS: &str = "It asks again and again. Await the receiver: it is woken when the answer is sent.";

/// More polls than any day in a city needs.
const POLLS: usize = 10_000;

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_millis(pick(300 * 24 * 3_600_000..=360 * 24 * 3_600_000))
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_millis(1_000 * seconds + pick(1..=400))
}

fn millis() -> Duration {
    Duration::from_millis(pick(3..=9))
}
