//! Hidden tests of `trait_send`: which requests are made, where and when, what comes back, and which stores are refused.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Store, load_all};
use testkit::{
    Log, Timeline, Unrest, check_eq, counted, handed_on, in_words, panic_of, pick, side_by_side, stage,
    to_its_end, vt,
};
use tokio::runtime::Builder;
use tokio::task::{Id, try_id, yield_now};
use tokio::time::sleep;

/// Each key is asked for, and the values come in the order of the keys.
#[test]
fn the_values_come_in_the_order_of_the_keys() {
    let key = || u32::try_from(pick(0..=1_000_000)).expect("it was picked small enough");
    let (one, other, third) = (4 * key() + 3, 4 * key() + 3, 4 * key());
    for keys in [
        vec![one],
        vec![one, other, third],
        // The store does not know the second one, and the price of the third one is an empty text.
        vec![one, 4 * key() + 1, 4 * key() + 2, third],
        // The same key again and again.
        vec![third, one, third, third],
        Vec::new(),
        vec![0, u32::MAX, 0],
        (0..300).map(|_| key()).collect(),
    ] {
        stage(format!("`load_all` is called with {}", counted(keys.len(), "key")));
        // The first ones take longest.
        let hours = (0..=keys.len()).rev().map(|n| n as u64);
        let shelf = Shelf::new(keys.iter().copied().zip(hours.map(|n| Duration::from_secs(60 * n))));
        shelf.check(&keys, &shelf.load(&keys));
    }
}

/// All requests wait at the same time.
#[test]
fn no_request_waits_for_another() {
    for times in [
        vec![minutes(), minutes()],
        vec![millis(), minutes(), millis(), minutes(), minutes()],
        vec![minutes(), Duration::from_secs(pick(20..=40) * 24 * 3600), millis()],
        (0..300).map(|_| minutes()).collect(),
    ] {
        stage(format!("{} are made, and each takes its time", counted(times.len(), "request")));
        let keys: Vec<u32> = (0..).map(|n| 4 * n + 3).take(times.len()).collect();
        let shelf = Shelf::new(keys.iter().copied().zip(times.iter().copied()));
        let loaded = shelf.load(&keys);
        if let Some((key, began)) = shelf.asked.timed().into_iter().find(|(_, began)| *began >= GRAIN) {
            let done = shelf.answered.timed().iter().filter(|(_, at)| *at <= began).count();
            panic!(
                "The request for key {key} began {} after `load_all` was called, and by then the store had answered {}. All requests \
                 wait at the same time, so none of them waits for another.",
                in_words(began),
                counted(done, "request")
            );
        }
        let longest = times.into_iter().max().unwrap_or_default();
        assert!(
            loaded.took >= longest,
            "The longest request takes {}, and `load_all` returned after {}, without its value. Nobody has named a limit: the value is \
             there when the store has answered.",
            in_words(longest),
            in_words(loaded.took)
        );
        assert!(
            loaded.took < longest + GRAIN,
            "The longest request took {}, and `load_all` took {}. When the last request is done, nothing is left to wait for.",
            in_words(longest),
            in_words(loaded.took)
        );
        shelf.check(&keys, &loaded);
    }
}

/// A store that keeps an `Rc` while it waits is refused where it is written.
#[must_not_compile(
    code = ["-", "E0277"],
    message = "cannot be sent between threads safely",
    says = "A store that keeps an `Rc` while it waits compiles with your `Store`.\nA request is a task, and any thread of the runtime \
            may go on with it after a wait. An `Rc` must stay on one thread. So the trait has to promise that the future of `get` can \
            move to another thread, and then the compiler refuses such a store where it is written."
)]
mod a_store_that_keeps_an_rc {
    use std::rc::Rc;

    use exercise::Store;

    pub struct Labels;

    impl Store for Labels {
        async fn get(&self, key: u32) -> Option<String> {
            let label = {
                let shared = Rc::new(key);
                shared.to_string()
            };
            #[cfg(refused)]
            let kept = Rc::new(key);
            tokio::task::yield_now().await;
            #[cfg(refused)]
            drop(kept);
            Some(label)
        }
    }
}

/// Each request is a task of its own, which any thread of the runtime may run.
#[test]
fn any_thread_may_run_a_request() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("the system has room for one more runtime");
    for count in [1, 2, 40] {
        stage(format!("a runtime with two threads makes {}", counted(count, "request")));
        let keys: Vec<u32> = (0..).map(|n| 4 * n + 3).take(count).collect();
        let shelf = Shelf { home: None, ..Shelf::new([]) };
        let run = panic_of(|| runtime.block_on(load_all(Arc::new(shelf.clone()), keys.clone())));
        let values = run.unwrap_or_else(|text| explain(&text));
        let mut tasks: Vec<(Id, u32)> = Vec::new();
        for Place { key, task, thread } in shelf.places() {
            let here = thread == thread::current().id();
            let Some(task) = task else {
                assert!(
                    here,
                    "The request for key {key} was made on a thread that was started to wait for it. A request is a task, and a task \
                     that waits needs no thread."
                );
                panic!(
                    "The request for key {key} was made in no task, but in the future of `load_all` itself. Each request is a task of \
                     its own, so any thread of the runtime can run it."
                );
            };
            if let Some((_, other)) = tasks.iter().find(|(other, _)| *other == task) {
                panic!(
                    "The requests for keys {other} and {key} were made in the same task. Each request is a task of its own, so any thread \
                     of the runtime can run it."
                );
            }
            tasks.push((task, key));
            assert!(
                !here,
                "The request for key {key} ran on the thread that called `load_all`, and the runtime has two threads for its tasks. Any \
                 of them may run any request."
            );
        }
        shelf.check_values(&keys, &values);
    }
}

/// A `get` that panics makes `load_all` panic.
#[test]
fn a_panic_is_not_lost() {
    for broken in 0..3 {
        let keys = [3, 7, 11];
        stage(format!("`get` panics for key {}", keys[broken]));
        let shelf = Shelf { panics: Some(keys[broken]), ..Shelf::new(keys.map(|key| (key, minutes()))) };
        match panic_of(|| vt(to_its_end(POLLS, load_all(Arc::new(shelf.clone()), keys.to_vec()))).0) {
            Err(_) => {}
            Ok(Ok(values)) => panic!(
                "`get` panicked for key {}, and `load_all` returned {values:?} as if nothing had happened. If a `get` panics, so does \
                 `load_all`.",
                keys[broken]
            ),
            Ok(Err(_)) => panic!(
                "`get` panicked for key {}, and `load_all` never returned. If a `get` panics, so does `load_all`.",
                keys[broken]
            ),
        }
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `load_all`");
    let keys = vec![3, 7];
    let shelf = Shelf::new([(3, minutes()), (7, minutes())]);
    let run = panic_of(|| vt(handed_on("`load_all`", 40, load_all(Arc::new(shelf.clone()), keys.clone()))).0);
    shelf.check_strangers();
    shelf.check_values(&keys, &run.unwrap_or_else(|text| panic!("{text}")));
}

/// A quick call does not wait for a slow one.
#[test]
fn calls_know_nothing_of_each_other() {
    stage("`load_all` has been called twice, with slow requests and with quick ones");
    let keys: Vec<u32> = (0..100).map(|n| 4 * n + 3).collect();
    let shelves = [minutes(), Duration::from_millis(1)]
        .map(|takes| Shelf::new(keys.iter().copied().map(move |key| (key, takes))));
    let calls = shelves.each_ref().map(|shelf| load_all(Arc::new(shelf.clone()), keys.clone()));
    let [slow, quick] = calls;
    let run = panic_of(|| vt(side_by_side("`load_all`", 4 * POLLS, slow, quick)).0);
    shelves.iter().for_each(Shelf::check_strangers);
    let (slow, quick) = run.unwrap_or_else(|text| panic!("{text}"));
    for (shelf, values) in shelves.iter().zip([slow, quick]) {
        shelf.check_values(&keys, &values);
    }
}

/// A store whose requests take their time. While one waits, it holds a `Cell`: that can move to another thread, and cannot be
/// used by two at once.
#[derive(Clone)]
struct Shelf {
    /// Prices that nobody can know.
    salt: u64,
    times: Vec<(u32, Duration)>,
    panics: Option<u32>,
    /// The thread on which all requests are to be made; any of them, if there is none.
    home: Option<ThreadId>,
    asked: Log,
    answered: Log,
    strangers: Log,
    places: Arc<Mutex<Vec<Place>>>,
    timeline: Timeline,
}

/// Where a request was made.
#[derive(Clone, Copy)]
struct Place {
    key: u32,
    task: Option<Id>,
    thread: ThreadId,
}

/// What came of a call.
struct Loaded {
    values: Vec<Option<String>>,
    took: Duration,
}

impl Store for Shelf {
    async fn get(&self, key: u32) -> Option<String> {
        let thread = thread::current().id();
        if self.home.is_some_and(|home| home != thread) {
            self.strangers.push(key.to_string());
            return None;
        }
        let waits = Cell::new(0);
        self.asked.push(key.to_string());
        let place = Place { key, task: try_id(), thread };
        self.places.lock().unwrap_or_else(PoisonError::into_inner).push(place);
        yield_now().await;
        waits.set(waits.get() + 1);
        if let Some((_, time)) = self.times.iter().find(|(known, _)| *known == key) {
            self.timeline.lane(format!("key {key}")).watch(sleep(*time)).await;
            waits.set(waits.get() + 1);
        }
        if self.panics == Some(key) {
            resume_unwind(Box::new("the store is broken"));
        }
        self.answered.push(key.to_string());
        self.price(key)
    }
}

impl Shelf {
    fn new(times: impl IntoIterator<Item = (u32, Duration)>) -> Self {
        Self {
            salt: pick(100..=999),
            times: times.into_iter().collect(),
            panics: None,
            home: Some(thread::current().id()),
            asked: Log::new(),
            answered: Log::new(),
            strangers: Log::new(),
            places: Arc::default(),
            timeline: Timeline::new(),
        }
    }

    fn price(&self, key: u32) -> Option<String> {
        match key % 4 {
            1 => None,
            2 => Some(String::new()),
            _ => Some(format!("{}.{key}", self.salt)),
        }
    }

    fn places(&self) -> Vec<Place> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has `load_all` called in virtual time.
    fn load(&self, keys: &[u32]) -> Loaded {
        let call = load_all(Arc::new(self.clone()), keys.to_vec());
        let lane = self.timeline.lane("load_all");
        let run = panic_of(|| vt(to_its_end(POLLS + 3 * keys.len(), lane.watch(call))));
        self.check_strangers();
        let (outcome, took) = run.unwrap_or_else(|text| explain(&text));
        let (asked, answered) = (self.asked.len(), self.answered.len());
        let values = outcome.unwrap_or_else(|unrest| match unrest {
            Unrest::Asleep => panic!(
                "Of {}, {asked} were made and {answered} answered, and `load_all` still waits. Nothing is left that could wake it.",
                counted(keys.len(), "request")
            ),
            Unrest::Naps(time) => panic!(
                "For {}, no request was done, and your code kept waking up to look. Await the tasks: each of them wakes you when \
                 it is done.",
                in_words(time)
            ),
            Unrest::Polled(polls) => panic!(
                "`load_all` was polled {polls} times while it waited for {}: it asks again and again. Await the tasks: each of them wakes \
                 you when it is done.",
                counted(keys.len(), "request")
            ),
            Unrest::Awake => panic!(
                "Of {}, {answered} were answered, and then your code asked again and again, so that no time could pass. Await the \
                 tasks: each of them wakes you when it is done.",
                counted(keys.len(), "request")
            ),
        });
        Loaded { values, took }
    }

    fn check_strangers(&self) {
        if let Some(key) = self.strangers.events().first() {
            panic!(
                "The request for key {key} was made on a thread that was started to wait for it. A request is a task, and a task that \
                 waits needs no thread."
            );
        }
    }

    fn check(&self, keys: &[u32], loaded: &Loaded) {
        for key in keys {
            let (times, asked) =
                (keys.iter().filter(|other| *other == key).count(), self.asked.count(&key.to_string()));
            assert!(
                asked == times,
                "Key {key} is in the list {}, and the store was asked for it {}. It is asked for each key once for each time that \
                 the key is in the list.",
                in_times(times),
                in_times(asked)
            );
        }
        self.check_values(keys, &loaded.values);
    }

    fn check_values(&self, keys: &[u32], values: &[Option<String>]) {
        assert!(
            keys.len() == values.len(),
            "`load_all` was called with {}, and returned {}. There is one for each key, also if the store does not know the key.",
            counted(keys.len(), "key"),
            counted(values.len(), "value")
        );
        for (n, (key, value)) in keys.iter().zip(values).enumerate() {
            let right = self.price(*key);
            if *value == right {
                continue;
            }
            let owner = keys.iter().find(|other| self.price(**other) == *value);
            let whose = match owner {
                Some(other) if value.is_some() => format!("which is the value of key {other}"),
                _ => "which the store did not say".to_owned(),
            };
            check_eq!(
                *value,
                right,
                "Key {key} is number {} in the list, and value number {} is {value:?}, {whose}. The values come in the order of the \
                 keys, as the store gives them.",
                n + 1,
                n + 1
            );
        }
    }
}

fn explain<T>(text: &str) -> T {
    if text.contains("from within a runtime") || text.contains("can call blocking only") {
        panic!(
            "`load_all` blocks its thread to wait for a request, and the runtime needs that thread for its tasks. Async code waits \
             with `.await`.\nThe panic was: {text}"
        );
    }
    panic!("`load_all` panicked, and no `get` did: {text}");
}

fn in_times(count: usize) -> String {
    match count {
        0 => "not at all".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// More polls than a call needs that is woken for each of a few requests.
const POLLS: usize = 60;

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn minutes() -> Duration {
    Duration::from_secs(60 * pick(5..=90)) + millis()
}

fn millis() -> Duration {
    Duration::from_millis(pick(3..=900))
}
