//! Hidden tests of `dyn_async`: which checks are run, in which order and when, what they see, and what comes back.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Check, Checks, Order};
use testkit::{
    Log, Timeline, Unrest, assert_send, check_eq, counted, handed_on, in_words, panic_of, pick, stage,
    to_its_end, together, vt,
};
use tokio::task::yield_now;
use tokio::time::sleep;

/// `objection` returns what the first check objects to, in the order in which the checks were added.
#[test]
fn the_first_objection_counts() {
    let says = |n: usize| Some(format!("objection {n} of {}", pick(100..=999)));
    for opinions in [
        vec![None, says(1), None],
        vec![says(1), says(2), says(3)],
        vec![None, None],
        vec![None],
        Vec::new(),
        // An objection is an objection, also without a word.
        vec![None, Some(String::new()), says(2)],
        (0..300).map(|n| if n < 250 { None } else { says(n) }).collect(),
    ] {
        stage(format!("a list of {}", counted(opinions.len(), "check")));
        let desk = Desk::new();
        let mut checks = Checks::default();
        for (n, opinion) in opinions.iter().enumerate() {
            // Later ones are quicker, so that the order of their ends is another one.
            let time = Duration::from_secs(60 * (opinions.len() - n) as u64);
            desk.add(&mut checks, n + 1, opinion.clone(), time);
        }
        let found = desk.ask(&checks);
        let first = opinions.iter().position(Option::is_some);
        let expected: Vec<String> =
            (1..=first.map_or(opinions.len(), |first| first + 1)).map(|n| n.to_string()).collect();
        let right = first.and_then(|first| opinions[first].clone());
        desk.check_runs(&expected, right.as_deref());
        check_eq!(
            found,
            right,
            "{}, and `objection` returned {found:?}.",
            match first {
                Some(first) => format!(
                    "Of {}, number {} was the first to object, with {:?}",
                    counted(opinions.len(), "check"),
                    first + 1,
                    opinions[first].as_deref().unwrap_or_default()
                ),
                None => format!("None of {} objected", counted(opinions.len(), "check")),
            }
        );
    }
}

/// A check is called when those before it have found nothing. What it does before its first `.await` may be done in the call itself.
#[test]
fn a_check_is_called_in_its_turn() {
    stage("a list of three checks, the second of which objects");
    let called = Log::new();
    let mut checks = Checks::default();
    for number in 1..=3 {
        add(&mut checks, AtTheCall { called: called.clone(), number, objects: number == 2 });
    }
    let found = ask(&checks, &some_order());
    check_eq!(
        found.as_deref(),
        Some("check 2 objects"),
        "The second of three checks objects, and `objection` returned {found:?}."
    );
    let calls = called.events();
    if let Some(early) = calls.iter().find(|call| *call == "3") {
        panic!(
            "Check 2 objected, and `run` of check {early} was called all the same. The checks after the first objection are not run. A \
             check need not be an `async fn`: what it does in the call happens at the call, before anybody polls."
        );
    }
    check_eq!(
        calls,
        ["1", "1 is done", "2", "2 is done"],
        "The first of three checks found nothing, and the second one objected. Each is called when the one before it is done."
    );
}

/// Checks of types that your file has never seen go into one list, before there is a runtime.
#[test]
fn every_type_of_check_goes_into_the_list() {
    let name = format!("customer {}", pick(100..=999));
    let limit = pick(1_000..=9_000);
    let order = |cents| Order { customer: name.clone(), cents };
    stage("checks are added before there is a runtime");
    let mut checks = Checks::default();
    add(&mut checks, Nothing);
    add(&mut checks, Blocklist { names: vec!["somebody else".to_owned(), name.clone()] });
    add(&mut checks, Limit { cents: limit });
    // Another one of the same type.
    add(&mut checks, Limit { cents: limit / 2 });
    for (cents, right) in
        [(vec![limit, 1], format!("{name} is blocked")), (Vec::new(), format!("{name} is blocked"))]
    {
        let found = ask(&checks, &order(cents));
        check_eq!(
            found.as_deref(),
            Some(right.as_str()),
            "A check has a list of names, and {name:?} is in it. `objection` returned {found:?}. A check uses its own fields while it runs."
        );
    }
    let other = Order { customer: "a guest".to_owned(), cents: vec![limit / 2 + 1] };
    let found = ask(&checks, &other);
    check_eq!(
        found,
        Some(format!("{} cents are more than {}", limit / 2 + 1, limit / 2)),
        "There are two checks of the same type, with limits of {limit} and {} cents, and an order of {} cents. `objection` returned \
         {found:?}. Each check that was added is run.",
        limit / 2,
        limit / 2 + 1
    );
}

/// Many orders are checked at the same time, each in a task.
#[test]
fn orders_do_not_wait_for_each_other() {
    for count in [3, 200] {
        stage(format!("{count} orders are checked at the same time"));
        let desk = Desk { draws: false, ..Desk::new() };
        let mut checks = Checks::default();
        let (first, second) = (minutes(), minutes());
        desk.add(&mut checks, 1, None, first);
        desk.add(&mut checks, 2, Some("too late".to_owned()), second);
        // This is what `tokio::spawn` asks of a future.
        assert_send(&checks.objection(&some_order()));
        let checks = Arc::new(checks);
        let orders = (1..=count).map(|n| {
            let (checks, lane) = (Arc::clone(&checks), desk.timeline.lane(format!("order {n}")));
            async move {
                let order = some_order();
                lane.watch(checks.objection(&order)).await
            }
        });
        let run = panic_of(|| vt(together(POLLS, orders.collect::<Vec<_>>())).0);
        desk.check_strangers();
        for (n, call) in run.unwrap_or_else(|text| explain(&text)).into_iter().enumerate() {
            let (after, alone) = (call.after, first + second);
            let found = call.returned("`objection`");
            assert!(
                after < alone + 2 * GRAIN,
                "{count} orders were checked at the same time, and order {} had its answer after {}. Alone, it takes {}. An order \
                 waits for its own checks, and for no other order.",
                n + 1,
                in_words(after),
                in_words(alone)
            );
            check_eq!(
                found.as_deref(),
                Some("too late"),
                "{count} orders were checked at the same time. The second check objects to each of them, and for order {} \
                 `objection` returned {found:?}.",
                n + 1
            );
        }
    }
}

/// Every check sees the order itself.
#[test]
fn nobody_makes_a_copy_of_the_order() {
    stage("the checks look where the order is");
    let desk = Desk::new();
    let mut checks = Checks::default();
    for n in 1..=3 {
        desk.add(&mut checks, n, None, millis());
    }
    let order = some_order();
    let run = panic_of(|| vt(to_its_end(POLLS, checks.objection(&order))).0);
    desk.check_strangers();
    run.unwrap_or_else(|text| explain(&text)).unwrap_or_else(|unrest| restless(unrest));
    let here = address(&order);
    if let Some(n) = desk.seen.events().iter().position(|seen| *seen != here) {
        panic!(
            "Check {} got a copy of the order. An order can hold thousands of items, so every check looks at the one that `objection` \
             was called with.",
            // Each check looks twice.
            n / 2 + 1
        );
    }
}

/// A check takes a millisecond or a month, and `objection` waits for it.
#[test]
fn a_check_takes_as_long_as_it_takes() {
    for time in [Duration::from_millis(1), minutes(), Duration::from_secs(pick(20..=40) * 24 * 3600)] {
        stage(format!("a check takes {}", in_words(time)));
        let desk = Desk::new();
        let mut checks = Checks::default();
        desk.add(&mut checks, 1, None, time);
        desk.add(&mut checks, 2, Some("at last".to_owned()), time);
        let (found, took) = desk.timed(&checks);
        check_eq!(
            found.as_deref(),
            Some("at last"),
            "Each of two checks takes {}, and the second one objects. `objection` returned {found:?} after {}. A check takes \
             as long as it takes.",
            in_words(time),
            in_words(took)
        );
        assert!(
            took < 2 * time + 2 * GRAIN,
            "Two checks take {} each, one after the other, and `objection` took {}.",
            in_words(time),
            in_words(took)
        );
    }
}

/// A check that panics has not agreed.
#[test]
fn a_panic_is_no_consent() {
    stage("a check panics");
    let desk = Desk::new();
    let mut checks = Checks::default();
    desk.add(&mut checks, 1, None, millis());
    add(&mut checks, Broken);
    let run = panic_of(|| vt(to_its_end(POLLS, checks.objection(&some_order()))).0);
    match run {
        Err(text) if text.contains(BROKEN) || text.contains("panic") => {}
        Err(text) => explain(&text),
        Ok(Ok(found)) => panic!(
            "A check panicked, and `objection` returned {found:?}. A check that did not come to its end has not agreed: if a check \
             panics, so does `objection`."
        ),
        Ok(Err(unrest)) => restless(unrest),
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `objection`");
    let desk = Desk::new();
    let mut checks = Checks::default();
    desk.add(&mut checks, 1, None, minutes());
    desk.add(&mut checks, 2, Some("no".to_owned()), minutes());
    let order = some_order();
    let run = panic_of(|| vt(handed_on("`objection`", POLLS, checks.objection(&order))).0);
    desk.check_strangers();
    let found = run.unwrap_or_else(|text| panic!("{text}"));
    check_eq!(found.as_deref(), Some("no"), "`objection` was polled by two tasks, and returned {found:?}.");
}

/// What all checks of a test write to.
#[derive(Clone)]
struct Desk {
    /// The thread that all checks are to run on.
    home: ThreadId,
    run: Log,
    done: Log,
    /// Where the order was.
    seen: Log,
    strangers: Log,
    timeline: Timeline,
    /// Whether each check has a lane.
    draws: bool,
}

impl Desk {
    fn new() -> Self {
        let home = thread::current().id();
        Self {
            home,
            run: Log::new(),
            done: Log::new(),
            seen: Log::new(),
            strangers: Log::new(),
            timeline: Timeline::new(),
            draws: true,
        }
    }

    fn add(&self, checks: &mut Checks, number: usize, opinion: Option<String>, time: Duration) {
        // Two types, in turns.
        if number.is_multiple_of(2) {
            add(checks, Slow { desk: self.clone(), number, opinion, time });
        } else {
            add(checks, Large(Slow { desk: self.clone(), number, opinion, time }));
        }
    }

    fn ask(&self, checks: &Checks) -> Option<String> {
        self.timed(checks).0
    }

    fn timed(&self, checks: &Checks) -> (Option<String>, Duration) {
        let order = some_order();
        let lane = self.timeline.lane("objection");
        let run = panic_of(|| vt(to_its_end(POLLS * 20, lane.watch(checks.objection(&order)))));
        self.check_strangers();
        let (outcome, took) = run.unwrap_or_else(|text| explain(&text));
        (outcome.unwrap_or_else(|unrest| restless(unrest)), took)
    }

    /// Checks that these checks were run, in this order and one after another. The last one objected, with these words, if
    /// there are any.
    fn check_runs(&self, expected: &[String], objection: Option<&str>) {
        let run = self.run.events();
        if let (Some(first), Some(right)) = (run.first(), expected.first())
            && first != right
        {
            panic!(
                "Check {first} was run first. The checks are run in the order in which they were added, so check {right} comes first."
            );
        }
        for (n, (next, began)) in self.run.timed().into_iter().enumerate().skip(1) {
            let before = &run[n - 1];
            let done = self.done.timed().iter().any(|(check, at)| check == before && *at <= began);
            assert!(
                done,
                "Check {next} was run when check {before} was not done yet. The checks are run one after another: the next one begins when \
                 the one before it has found nothing."
            );
        }
        if let (Some(objection), Some(last)) = (objection, expected.last())
            && let Some(other) = run.iter().find(|other| !expected.contains(other))
        {
            panic!(
                "Check {last} objected, with {objection:?}, and check {other} was run all the same. The checks after the first objection \
                 are not run."
            );
        }
        if let Some(missing) = expected.iter().find(|check| !run.contains(check)) {
            panic!(
                "Check {missing} was not run, and none before it had objected. Each check that was added is run in its turn."
            );
        }
        check_eq!(run, expected, "The checks were not run once each, in the order in which they were added.");
    }

    fn check_strangers(&self) {
        if let Some(number) = self.strangers.events().first() {
            panic!(
                "Check {number} was run on a thread that was started to wait for it. `objection` is polled by a task, and a task that \
                 waits needs no thread."
            );
        }
    }
}

/// Takes its time, and has an opinion.
struct Slow {
    desk: Desk,
    number: usize,
    opinion: Option<String>,
    time: Duration,
}

impl Check for Slow {
    async fn run(&self, order: &Order) -> Option<String> {
        let Self { desk, number, .. } = self;
        if thread::current().id() != desk.home {
            desk.strangers.push(number.to_string());
            return None;
        }
        // Can move to another thread, and cannot be used by two at once.
        let waits = Cell::new(0);
        desk.run.push(number.to_string());
        desk.seen.push(address(order));
        yield_now().await;
        waits.set(waits.get() + 1);
        if desk.draws {
            desk.timeline.lane(format!("check {number}")).watch(sleep(self.time)).await;
        } else {
            sleep(self.time).await;
        }
        waits.set(waits.get() + 1);
        desk.seen.push(address(order));
        desk.done.push(number.to_string());
        self.opinion.clone()
    }
}

/// The same with a much larger future.
struct Large(Slow);

impl Check for Large {
    async fn run(&self, order: &Order) -> Option<String> {
        let room = [1_u8; 2_000];
        let found = self.0.run(order).await;
        found.filter(|_| room.iter().all(|byte| *byte == 1))
    }
}

/// Written without `async fn`, and with nothing to wait for.
struct Nothing;

impl Check for Nothing {
    fn run(&self, _: &Order) -> impl Future<Output = Option<String>> + Send {
        std::future::ready(None)
    }
}

/// Writes down its call in the call, and its end when it is polled.
struct AtTheCall {
    called: Log,
    number: usize,
    objects: bool,
}

impl Check for AtTheCall {
    fn run(&self, _: &Order) -> impl Future<Output = Option<String>> + Send {
        self.called.push(self.number.to_string());
        async move {
            sleep(Duration::from_millis(5)).await;
            self.called.push(format!("{} is done", self.number));
            self.objects.then(|| format!("check {} objects", self.number))
        }
    }
}

struct Blocklist {
    names: Vec<String>,
}

impl Check for Blocklist {
    async fn run(&self, order: &Order) -> Option<String> {
        for name in &self.names {
            sleep(Duration::from_millis(3)).await;
            if *name == order.customer {
                return Some(format!("{name} is blocked"));
            }
        }
        None
    }
}

struct Limit {
    cents: u64,
}

impl Check for Limit {
    async fn run(&self, order: &Order) -> Option<String> {
        let mut sum = 0;
        for cents in &order.cents {
            yield_now().await;
            sum += cents;
        }
        (sum > self.cents).then(|| format!("{sum} cents are more than {}", self.cents))
    }
}

struct Broken;

impl Check for Broken {
    async fn run(&self, _: &Order) -> Option<String> {
        yield_now().await;
        resume_unwind(Box::new(BROKEN))
    }
}

/// What a broken check says.
const BROKEN: &str = "the check is broken";

/// Adds a check before there is a runtime.
fn add(checks: &mut Checks, check: impl Check) {
    if let Err(text) = panic_of(|| checks.add(check)) {
        panic!(
            "`add` was called before there was a runtime, and it panicked. A shop puts its list together when it starts; a runtime is \
             there when an order is checked.\nThe panic was: {text}"
        );
    }
}

fn ask(checks: &Checks, order: &Order) -> Option<String> {
    stage("an order is checked");
    let run = panic_of(|| vt(to_its_end(POLLS, checks.objection(order))).0);
    run.unwrap_or_else(|text| explain(&text)).unwrap_or_else(|unrest| restless(unrest))
}

fn restless<T>(unrest: Unrest) -> T {
    match unrest {
        Unrest::Asleep => {
            panic!("Every check is done, and `objection` still waits. Nothing is left that could wake it.")
        }
        Unrest::Naps(time) => panic!(
            "For {}, a check was not done, and your code kept waking up to look. Await the check: it wakes you.",
            in_words(time)
        ),
        Unrest::Polled(polls) => panic!(
            "`objection` was polled {polls} times while a check waited: it asks again and again. Await the check: it wakes you."
        ),
        Unrest::Awake => panic!(
            "While a check waited, your code asked again and again, so that no time could pass. Await the check: it wakes you."
        ),
    }
}

fn explain<T>(text: &str) -> T {
    if text.contains("from within a runtime") || text.contains("can call blocking only") {
        panic!(
            "`objection` blocks its thread to wait for a check, and the runtime needs that thread for its tasks. Async code waits with \
             `.await`.\nThe panic was: {text}"
        );
    }
    panic!("`objection` panicked, and no check did: {text}");
}

fn some_order() -> Order {
    Order { customer: "Grace".to_owned(), cents: vec![pick(100..=900), 0] }
}

fn address(order: &Order) -> String {
    format!("{:p}", std::ptr::from_ref(order))
}

/// More polls than an order needs that is woken a few times for each of a few checks.
const POLLS: usize = 60;

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn minutes() -> Duration {
    Duration::from_secs(60 * pick(5..=90)) + millis()
}

fn millis() -> Duration {
    Duration::from_millis(pick(3..=900))
}
