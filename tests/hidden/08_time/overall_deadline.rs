//! Hidden tests of `overall_deadline`: when `quote` returns, what it returns, and how long each replica has had.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use exercise::{Replica, quote};
use testkit::{Lane, Timeline, handed_on, in_words, panic_of, pick, side_by_side, stage, timed, vt};
use tokio::time::{Instant, sleep};

/// When the budget is over, `quote` returns, also in the middle of a request.
#[test]
fn the_budget_ends_it() {
    let per_replica = ms(pick(1_500..=2_500));
    for (whole, percent) in [(2, pick(20..=80)), (1, pick(20..=80)), (0, pick(20..=80)), (4, pick(20..=80))] {
        let budget = per_replica * whole + per_replica * percent as u32 / 100;
        let budget = ms(budget.as_millis() as u64);
        check(&ask(&[Answer::after(per_replica * 9, 1); 7], per_replica, budget));
    }
}

/// A price that comes before the budget is over counts, however little time was left.
#[test]
fn a_price_just_in_time_counts() {
    let (per_replica, early) = (ms(pick(1_500..=2_500)), ms(pick(2..=9)));
    for left in [per_replica / 2, ms(pick(20..=40))] {
        let budget = per_replica * 2 + ms(left.as_millis() as u64);
        let slow = Answer::after(per_replica * 9, 1);
        let last = Answer::after(budget - early - per_replica * 2, price());
        check(&ask(&[slow, slow, last], per_replica, budget));
    }
}

/// Each replica has its full time, from when it is asked. The next one is asked when it is over, or when there is an answer.
#[test]
fn each_replica_has_its_time() {
    let per_replica = ms(pick(1_500..=2_500));
    let (short, long) = (per_replica * 40, ms(pick(100..=400)));
    let just_in_time = Answer::after(per_replica - ms(2), price());
    let unknown = |takes| Answer { takes, cents: None };
    let slow = Answer::after(per_replica + ms(pick(5..=50)), 7);
    for replicas in [
        vec![just_in_time],
        vec![slow, just_in_time],
        vec![unknown(ms(0)), unknown(long), slow, unknown(ms(1)), slow, unknown(long), just_in_time],
        vec![Answer::after(long, price()), Answer::after(ms(1), price()), just_in_time],
    ] {
        check(&ask(&replicas, per_replica, short));
    }
}

/// When no replica is left, `quote` returns `None` at once; there may be none at all, or hundreds.
#[test]
fn no_replica_is_left() {
    let (per_replica, budget) = (ms(pick(150..=250)), Duration::from_secs(pick(4_000..=5_000)));
    let (slow, unknown) = (Answer::after(per_replica * 9, 1), Answer { takes: ms(3), cents: None });
    let mut many = vec![slow; pick(300..=500) as usize];
    many.push(Answer::after(ms(10), price()));
    check(&ask(&[slow, unknown, slow], per_replica, budget));
    check(&ask(&[], per_replica, budget));
    check(&ask(&[unknown], per_replica, budget));
    check(&ask(&many, per_replica, budget));
}

/// A price is a price: 0, too, and the largest number that there is.
#[test]
fn every_price_counts() {
    for cents in [0, u64::MAX, price()] {
        check(&ask(&[Answer::after(ms(pick(1..=9)), cents), Answer::after(ms(1), 5)], ms(100), ms(1_000)));
    }
}

/// The times may be milliseconds or months, and the budget shorter than the time of a replica.
#[test]
fn any_times() {
    let month = Duration::from_secs(30 * 24 * 3600) + 2 * ms(pick(1..=499));
    let slow = Answer::after(month * 9, 1);
    check(&ask(&[slow, Answer::after(month / 2, price())], month, month * 2));
    check(&ask(&[slow, slow, slow], month, month * 2 + ms(pick(100..=900))));
    check(&ask(&[slow, slow], month, ms(pick(2..=20))));
    check(&ask(&[slow, Answer::after(ms(0), price())], ms(2), month));
}

/// Another task may go on with `quote`, and a slow call does not hold up a quick one.
#[test]
fn calls_are_independent() {
    let day = Duration::from_secs(24 * 3600);
    let world = Rc::new(World::new(&Timeline::new()));
    let replicas = |takes| [Source { world: world.clone(), number: 1, answer: Answer::after(takes, 5) }];
    let (slow, quick) = (replicas(day), replicas(ms(5)));
    stage("another task goes on with `quote`");
    if let Err(text) = panic_of(|| vt(handed_on("`quote`", 16, quote(&slow, 2 * day, 3 * day)))) {
        panic!("{text}");
    }
    stage("`quote` has been called twice, with a slow replica and with a quick one");
    let calls = (quote(&slow, 2 * day, 3 * day), quote(&quick, ms(50), ms(90)));
    if let Err(text) = panic_of(|| vt(side_by_side("`quote`", 16, calls.0, calls.1))) {
        panic!("{text}");
    }
}

/// What a replica would say, and when.
#[derive(Clone, Copy)]
struct Answer {
    takes: Duration,
    cents: Option<u64>,
}

impl Answer {
    fn after(takes: Duration, cents: u64) -> Self {
        Self { takes, cents: Some(cents) }
    }
}

/// What was seen of all replicas of a call. Times are those since the call.
struct World {
    start: Cell<Option<Instant>>,
    requests: RefCell<Vec<Request>>,
    timeline: Timeline,
}

/// A request: whose, from when on, and when it was over.
#[derive(Clone, Copy)]
struct Request {
    replica: usize,
    began: Duration,
    answered: Option<Duration>,
    dropped: Option<Duration>,
}

impl World {
    fn new(timeline: &Timeline) -> Self {
        Self { start: Cell::default(), requests: RefCell::default(), timeline: timeline.clone() }
    }

    fn now(&self) -> Duration {
        self.start.get().map_or(Duration::ZERO, |start| start.elapsed())
    }

    fn lane(&self, number: usize) -> Lane {
        self.timeline.lane(if number < 9 { format!("replica {number}") } else { "more replicas".to_owned() })
    }
}

struct Source {
    world: Rc<World>,
    number: usize,
    answer: Answer,
}

/// Notes when a request is dropped.
struct UnderWay<'a>(&'a World, usize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let now = self.0.now();
        self.0.requests.borrow_mut()[self.1].dropped = Some(now);
    }
}

impl Replica for Source {
    async fn price(&self) -> Option<u64> {
        let world = &*self.world;
        let place = world.requests.borrow().len();
        world.requests.borrow_mut().push(Request {
            replica: self.number,
            began: world.now(),
            answered: None,
            dropped: None,
        });
        let _under_way = UnderWay(world, place);
        world.lane(self.number).watch(sleep(self.answer.takes)).await;
        world.requests.borrow_mut()[place].answered = Some(world.now());
        self.answer.cents
    }
}

/// A call that has returned.
struct Seen {
    answers: Vec<Answer>,
    per_replica: Duration,
    budget: Duration,
    requests: Vec<Request>,
    returned: Option<u64>,
    took: Duration,
}

fn ask(answers: &[Answer], per_replica: Duration, budget: Duration) -> Seen {
    let timeline = Timeline::new();
    let lane = timeline.lane("quote");
    let world = Rc::new(World::new(&timeline));
    let replicas: Vec<_> =
        (1..).zip(answers).map(|(number, &answer)| Source { world: world.clone(), number, answer }).collect();
    stage(format!(
        "`quote` asks {} replicas, for {} each, with a budget of {}",
        answers.len(),
        say(per_replica),
        say(budget)
    ));
    let polls = 4 * answers.len() + 16;
    let outcome = panic_of(|| {
        vt(async {
            world.start.set(Some(Instant::now()));
            timed("`quote`", polls, lane.watch(quote(&replicas, per_replica, budget))).await
        })
        .0
    });
    let call = outcome.and_then(|outcome| outcome).unwrap_or_else(|text| {
        check_order(&world.requests.borrow(), answers.len());
        let none = if answers.is_empty() { "There was no replica at all, and " } else { "" };
        panic!("{none}{text}")
    });
    let mut requests = world.requests.borrow().clone();
    // What begins when the budget is over is open, as long as nobody waits for it.
    requests.retain(|request| request.began < budget || request.dropped > Some(budget));
    Seen { answers: answers.to_vec(), per_replica, budget, requests, returned: call.output, took: call.took }
}

fn check(seen: &Seen) {
    check_order(&seen.requests, seen.answers.len());
    seen.check_patience();
    seen.check_budget();
    seen.check_requests();
    seen.check_return();
}

/// One request after another, to one replica after another.
fn check_order(requests: &[Request], replicas: usize) {
    let mut over = Duration::ZERO;
    for (place, request) in (1..).zip(requests) {
        assert!(
            place <= replicas,
            "After {}, replica {} was asked again. Each of the {replicas} replicas had been asked: there was none left, and \
             `quote` returns `None` then.",
            say(request.began),
            request.replica
        );
        assert!(
            request.replica == place,
            "Request {place} went to replica {} of {replicas}. Each replica is asked once, in order.",
            request.replica
        );
        assert!(
            request.began >= over,
            "Replica {place} was asked after {}, and replica {} was still being asked, until {}. They are asked one after \
             another.",
            say(request.began),
            place - 1,
            say(over)
        );
        over = request.dropped.unwrap_or(Duration::MAX);
    }
}

impl Seen {
    /// When the request of each replica should be over, one after another, and whether it is by an answer; until there is a
    /// price or the budget is over.
    fn due(&self) -> Vec<(Duration, bool)> {
        let (mut due, mut began) = (Vec::new(), Duration::ZERO);
        for answer in &self.answers {
            let (answered, given_up) = (began + answer.takes, self.budget.min(began + self.per_replica));
            due.push((answered.min(given_up), answered < given_up));
            began = answered.min(given_up);
            if began == self.budget || (answered < given_up && answer.cents.is_some()) {
                break;
            }
        }
        due
    }

    /// No replica was given up early.
    fn check_patience(&self) {
        let (budget, each) = (say(self.budget), say(self.per_replica));
        let mut began = Duration::ZERO;
        for (number, ((end, by_answer), request)) in (1..).zip(self.due().into_iter().zip(&self.requests)) {
            if request.began != began {
                return;
            }
            let over = request.dropped.unwrap_or(self.took);
            let had = say(over - began);
            assert!(
                over >= end || !by_answer,
                "Replica {number} was given up after {had}. It needs {}, and would have answered in time: each has {each}, from \
                 when it is asked, and the budget of {budget} was not over.",
                say(self.answers[number - 1].takes)
            );
            assert!(
                over >= end || end == self.budget,
                "Replica {number} was given up after {had}, and the budget of {budget} was not over. Each replica has {each} for \
                 its answer."
            );
            assert!(
                over >= end,
                "Replica {number} was given up {} after the call, and the budget was {budget}. Until it is over, `quote` goes on \
                 trying.",
                say(over)
            );
            began = end;
        }
    }

    /// No longer than the budget.
    fn check_budget(&self) {
        let (took, budget) = (self.took, self.budget);
        if took <= budget {
            return;
        }
        let words = say(budget);
        let count = self.requests.len();
        let last = self.requests.last();
        assert!(
            count < self.answers.len() || last.is_some_and(|last| last.began < budget),
            "By Tokio's clock, `quote` returned after {}, and the budget was {words}. Nothing ended it when the budget was over: it \
             went on until all {count} replicas had been asked.",
            say(took)
        );
        if let Some(last) = last
            && last.dropped == Some(took)
            && last.began < budget
        {
            panic!(
                "`quote` returned after {}, and the budget was {words}. When the budget was over, replica {count} was being \
                 asked, and `quote` went on waiting for it. The budget ends a request, too.",
                say(took)
            );
        }
        panic!(
            "`quote` returned after {}, and the budget was {words}. It should have returned then, in the middle of a request if \
             need be.",
            say(took)
        );
    }

    /// Each replica was asked when it should be, and for as long.
    fn check_requests(&self) {
        let (budget, each) = (say(self.budget), say(self.per_replica));
        let due = self.due();
        let mut began = Duration::ZERO;
        for (place, &(end, _)) in due.iter().enumerate() {
            let number = place + 1;
            let Some(request) = self.requests.get(place) else {
                assert!(
                    place > 0 || !self.took.is_zero(),
                    "`quote` returned {:?} at once, and no replica was asked. There were {} of them, and a budget of {budget}.",
                    self.returned,
                    self.answers.len()
                );
                panic!(
                    "Replica {number} of {} was not asked. The turn of replica {place} was over after {}, the budget was {budget}, and there was \
                     no price yet: so the next one is asked.",
                    self.answers.len(),
                    say(began)
                );
            };
            let late = request.began.saturating_sub(began);
            assert!(
                late.is_zero(),
                "Replica {number} was asked after {}; the turn of the one before it was over after {}. The next one is asked at once.",
                say(request.began),
                say(began)
            );
            let over = request.dropped.unwrap_or(self.took);
            let had = say(over.saturating_sub(request.began));
            assert!(
                over <= end,
                "Replica {number} was being asked for {had}. Each replica has {each}, from when it is asked, and is then given up."
            );
            began = end;
        }
        if let Some(extra) = self.requests.get(due.len())
            && let Some(cents) = self.price()
        {
            panic!(
                "Replica {} named a price of {cents}, and {} after the call replica {} was asked, too. A price is returned as soon \
                 as there is one.",
                due.len(),
                say(extra.began),
                extra.replica
            );
        }
    }

    /// What the last replica says that is due, if it has the time.
    fn price(&self) -> Option<u64> {
        let due = self.due();
        let (place, (_, by_answer)) = due.iter().enumerate().next_back()?;
        self.answers[place].cents.filter(|_| *by_answer)
    }

    fn check_return(&self) {
        let due = self.due();
        let (end, price) = (due.last().map_or(Duration::ZERO, |last| last.0), self.price());
        match (price, self.returned) {
            (Some(price), None) => panic!(
                "Replica {} named a price of {price} after {}, within the budget of {}, and `quote` returned `None`.",
                due.len(),
                say(end),
                say(self.budget)
            ),
            (None, Some(returned)) => {
                panic!("No replica named a price in time, and `quote` returned {returned}.")
            }
            (price, returned) => assert!(
                price == returned,
                "The replicas' price was {}, and `quote` returned {}.",
                price.unwrap_or_default(),
                returned.unwrap_or_default()
            ),
        }
        let why = if price.is_some() {
            "a price was there"
        } else if end == self.budget {
            "the budget was over"
        } else {
            "no replica was left"
        };
        assert!(
            self.took == end,
            "After {} {why}, and `quote` returned after {}. It returns at once then.",
            say(end),
            say(self.took)
        );
    }
}

fn price() -> u64 {
    pick(100..=99_999)
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(30) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
