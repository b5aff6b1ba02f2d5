//! Hidden tests of `underscore_permit`: how many requests are under way at once, the answers, and where the permits are.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Carrier, track_all};
use testkit::{
    Call, Ended, InFlight, Log, Timeline, check_eq, counted, handed_on, in_words, panic_of, pick, settle,
    stage, together, vt, within_polls,
};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, try_id};
use tokio::time::{sleep, timeout};

/// Never are there more requests under way than permits, and never fewer than could be.
#[test]
fn never_more_than_permits() {
    for (parcels, permits) in [(10, 3), (40, usize_of(pick(4..=9))), (3, 1), (usize_of(pick(300..=400)), 100)]
    {
        let depot = Depot::new();
        let (call, limit) = depot.track_with(parcels, permits);
        let (most, said) = (depot.inside.max(), counted(permits, "permit"));
        assert!(
            most <= permits,
            "`limit` had {said}, and {most} of {parcels} requests were under way at the same time. While a request was under way, \
             its permit was not taken: it had not been taken from `limit`, or it had come back too early."
        );
        if matches!(call.ended, Ended::Stuck) {
            let (begun, back) = (depot.inside.total(), limit.available_permits());
            assert!(
                begun > 0,
                "`limit` had {said}, and `track_all` never returned. It waits, and none of {parcels} requests was made. A request \
                 needs one permit, and begins as soon as it has that."
            );
            panic!(
                "`limit` had {said}, and `track_all` never returned. {begun} of {parcels} requests were made, none is under way, \
                 and {} in `limit`. When a request is over, its permit has to come back.",
                if back == 1 { "1 permit is".to_owned() } else { format!("{back} permits are") }
            );
        }
        assert!(
            depot.inside.total() == 0 || most >= permits.min(parcels),
            "`limit` had {said}, and at most {most} of {parcels} requests were under way at the same time. As many run at the \
             same time as there are permits."
        );
        let rounds = u32::try_from(parcels.div_ceil(permits)).expect("it is small");
        assert!(
            call.after < rounds * (HOUR + TICK),
            "With {said}, {parcels} requests of {} each can be done after {}. `track_all` returned after {}.",
            in_words(HOUR),
            in_words(rounds * HOUR),
            in_words(call.after)
        );
        depot.check(call, parcels);
        all_back(&limit, permits, "All requests are done");
    }
}

/// A permit that comes back is used at once, also while another request is slow.
#[test]
fn a_permit_that_is_back_is_used_at_once() {
    // One request is slow, wherever it stands.
    for slow in [0, 3, 6] {
        let depot = Depot { slow: Some(slow), ..Depot::new() };
        let (call, limit) = depot.track_with(7, 3);
        let others = depot.done_before_the_slow_one();
        assert!(
            others == 6,
            "There were 3 permits and 7 requests, of which number {} took {}, and the others {} each. {others} of the others \
             were done before it. They have two permits to themselves: a request begins as soon as a permit is there.",
            slow + 1,
            in_words(SLOW),
            in_words(HOUR)
        );
        depot.check(call, 7);
        all_back(&limit, 3, "All requests are done");
    }
}

/// The permits are those of `limit`: others take some, too.
#[test]
fn others_take_permits_too() {
    for taken in [1, 2, 3] {
        stage("others have taken permits");
        let (depot, limit) = (Depot::new(), Arc::new(Semaphore::new(3)));
        let others = limit.clone().try_acquire_many_owned(taken).expect("all are there");
        let taken = usize_of(taken.into());
        let wait = Duration::from_secs(pick(8_000_000..=9_000_000));
        let seen = Arc::new(Mutex::new((0, 0)));
        let (call, ()) = vt(async {
            let meanwhile = async {
                sleep(wait).await;
                settle().await;
                *seen.lock().unwrap() = (depot.inside.max(), depot.inside.total());
                drop(others);
            };
            tokio::join!(together(polls(90), [depot.track(90, &limit)]), meanwhile)
        })
        .0;
        let call = call.into_iter().next().expect("there is one");
        let (most, begun) = *seen.lock().unwrap();
        let free = 3 - taken;
        assert!(
            most <= free,
            "`limit` has 3 permits, others had taken {taken} of them, and {} under way at the same time. Each request has to keep \
             a permit of `limit`, because others use it, too.",
            if most == 1 { "1 request was".to_owned() } else { format!("{most} requests were") }
        );
        assert!(
            free == 0 || begun == 90,
            "`limit` has 3 permits, others had taken {taken} of them, and {begun} of 90 requests were made in {}, with {} each.",
            in_words(wait),
            in_words(HOUR)
        );
        assert!(
            free > 0 || depot.inside.total() == 90,
            "Others had taken all permits for {}, and {} of 90 requests were made in the end. It takes as long as it takes.",
            in_words(wait),
            depot.inside.total()
        );
        depot.check(call, 90);
        all_back(&limit, 3, "All requests are done");
    }
}

/// A request that panics gives its permit back, is an `Err` in its place, and the others go on.
#[test]
fn a_panic_costs_no_permit() {
    for panics in [vec![0], vec![2, 4], vec![9], (0..10).collect()] {
        let depot = Depot { panics: panics.clone(), ..Depot::new() };
        let (call, limit) = depot.track_with(10, 2);
        assert!(
            !matches!(call.ended, Ended::Stuck),
            "{} of 10 requests panicked, and `track_all` never returned. It waits, no request is under way, and {} of 2 permits \
             are in `limit`. A permit has to come back even if its request panics.",
            panics.len(),
            limit.available_permits()
        );
        all_back(&limit, 2, &format!("All requests are over, {} of 10 have panicked", panics.len()));
        assert!(
            !matches!(&call.ended, Ended::Panicked(text) if text.contains("LOST") || text.contains("JoinError")),
            "{} of 10 requests panicked, and `track_all` panicked with them. A request that panicked is an `Err` in its place.",
            panics.len()
        );
        depot.check(call, 10);
    }
}

/// Others take permits while requests are under way.
#[test]
fn others_wait_in_the_same_line() {
    stage("another part of the program asks for 2 of 3 permits");
    let (depot, limit) = (Depot::new(), Arc::new(Semaphore::new(3)));
    let (call, most) = vt(async {
        let meanwhile = async {
            sleep(HOUR / 2).await;
                        let others = timeout(400 * 24 * HOUR, limit.clone().acquire_many_owned(2)).await;
            assert!(
                others.is_ok(),
                "Another part of the program asked for 2 of 3 permits while requests were under way, and never got them: permits \
                 of requests that were over did not come back."
            );
            let mut most = depot.inside.now();
            for _ in 0..10 {
                sleep(HOUR / 3).await;
                most = most.max(depot.inside.now());
            }
            drop(others);
            most
        };
        tokio::join!(together(polls(12), [depot.track(12, &limit)]), meanwhile)
    })
    .0;
    assert!(
        most <= 1,
        "`limit` has 3 permits, and another part of the program had taken 2 of them while requests were under way. Up to {most} \
         requests ran beside that. Each request has to keep a permit of `limit`, because others use it, too."
    );
    depot.check(call.into_iter().next().expect("there is one"), 12);
    all_back(&limit, 3, "All requests are done");
}

/// There may be no parcel at all, or the same one twice.
#[test]
fn each_parcel_is_a_request() {
    for numbers in [vec![], vec![7], vec![7, 7, 0, u64::MAX, 7, 0], vec![0]] {
        stage("few parcels are tracked, some of them twice");
        let (depot, limit) = (Depot::new(), Arc::new(Semaphore::new(2)));
        let calls = vt(together(
            polls(numbers.len()),
            [track_all(numbers.clone(), Arc::new(depot.clone()), limit.clone())],
        ))
        .0;
        let call = calls.into_iter().next().expect("there is one");
        let after = call.after;
        let answers = call.returned("`track_all`");
        let found: Vec<_> = answers.into_iter().map(Result::ok).collect();
        let expected: Vec<_> = numbers.iter().map(|parcel| Some(depot.answer(*parcel))).collect();
        check_eq!(
            found,
            expected,
            "`track_all` was asked for {}, {numbers:?}, and returned {}. Each parcel has one, in the order of the parcels.",
            counted(numbers.len(), "parcel"),
            counted(found.len(), "answer")
        );
        check_eq!(
            depot.inside.total(),
            numbers.len(),
            "For {}, {numbers:?}, the carrier got {}.",
            counted(numbers.len(), "parcel"),
            counted(depot.inside.total(), "request")
        );
        let rounds = u32::try_from(numbers.len().div_ceil(2)).expect("it is small");
        assert!(
            after < rounds * HOUR + TICK,
            "`track_all` was asked for {}, with 2 permits, and returned after {}.",
            counted(numbers.len(), "parcel"),
            in_words(after)
        );
    }
    let limit = Arc::new(Semaphore::new(0));
    let call = vt(together(polls(0), [track_all(vec![], Arc::new(Depot::new()), limit)])).0.remove(0);
    assert!(
        matches!(&call.ended, Ended::Returned(answers) if answers.is_empty()) && call.after.is_zero(),
        "`track_all` was asked for no parcel while there was no permit, and {}. Without a request, there is nothing to wait for.",
        call.how()
    );
}

/// Each request is a task of its own, and takes as long as it takes.
#[test]
fn each_request_is_a_task() {
    let year = Duration::from_secs(pick(9_000_000..=12_000_000));
    for takes in [Duration::from_millis(pick(1..=3)), year] {
        let depot = Depot { takes, ..Depot::new() };
        let (call, _) = depot.track_with(4, 2);
        let (after, total) = (call.after, depot.inside.total());
        let mut tasks = depot.tasks.events();
        tasks.sort_unstable();
        tasks.dedup();
        assert!(
            total == 4 && after >= 2 * takes,
            "`track_all` returned after {}, and 4 requests with 2 permits need {}: {} each. It waits for all answers.",
            in_words(after),
            in_words(2 * takes),
            in_words(takes)
        );
        let last = depot.done.timed().last().expect("there are four").1;
        assert!(
            last < 2 * takes + TICK,
            "4 requests with 2 permits can be done after {}, and the last one was done after {}.",
            in_words(2 * takes),
            in_words(last)
        );
        check_eq!(
            after,
            last,
            "The last of 4 requests was done after {}, and `track_all` returned {} later. There is nothing else to wait for.",
            in_words(last),
            in_words(after.saturating_sub(last))
        );
        depot.check(call, 4);
        assert!(
            tasks.len() == 4,
            "4 requests were made in {}. Each is a task of its own.",
            counted(tasks.len(), "task")
        );
        check_eq!(
            depot.strangers.len(),
            0,
            "{} of 4 requests were made on threads of their own. Spawn them on the runtime that is there.",
            depot.strangers.len()
        );
    }
}

/// If `track_all` is dropped, its permits come back, and other calls go on.
#[test]
fn permits_come_back_after_a_drop() {
    for at in [HOUR / 2, HOUR * 3 / 2] {
        stage("`track_all` is dropped half-way");
        let (depot, limit) = (Depot::new(), Arc::new(Semaphore::new(3)));
        let back = vt(async {
            let tracking = within_polls(polls(8), depot.track(8, &limit));
            let dropped = timeout(at, tracking).await.is_err();
            sleep(9 * HOUR).await;
            settle().await;
            (dropped, limit.available_permits())
        })
        .0;
        assert!(
            back.0,
            "`track_all` returned within {}, and 8 requests with 3 permits need {}.",
            in_words(at),
            in_words(3 * HOUR)
        );
        check_eq!(
            back.1,
            3,
            "`track_all` was dropped after {}. When all its requests were over, {} of 3 permits were in `limit`.",
            in_words(at),
            back.1
        );
        let most = depot.inside.max();
        assert!(
            most <= 3,
            "There were 3 permits, and {most} requests were under way when `track_all` was dropped."
        );
        let again = Depot::new();
        let call = vt(together(polls(5), [again.track(5, &limit)])).0.remove(0);
        again.check(call, 5);
    }
}

/// Two calls share a limit, or have one each.
#[test]
fn calls_share_what_they_are_given() {
    for shared in [true, false] {
        stage("`track_all` has been called twice");
        let depots = [Depot::new(), Depot::new()];
        let limits = [(); 2].map(|()| Arc::new(Semaphore::new(2)));
        let both = InFlight::new();
        let calls = [0, 1].map(|n| {
            let depot = Depot { both: both.clone(), ..depots[n].clone() };
            depot.track(4, &limits[if shared { 0 } else { n }])
        });
        let calls = vt(together(polls(4), calls)).0;
        let (most, expected) = (both.max(), if shared { 2 } else { 4 });
        check_eq!(
            most,
            expected,
            "Two calls of `track_all` were under way at the same time, with {} of 2 permits. Up to {most} requests were made at \
             a time.",
            if shared { "the same limit" } else { "a limit each" }
        );
        for (call, depot) in calls.into_iter().zip(&depots) {
            depot.check(call, 4);
        }
    }
}

/// `track_all` may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `track_all`");
    let (depot, limit) = (Depot::new(), Arc::new(Semaphore::new(1)));
    if let Err(text) = panic_of(|| vt(handed_on("`track_all`", polls(3), depot.track(3, &limit)))) {
        panic!("{text}");
    }
}

const HOUR: Duration = Duration::from_secs(3600);
const SLOW: Duration = Duration::from_secs(100 * 24 * 3600);
/// Tokio's clock counts whole milliseconds and may round up.
const TICK: Duration = Duration::from_millis(2);
/// `track_all` waits for a permit or a handle at a time.
fn polls(parcels: usize) -> usize {
    3 * parcels + 20
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).expect("it was picked small enough")
}

/// When no request is under way, all permits are in the limit.
fn all_back(limit: &Semaphore, permits: usize, said: &str) {
    let back = limit.available_permits();
    assert!(
        back >= permits,
        "{said}, and {back} of {permits} permits are in `limit`. The others never come back: a permit comes back when it is \
         dropped, and these were not."
    );
    assert!(
        back == permits,
        "{said}, and {back} permits are in `limit`, which had {permits}. A permit comes back when it is dropped, and nobody has \
         to add one."
    );
}

type Answers = Vec<Result<String, JoinError>>;

/// A carrier, and what was seen of it. Parcels have the numbers 0, 1, 2, …
#[derive(Clone)]
struct Depot {
    takes: Duration,
    word: u64,
    slow: Option<u64>,
    panics: Vec<u64>,
    home: ThreadId,
    timeline: Timeline,
    inside: InFlight,
    /// Shared with another one, perhaps.
    both: InFlight,
    /// The parcels, in the order in which their requests ended.
    done: Log,
    tasks: Log,
    strangers: Log,
}

impl Depot {
    fn new() -> Self {
        Self {
            takes: HOUR,
            word: pick(100..=999),
            slow: None,
            panics: vec![],
            home: thread::current().id(),
            timeline: Timeline::new(),
            inside: InFlight::new(),
            both: InFlight::new(),
            done: Log::new(),
            tasks: Log::new(),
            strangers: Log::new(),
        }
    }

    fn answer(&self, parcel: u64) -> String {
        // Answers may be empty, and equal.
        if parcel % 4 == 3 { String::new() } else { format!("{parcel} is in hall {}", self.word) }
    }

    fn track(&self, parcels: usize, limit: &Arc<Semaphore>) -> impl Future<Output = Answers> + Send + use<> {
        track_all((0..parcels as u64).collect(), Arc::new(self.clone()), limit.clone())
    }

    fn track_with(&self, parcels: usize, permits: usize) -> (Call<Answers>, Arc<Semaphore>) {
        stage("parcels are being tracked");
        let limit = Arc::new(Semaphore::new(permits));
        let lane = self.timeline.lane("track_all");
        let calls = vt(together(polls(parcels), [lane.watch(self.track(parcels, &limit))])).0;
        (calls.into_iter().next().expect("there is one"), limit)
    }

    fn check(&self, call: Call<Answers>, parcels: usize) {
        let answers = call.returned("`track_all`");
        check_eq!(
            answers.len(),
            parcels,
            "`track_all` was asked for {parcels} parcels, and returned {} answers.",
            answers.len()
        );
        for (answer, parcel) in answers.into_iter().zip(0..) {
            let place = parcel + 1;
            match answer {
                Ok(found) if self.panics.contains(&parcel) => {
                    panic!("Request {place} of {parcels} panicked, and answer {place} is `Ok({found:?})`.")
                }
                Ok(found) => check_eq!(
                    found,
                    self.answer(parcel),
                    "Answer {place} of {parcels} is {found:?}, and the carrier said {:?} of that parcel. Answers are in the order \
                     of the parcels.",
                    self.answer(parcel)
                ),
                Err(error) => assert!(
                    self.panics.contains(&parcel) && error.is_panic(),
                    "The carrier answered request {place} of {parcels}, and answer {place} is an error: {error}."
                ),
            }
        }
    }

    /// How many were done when the slow one was.
    fn done_before_the_slow_one(&self) -> usize {
        let slow = self.slow.map(|slow| slow.to_string());
        self.done.events().iter().take_while(|parcel| Some(*parcel) != slow.as_ref()).count()
    }
}

impl Carrier for Depot {
    async fn status(&self, parcel: u64) -> String {
        self.tasks.push(format!("{:?}", try_id()));
        let _inside = (self.inside.enter(), self.both.enter());
        if thread::current().id() == self.home {
            let name =
                if parcel < 8 { format!("request {}", parcel + 1) } else { "more requests".to_owned() };
            let takes = if self.slow == Some(parcel) { SLOW } else { self.takes };
            self.timeline.lane(name).watch(sleep(takes)).await;
        } else {
            self.strangers.push("a request");
        }
        self.done.push(parcel.to_string());
        if self.panics.contains(&parcel) {
            resume_unwind(Box::new("LOST"));
        }
        self.answer(parcel)
    }
}
