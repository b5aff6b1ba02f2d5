//! Services that a test scripts: requests that take their time, and what is seen of each.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::activity::{bump, lock};
use crate::harness::stage;
use crate::panics::panic_of;
use crate::stopwatch::Stopwatch;
use crate::time::{settle, vt};
use crate::timeline::{Lane, Timeline};
use crate::within::{NEVER, within_polls};
use crate::words::in_words;

/// Requests with a lane of their own; the others share one.
const LANES: usize = 6;

/// A request that is polled so often without time going on is polled in a loop. Each poll of a task polls it once at most, and a
/// test has fewer requests that could wake their task at one moment.
const IN_A_ROW: usize = 5_000;

/// More polls than a call needs that is dropped half-way.
const HALF_WAY: usize = 1_000;

/// The services that the code under test asks: each request takes as long as the test says, in one wait or several, and is drawn
/// in a [`Timeline`]. Clones are the same services.
///
/// ```
/// use std::time::Duration;
/// use testkit::Services;
///
/// let millis = Duration::from_millis;
/// let services = Services::new("both");
/// let (user, cart) = (services.request("user", [millis(30)], 7), services.request("cart", [millis(10), millis(5)], 8));
/// let called = services.call(9, async { tokio::join!(user, cart) });
/// assert_eq!((called.output, called.took), ((7, 8), millis(30)));
/// assert_eq!(services.seen("cart").done, Some(millis(15)));
/// assert!(called.left.is_empty());
/// ```
#[derive(Clone)]
pub struct Services {
    state: Arc<Mutex<State>>,
    timeline: Timeline,
    /// The lane of the code under test.
    lane: Lane,
    /// What a learner calls the code under test, without backticks.
    name: String,
    home: ThreadId,
}

struct State {
    watch: Stopwatch,
    requests: Vec<Seen>,
    /// Which lane each name has.
    lanes: BTreeMap<String, Lane>,
    now: usize,
    most: usize,
    done: usize,
}

/// What was seen of one request. Times count from the start of [`Services::call`].
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// How often it was polled.
    pub polls: usize,
    /// When it was polled for the first time.
    pub begun: Option<Duration>,
    /// When it was ready.
    pub done: Option<Duration>,
    /// When it was dropped, ready or not.
    pub dropped: Option<Duration>,
    /// The longest time for which it could have gone on, because a wait of it was over, and was not polled.
    pub stood_still: Duration,
    /// Whether it was polled on another thread than the one of the test. There it is ready at once.
    pub elsewhere: bool,
    /// Whether it was polled again and again although no time passed. From then on it is ready at once.
    pub in_a_loop: bool,
}

/// What a call came to.
#[derive(Debug)]
pub struct Called<T> {
    /// What it returned.
    pub output: T,
    /// After how long it returned.
    pub took: Duration,
    /// The requests that were neither done nor dropped when it had returned and every other task was idle.
    pub left: Vec<String>,
}

impl Services {
    /// Services for one call, or one case, of the function of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let timeline = Timeline::new();
        let state = State {
            watch: Stopwatch::start(),
            requests: Vec::new(),
            lanes: BTreeMap::new(),
            now: 0,
            most: 0,
            done: 0,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            lane: timeline.lane(name),
            timeline,
            name: name.to_owned(),
            home: thread::current().id(),
        }
    }

    /// A request that waits so long, once or several times in a row, and then has this answer. Without any wait it is ready at
    /// its first poll.
    pub fn request<T: Send + 'static>(
        &self,
        name: impl Into<String>,
        waits: impl IntoIterator<Item = Duration>,
        answer: T,
    ) -> Pin<Box<dyn Future<Output = T> + Send>> {
        Box::pin(self.scripted(name.into(), waits.into_iter().collect(), answer))
    }

    fn scripted<T: Send + 'static>(
        &self,
        name: String,
        waits: Vec<Duration>,
        answer: T,
    ) -> impl Future<Output = T> + Send + 'static + use<T> {
        let lane = self.lane_of(&name);
        let (request, home) = (self.add(name), self.home);
        lane.watch(async move {
            request.begin();
            let answer = {
                let mut waiting = pin!(request.wait(waits));
                let mut last: Option<(Instant, usize)> = None;
                poll_fn(|context| {
                    let now = Instant::now();
                    let in_a_row = last.filter(|(at, _)| *at == now).map_or(0, |(_, polls)| polls) + 1;
                    last = Some((now, in_a_row));
                    let away = thread::current().id() != home;
                    request.note(|seen| {
                        seen.polls += 1;
                        seen.elsewhere |= away;
                        seen.in_a_loop |= in_a_row == IN_A_ROW;
                    });
                    if away || in_a_row >= IN_A_ROW {
                        return Poll::Ready(());
                    }
                    waiting.as_mut().poll(context)
                })
                .await;
                answer
            };
            request.end();
            answer
        })
    }

    fn lane_of(&self, name: &str) -> Lane {
        let mut state = lock(&self.state);
        if let Some(lane) = state.lanes.get(name) {
            return lane.clone();
        }
        if state.lanes.len() >= LANES {
            return self.timeline.lane("more requests");
        }
        let lane = self.timeline.lane(name);
        state.lanes.insert(name.to_owned(), lane.clone());
        lane
    }

    fn add(&self, name: String) -> Request {
        let mut state = lock(&self.state);
        state.requests.push(Seen { name, ..Seen::default() });
        Request { state: Arc::clone(&self.state), number: state.requests.len() - 1 }
    }

    /// All requests, in the order in which they were made.
    #[must_use]
    pub fn all(&self) -> Vec<Seen> {
        lock(&self.state).requests.clone()
    }

    /// The first request of this name; one that was not made has seen nothing.
    #[must_use]
    pub fn seen(&self, name: &str) -> Seen {
        let all = self.all();
        all.into_iter().find(|seen| seen.name == name).unwrap_or_default()
    }

    /// How many requests of this name were made.
    #[must_use]
    pub fn made(&self, name: &str) -> usize {
        lock(&self.state).requests.iter().filter(|seen| seen.name == name).count()
    }

    /// The most requests that had begun and were not over at the same time.
    #[must_use]
    pub fn most(&self) -> usize {
        lock(&self.state).most
    }

    /// How many requests are done.
    #[must_use]
    pub fn done(&self) -> usize {
        lock(&self.state).done
    }

    /// The time since the start.
    #[must_use]
    pub fn now(&self) -> Duration {
        lock(&self.state).watch.read()
    }

    /// Carries the code under test out in virtual time, with so many polls at most, and tells a learner what is wrong when it does
    /// not come to its end.
    ///
    /// # Panics
    /// When it panics, asks in circles, never returns, or takes its requests to another thread.
    #[track_caller]
    pub fn call<F: Future>(&self, polls: usize, future: F) -> Called<F::Output> {
        self.try_call(polls, future).unwrap_or_else(|text| panic!("`{}` panicked: {text}", self.name))
    }

    /// As [`call`](Self::call), with the text of a panic that it has no better words for.
    ///
    /// # Errors
    /// When the code under test panics.
    ///
    /// # Panics
    /// When it asks in circles, never returns, or takes its requests to another thread.
    #[track_caller]
    pub fn try_call<F: Future>(&self, polls: usize, future: F) -> Result<Called<F::Output>, String> {
        let name = &self.name;
        stage(format!("`{name}` has been called"));
        let ran = panic_of(|| {
            vt(async {
                let start = Instant::now();
                let watched = self.lane.watch(within_polls(polls, future));
                // Not `timeout`, which polls once more when the time is up, and would rescue a future that nobody woke.
                let output = tokio::select! {
                    biased;
                    () = sleep(NEVER) => None,
                    output = watched => Some(output),
                };
                let took = start.elapsed();
                settle().await;
                (output, took, self.left())
            })
            .0
        });
        self.check_threads();
        self.check_loops();
        match ran {
            Ok((Some(Some(output)), took, left)) => Ok(Called { output, took, left }),
            Ok((Some(None), took, _)) => panic!(
                "`{name}` was polled {polls} times within {}, but was not done: it polls again and again. A future \
                 that has to wait returns `Pending`, and is polled again after it has been woken.{}",
                in_words(took),
                self.told()
            ),
            Ok((None, ..)) => panic!("`{name}` never returned.{} Nothing will wake it.", self.told()),
            Err(text) if text.starts_with("Your code") => panic!("{text}"),
            Err(text) => match self.explained(&text) {
                Some(words) => panic!("{words} ({text})"),
                None => Err(text),
            },
        }
    }

    /// Carries the code under test out as [`call`](Self::call) does, and drops it after this time, half-way. Gives the requests
    /// that are neither done nor dropped then.
    ///
    /// # Panics
    /// When the code under test panics.
    #[track_caller]
    pub fn dropped_after<F: Future>(&self, time: Duration, future: F) -> Vec<String> {
        stage(format!("`{}` has been called, and will be dropped half-way", self.name));
        let watched = self.lane.watch(within_polls(HALF_WAY, future));
        let (left, _) = vt(async {
            let restless = matches!(timeout(time, watched).await, Ok(None));
            assert!(
                !restless,
                "`{}` was polled {HALF_WAY} times, but was not done: it polls again and again. A future that has to \
                 wait returns `Pending`, and is polled again after it has been woken.",
                self.name
            );
            settle().await;
            self.left()
        });
        self.check_threads();
        self.check_loops();
        left
    }

    fn left(&self) -> Vec<String> {
        let state = lock(&self.state);
        let left = state.requests.iter().filter(|seen| seen.dropped.is_none());
        left.map(|seen| seen.name.clone()).collect()
    }

    /// A sentence on up to three requests.
    fn told(&self) -> String {
        let all = self.all();
        let told = |seen: &Seen| {
            let name = &seen.name;
            match (seen.begun, seen.done) {
                (_, Some(done)) => format!("the request `{name}` was done after {}", in_words(done)),
                (Some(begun), None) => {
                    format!("the request `{name}` began after {} and is not done", in_words(begun))
                }
                (None, None) => format!("the request `{name}` was never polled"),
            }
        };
        if all.is_empty() || all.len() > 3 {
            return format!(" {} of {} requests were done.", self.done(), all.len());
        }
        let mut text = all.iter().map(told).collect::<Vec<_>>().join(", ");
        text[..1].make_ascii_uppercase();
        format!(" {text}.")
    }

    #[track_caller]
    fn check_threads(&self) {
        let all = self.all();
        let away = all.iter().filter(|seen| seen.elsewhere).count();
        assert!(
            away == 0,
            "{away} of {} requests were polled on another thread, not on the one that polls `{}`. Its runtime can \
             wait for all of them with the thread that it has: start no threads and no second runtime.",
            all.len(),
            self.name
        );
    }

    #[track_caller]
    fn check_loops(&self) {
        let Some(seen) = self.all().into_iter().find(|seen| seen.in_a_loop) else { return };
        panic!(
            "The request `{}` was polled {IN_A_ROW} times in a row while nothing happened: `{}` polls in a loop. A \
             future that is not ready wakes its task when it can continue; until then, return `Pending` and give the \
             thread back.",
            seen.name, self.name
        );
    }

    /// Words for panics that say nothing about the mistake.
    fn explained(&self, text: &str) -> Option<String> {
        let name = &self.name;
        if text.contains("from within a runtime") {
            return Some(format!(
                "`{name}` blocks the thread to wait for a future, and that thread belongs to a runtime. This is \
                 async code: `.await` the future."
            ));
        }
        if text.contains("can call blocking only") {
            return Some(format!(
                "`{name}` blocks the thread (`block_in_place`), and this runtime has only that one to poll the \
                 requests with. This is async code: `.await` them."
            ));
        }
        text.contains("resumed after completion").then(|| {
            format!(
                "`{name}` polled a future again that had been ready. After `Ready` a future must not be polled any more."
            )
        })
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").field("requests", &self.all()).finish_non_exhaustive()
    }
}

/// One request, from its making to its drop.
struct Request {
    state: Arc<Mutex<State>>,
    number: usize,
}

impl Request {
    fn note(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut lock(&self.state).requests[self.number]);
        bump();
    }

    fn begin(&self) {
        let mut state = lock(&self.state);
        state.now += 1;
        state.most = state.most.max(state.now);
        let at = state.watch.read();
        state.requests[self.number].begun = Some(at);
    }

    fn end(&self) {
        let mut state = lock(&self.state);
        state.now -= 1;
        state.done += 1;
        let at = state.watch.read();
        state.requests[self.number].done = Some(at);
    }

    async fn wait(&self, waits: Vec<Duration>) {
        for wait in waits {
            let until = Instant::now() + wait;
            sleep_until(until).await;
            // Tokio's clock counts whole milliseconds and may round up.
            let late = until.elapsed().saturating_sub(Duration::from_millis(1));
            self.note(|seen| seen.stood_still = seen.stood_still.max(late));
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        let at = state.watch.read();
        let seen = &mut state.requests[self.number];
        seen.dropped = Some(at);
        if seen.begun.is_some() && seen.done.is_none() {
            state.now -= 1;
        }
        drop(state);
        bump();
    }
}
