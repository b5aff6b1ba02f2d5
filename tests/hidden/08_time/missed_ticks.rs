//! Hidden tests of `missed_ticks`: when the requests begin, and what `track` returns.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use exercise::{Carrier, track};
use testkit::{
    InFlight, Lane, Timeline, check_eq, handed_on, in_words, panic_of, pick, side_by_side, stage, timed, vt,
};
use tokio::time::{Instant, sleep};

/// The first request begins one period after the call, the next ones a period after each other.
#[test]
fn the_first_request_comes_after_a_period() {
    let period = ms(pick(400..=900));
    check(&follow(period, &[ms(0); 6]));
}

/// Answers that take less than a period do not make the rhythm slower.
#[test]
fn answers_take_some_time() {
    let period = ms(pick(400..=900));
    let takes: Vec<_> = (0..12).map(|_| period * pick(5..=90) as u32 / 100).collect();
    check(&follow(period, &takes));
}

/// After an answer that took several periods, one request follows at once, and the next one a period after that.
#[test]
fn one_request_follows_a_slow_answer() {
    let period = ms(pick(400..=900));
    for periods in [3, 1] {
        let slow = period * periods + period * pick(30..=70) as u32 / 100;
        check(&follow(period, &[ms(1), slow, ms(1), ms(2), slow, slow, ms(0), ms(1)]));
    }
}

/// The period and the answers may take from milliseconds to months; there may be a single request, or hundreds.
#[test]
fn any_times() {
    let day = Duration::from_secs(24 * 3600);
    let many: Vec<_> = (0..pick(300..=500)).map(|n| if n == 7 { 40 * day } else { ms(n % 50) }).collect();
    check(&follow(ms(100), &many));
    check(&follow(day, &[ms(0), 3 * day + ms(pick(10..=900)), ms(1), day / 2]));
    check(&follow(ms(pick(100..=999)), &[ms(0)]));
}

/// Every place is returned, in order, also if it is empty or the same as before.
#[test]
fn every_place_is_returned() {
    let place = format!("depot {}", pick(10..=99));
    let places = ["Lyon", "Lyon", "", &place, "", "Lyon"].map(str::to_owned);
    let seen = follow_through(ms(100), &[ms(10); 7], &places);
    seen.check_places();
    let none = follow_through(ms(100), &[ms(10)], &[]);
    none.check_places();
}

/// Another task may go on with `track`, and two parcels do not hold each other up.
#[test]
fn calls_are_independent() {
    let day = Duration::from_secs(24 * 3600);
    stage("another task goes on with `track`");
    let world = World::new(&[ms(0), 3 * day, ms(1)], &[String::new(), String::new()]);
    if let Err(text) = panic_of(|| vt(handed_on("`track`", 24, track(&world, day)))) {
        panic!("{text}");
    }
    stage("`track` has been called twice, with a slow carrier and with a quick one");
    let (slow, quick) = (World::new(&[day], &[]), World::new(&[ms(2)], &[]));
    let calls = (track(&slow, day), track(&quick, ms(100)));
    if let Err(text) = panic_of(|| vt(side_by_side("`track`", 24, calls.0, calls.1))) {
        panic!("{text}");
    }
}

/// What the carrier allows an interval to be off.
const SLACK: Duration = Duration::from_millis(5);

/// A carrier, and its requests. Times are those since the call.
struct World {
    takes: Vec<Duration>,
    places: Vec<String>,
    start: Cell<Option<Instant>>,
    requests: RefCell<Vec<Request>>,
    at_work: InFlight,
    lane: Option<Lane>,
}

#[derive(Clone, Copy)]
struct Request {
    began: Duration,
    /// Unless it was dropped.
    ended: Option<Duration>,
}

impl World {
    fn new(takes: &[Duration], places: &[String]) -> Self {
        Self {
            takes: takes.to_vec(),
            places: places.to_vec(),
            start: Cell::default(),
            requests: RefCell::default(),
            at_work: InFlight::new(),
            lane: None,
        }
    }

    fn now(&self) -> Duration {
        self.start.get().map_or(Duration::ZERO, |start| start.elapsed())
    }
}

impl Carrier for World {
    async fn locate(&self) -> Option<String> {
        let _inside = self.at_work.enter();
        let number = self.requests.borrow().len();
        self.requests.borrow_mut().push(Request { began: self.now(), ended: None });
        let answer = sleep(self.takes.get(number).copied().unwrap_or_default());
        match &self.lane {
            Some(lane) => lane.watch(answer).await,
            None => answer.await,
        }
        self.requests.borrow_mut()[number].ended = Some(self.now());
        self.places.get(number).cloned()
    }
}

/// A call that has returned.
struct Seen {
    world: World,
    period: Duration,
    returned: Vec<String>,
    took: Duration,
    longest_poll: Duration,
}

/// Follows a parcel that is delivered with the last of these answers.
fn follow(period: Duration, takes: &[Duration]) -> Seen {
    let places: Vec<_> = (1..takes.len()).map(|number| format!("place {number}")).collect();
    follow_through(period, takes, &places)
}

fn follow_through(period: Duration, takes: &[Duration], places: &[String]) -> Seen {
    let timeline = Timeline::new();
    let (lane, requests) = (timeline.lane("track"), timeline.lane("requests"));
    let mut world = World::new(takes, places);
    world.lane = Some(requests);
    stage(format!("`track` has been called with a period of {}", say(period)));
    let polls = 4 * takes.len() + 16;
    let outcome = panic_of(|| {
        vt(async {
            world.start.set(Some(Instant::now()));
            timed("`track`", polls, lane.watch(track(&world, period))).await
        })
        .0
    });
    let call = outcome.and_then(|outcome| outcome).unwrap_or_else(|text| panic!("{text}"));
    let (took, longest_poll) = (call.took, call.longest_poll);
    Seen { world, period, returned: call.output, took, longest_poll }
}

fn check(seen: &Seen) {
    seen.check_answers();
    seen.check_rhythm();
    seen.check_end();
    seen.check_places();
}

impl Seen {
    /// Fails if a request was not waited for, or not alone.
    fn check_answers(&self) {
        let (requests, count) = (self.world.requests.borrow(), self.world.takes.len());
        if let Some(number) = requests.iter().position(|request| request.ended.is_none()) {
            panic!(
                "Request {} was given up: its answer needs {}. An answer may take longer than a period, and it is waited for.",
                number + 1,
                say(self.world.takes[number])
            );
        }
        assert!(
            self.world.at_work.max() <= 1,
            "{} requests were under way at the same time. `track` makes one at a time.",
            self.world.at_work.max()
        );
        assert!(
            requests.len() == count,
            "The parcel was delivered by answer {count}, and `track` made {} requests before it returned.",
            requests.len()
        );
    }

    fn check_rhythm(&self) {
        let (requests, period) = (self.world.requests.borrow(), self.period);
        let words = say(period);
        let first = requests[0].began;
        if first.is_zero() {
            assert!(
                self.longest_poll < period,
                "`track` kept the thread for a period of {words}, in a single poll. By Tokio's clock no time passed, and no other \
                 task could run meanwhile: await a timer instead of blocking the thread."
            );
            panic!(
                "The first request began at once. The order was a request, too, just before: one period, {words}, has to pass."
            );
        }
        assert!(
            first + SLACK >= period && first <= period + SLACK,
            "The first request began after {}; it should begin after one period, {words}.",
            say(first)
        );
        for (number, pair) in (2..).zip(requests.windows(2)) {
            let (before, request) = (pair[0], pair[1]);
            let answered = before.ended.unwrap_or_default();
            let gap = request.began - before.began;
            let took = answered - before.began;
            let wanted = period.max(took);
            let late = number > 2 && {
                let earlier = requests[number - 3];
                earlier.ended.is_some_and(|ended| ended - earlier.began > period)
            };
            let after_a_late_one = if late {
                format!(
                    " Request {} was late, after a slow answer, and the period counts from when it began.",
                    number - 1
                )
            } else {
                String::new()
            };
            assert!(
                gap + SLACK >= period || request.began > answered,
                "Request {number} began {} after request {}, without any pause. The carrier allows one per period of \
                 {words}: the requests that a slow answer has kept from being made are not made up for.",
                say(gap),
                number - 1
            );
            assert!(
                gap + SLACK >= period,
                "Request {number} began {} after request {}. The carrier allows one per period of {words}.{after_a_late_one}",
                say(gap),
                number - 1
            );
            if gap <= wanted + SLACK {
                continue;
            }
            let after_the_answer = request.began - answered;
            assert!(
                took <= period,
                "Request {number} began {} after the answer before it, which had taken {}. That was longer than a period of \
                 {words}: so the next request follows at once.",
                say(after_the_answer),
                say(took)
            );
            assert!(
                took.is_zero() || after_the_answer > period + SLACK || after_the_answer + SLACK < period,
                "Request {number} began {} after request {}: one period of {words} after the answer, which had taken {}. By \
                 Tokio's clock, the period counts from the beginning of a request.",
                say(gap),
                number - 1,
                say(took)
            );
            panic!(
                "Request {number} began {} after request {}. It should begin after a period of {words}: `track` asks as often as \
                 it may.{after_a_late_one}",
                say(gap),
                number - 1
            );
        }
    }

    fn check_end(&self) {
        let last = self.world.requests.borrow().last().and_then(|request| request.ended).unwrap_or_default();
        assert!(
            self.took == last,
            "The parcel was delivered after {}, and `track` returned after {}. With `None` it returns at once.",
            say(last),
            say(self.took)
        );
    }

    fn check_places(&self) {
        let (told, returned) = (self.world.places.len(), self.returned.len());
        check_eq!(
            self.returned,
            self.world.places,
            "The carrier named {told} places, and `track` returned {returned}. Each answer counts, in order."
        );
    }
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(30) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
