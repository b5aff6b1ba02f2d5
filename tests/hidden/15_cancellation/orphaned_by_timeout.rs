//! Hidden tests of `orphaned_by_timeout`: when a job is gone, what `run` returns and when, and what is left of a job.

use std::fmt::Debug;
use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};
use std::thread::{self, ThreadId};
// hermetic: bounds the wait for a thread that may be about to start, before a message is chosen
use std::time::{Duration, Instant as Clock};

use exercise::{Outcome, run};
use testkit::{
    Ended, Lane, Timeline, assert_send, counted, handed_on, in_words, pick, poll_once, settle, side_by_side,
    stage, timed, together, vt,
};
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// A job that is not done at the limit is gone when `run` returns `TimedOut`.
#[test]
fn at_the_limit_the_job_is_gone() {
    let day = Duration::from_secs(24 * 3600);
    for (limit, part) in [
        (millis(pick(300..=700)), millis(110)),
        (millis(pick(300..=700)), millis(pick(3_000..=5_000))),
        (millis(1), millis(pick(50..=90))),
        (day * 40 + millis(pick(1..=999)), day),
        (Duration::ZERO, millis(pick(50..=90))),
    ] {
        let job = Job::new();
        vt(async {
            job.time_out(job.parts(part, 100), limit).await;
        });
    }
    // One that never ends by itself.
    let (job, limit) = (Job::new(), millis(pick(300..=700)));
    vt(async {
        job.time_out(job.watched(pending::<()>()), limit).await;
    });
}

/// That is so even if hundreds of other tasks are in the queue in front of it.
#[test]
fn others_may_be_in_front() {
    // A second time, if somebody waits well only once.
    (0..2).for_each(|_| in_front());
}

fn in_front() {
    let job = Job::new();
    let limit = millis(pick(300..=700));
    vt(async {
        let (start, others) = (Instant::now(), pick(400..=600));
        for _ in 0..others {
            tokio::spawn(async move {
                sleep_until(start + limit).await;
                yield_now().await;
            });
        }
        settle().await;
        stage(format!("{others} other tasks wake up when the time is up"));
        job.time_out(job.parts(limit * 2, 9), limit).await;
    });
    let polls = job.seen().polls;
    assert!(
        polls <= 6,
        "`run` was polled {polls} times for one job and one limit: it asked again and again. The end of a task wakes the code that \
         awaits its handle."
    );
}

/// It returns as soon as the job has ended or the time is up, and with the right outcome.
#[test]
fn it_returns_when_it_is_due() {
    let some = pick(200..=900);
    for (takes, limit) in [
        (some, some + 1_000),
        (some, some + 40),
        (0, some),
        (some * 20, some),
        (1, 50),
        (some * 1_000_000, some * 1_000_001),
        (some * 1_000_001, some * 1_000_000),
    ] {
        let (takes, limit) = (millis(takes), millis(limit));
        let (job, number) = (Job::new(), pick(1..=u64::MAX));
        let called = vt(job.call(job.after(takes, number), limit)).0;
        let said = format!("The job needs {}, and the limit is {}", say(takes), say(limit));
        let due = takes.min(limit);
        let outcome = if takes < limit { Outcome::Done(number) } else { Outcome::TimedOut };
        assert!(
            called.outcome == outcome,
            "{said}. `run` returned {:?} after {}, and not {outcome:?}.",
            called.outcome,
            say(called.took)
        );
        assert!(
            called.took <= due + GRAIN,
            "{said}. `run` returned {outcome:?} after {}, {} later than it had to.",
            say(called.took),
            say(called.took - due)
        );
        assert!(
            called.took + GRAIN >= due,
            "{said}. `run` returned {outcome:?} after {} already.",
            say(called.took)
        );
    }
}

/// If `run` is dropped half-way, its job ends, too.
#[test]
fn a_dropped_run_ends_its_job() {
    let limit = millis(pick(300..=700));
    let part = limit / 4;
    let moments = [limit / 3, limit - part / 3, Duration::ZERO].map(Moment::After);
    // The second poll may come when the time is up.
    for moment in moments.into_iter().chain((1..=5).map(Moment::Polls)) {
        let job = Job::new();
        vt(async {
            stage("`run` is dropped half-way");
            let start = Instant::now();
            let call = async {
                let called = timed("`run`", POLLS, job.lane.watch(run(job.parts(part, 100), limit))).await;
                called.unwrap_or_else(|text| panic!("{text}")).output
            };
            let returned = match moment {
                Moment::After(time) => timeout(time, call).await.is_ok(),
                Moment::Polls(most) => {
                    let (mut call, mut polls) = (pin!(call), 0);
                    poll_fn(|context| {
                        polls += 1;
                        match call.as_mut().poll(context) {
                            Poll::Ready(_) => Poll::Ready(true),
                            Poll::Pending if polls == most => Poll::Ready(false),
                            Poll::Pending => Poll::Pending,
                        }
                    })
                    .await
                }
            };
            if returned {
                return;
            }
            job.check_home();
            let at = start.elapsed();
            settle().await;
            if !job.gone() {
                sleep(YEARS).await;
                panic!(
                    "`run` was dropped after {}, and its job {}. A plain `JoinHandle` is dropped along with `run`, and \
                     detaches its task then.",
                    say(at),
                    job.went_on(at)
                );
            }
            job.check_rest(&format!("`run` was dropped after {}", say(at))).await;
        });
    }
}

/// A panic of the job is the outcome `Panicked`, as soon as it happens.
#[test]
fn a_panic_is_an_outcome() {
    for (takes, limit) in [(0, 500), (pick(100..=200), 500), (pick(100..=200), u64::MAX)] {
        let (takes, limit) = (millis(takes), millis(limit));
        let (job, well) = (Job::new(), Job::new());
        let number = pick(1..=999);
        stage("a job panics");
        let (calls, _) = vt(async {
            let panics = job.panics_after(takes);
            let calls: [Pin<Box<dyn Future<Output = Outcome<u64>> + Send>>; 2] =
                [Box::pin(run(panics, limit)), Box::pin(run(well.after(takes * 2, number), YEARS))];
            together(POLLS, calls).await
        });
        let [panicked, other] = <[_; 2]>::try_from(calls).expect("two calls");
        assert!(
            panicked.ended == Ended::Returned(Outcome::Panicked),
            "The job panicked after {}, and `run` {}. Its outcome is `Panicked`, and the worker goes on.",
            say(takes),
            panicked.how()
        );
        assert!(
            panicked.after <= takes + GRAIN,
            "The job panicked after {}, and `run` returned after {}. It returns at once.",
            say(takes),
            say(panicked.after)
        );
        assert!(
            other.ended == Ended::Returned(Outcome::Done(number)),
            "One job panicked, and `run` of another one {}. Its outcome is `Done({number})`.",
            other.how()
        );
    }
}

/// A job that ended within the limit is `Done`, even if `run` is polled long after that.
#[test]
fn a_late_poll_loses_nothing() {
    for round in 0..ROUNDS {
        let takes = millis(pick(50..=400));
        let (job, limit, number) = (Job::new(), takes * 2, pick(1..=999));
        vt(async {
            stage("`run` is polled once, and then again when the time is up");
            let mut call = Box::pin(run(job.after(takes, number), limit));
            assert!(
                poll_once(&mut call, Waker::noop()).is_pending(),
                "The job needs {}, and `run` was ready at its first poll.",
                say(takes)
            );
            settle().await;
            // Some polls come just after the limit, and some a month later.
            sleep(if round % 2 == 0 { limit + millis(5) } else { YEARS }).await;
            settle().await;
            let called = timed("`run`", POLLS, job.lane.watch(call)).await;
            let outcome = called.unwrap_or_else(|text| panic!("{text}")).output;
            assert!(
                outcome == Outcome::Done(number),
                "The job ended after {}, within the limit of {}. `run` was polled after that limit, and returned {outcome:?}. Look at the \
                 outcome before you look at the clock.",
                say(takes),
                say(limit)
            );
        });
        job.check_home();
    }
}

/// The limit may be zero or the longest duration that there is, and any output is an output.
#[test]
fn any_limit_and_any_output() {
    for limit in [Duration::MAX, Duration::from_secs(u64::MAX), millis(u64::MAX), YEARS] {
        let job = Job::new();
        let takes = millis(pick(200..=900));
        let called = vt(job.call(job.after(takes, 7), limit)).0;
        assert!(
            called.outcome == Outcome::Done(7),
            "The limit is {limit:?}. The job needs {}, and `run` returned {:?}.",
            say(takes),
            called.outcome
        );
    }
    output(0_u64);
    output(String::new());
    output(());
    output(None::<u8>);
    output(Err::<u8, _>("no video".to_owned()));
    output(vec![pick(0..=9); 3]);
}

/// Jobs that run at the same time know nothing of each other.
#[test]
fn jobs_are_independent() {
    stage("a slow job and a quick one");
    let (slow, quick) = (Job::new(), Job::new());
    let (outcomes, _) = vt(async {
        let slow = run(slow.after(YEARS / 2, 1), YEARS);
        let quick = run(quick.after(millis(5), 2), YEARS);
        side_by_side("`run`", POLLS, slow, quick).await
    });
    assert!(
        outcomes == (Outcome::Done(1), Outcome::Done(2)),
        "Two jobs ran side by side, and `run` returned {outcomes:?}."
    );

    let count = pick(200..=300);
    stage(format!("{count} jobs at once, and every other one takes too long"));
    let jobs: Vec<Job> = (0..count).map(|_| Job::new()).collect();
    let limit = millis(500);
    vt(async {
        let calls = (0..).zip(&jobs).map(|(n, job)| {
            let takes = if n % 2 == 0 { millis(n + 1) } else { limit * 3 };
            run(job.after(takes, n), limit)
        });
        let calls = together(POLLS, calls.collect::<Vec<_>>()).await;
        for (n, (call, job)) in (0..).zip(calls.into_iter().zip(&jobs)) {
            let due = if n % 2 == 0 { Outcome::Done(n) } else { Outcome::TimedOut };
            let after = call.after;
            let outcome = call.returned("`run`");
            assert!(
                outcome == due && after <= limit + GRAIN,
                "{count} jobs ran at once. `run` of job {n} returned {outcome:?} after {}, and {due:?} was due after {}.",
                say(after),
                say(if n % 2 == 0 { millis(n + 1) } else { limit })
            );
            assert!(
                job.gone(),
                "{count} jobs ran at once. All of them are over, and job {n} is still there."
            );
        }
    });
}

/// A job whose `run` was never polled has not begun, and the limit counts from the first poll.
#[test]
fn what_was_never_polled_has_not_begun() {
    let job = Job::new();
    vt(async {
        let call = run(job.parts(millis(100), 9), millis(500));
        assert_send(&call);
        settle().await;
        let begun = job.seen().begun;
        assert!(
            !begun,
            "`run` was called and never polled, and its job has begun all the same. A future does nothing until it is polled."
        );
        drop(call);
        settle().await;
        assert!(job.gone(), "A `run` that was never polled was dropped, and its job is still there.");

        stage("`run` is called, and polled later");
        let (job, limit) = (Job::new(), millis(pick(300..=700)));
        let call = run(job.after(limit / 2, 7), limit);
        sleep(limit * 3).await;
        let outcome =
            timed("`run`", POLLS, job.lane.watch(call)).await.unwrap_or_else(|text| panic!("{text}")).output;
        assert!(
            outcome == Outcome::Done(7),
            "`run` was called, and polled {} later. Its job needed {} from then on, the limit was {}, and `run` returned {outcome:?}. The \
             limit counts from the first poll.",
            say(limit * 3),
            say(limit / 2),
            say(limit)
        );
    });
}

/// However long a job takes, `run` waits, and is woken when there is something to do.
#[test]
fn waiting_costs_nothing() {
    let days = Duration::from_secs(pick(20..=40) * 24 * 3600);
    for (takes, limit) in [(days, days * 2), (days * 2, days)] {
        let job = Job::new();
        let called = vt(job.call(job.after(takes, 7), limit)).0;
        let due = if takes < limit { Outcome::Done(7) } else { Outcome::TimedOut };
        assert!(
            called.outcome == due,
            "The job needs {}, the limit is {}, and `run` returned {:?} after {}.",
            say(takes),
            say(limit),
            called.outcome,
            say(called.took)
        );
    }

    stage("another task goes on with `run`");
    let takes = millis(pick(200..=400));
    for limit in [takes * 2, takes / 2] {
        let job = Job::new();
        let outcome = vt(handed_on("`run`", POLLS, run(job.after(takes, 7), limit))).0;
        let due = if takes < limit { Outcome::Done(7) } else { Outcome::TimedOut };
        assert!(
            outcome == due,
            "Another task went on with `run`, and it returned {outcome:?}. It was {due:?}."
        );
    }
}

/// Tokio's clock counts whole milliseconds, and all times that are checked are such.
const GRAIN: Duration = Duration::from_micros(900);

/// More polls than a call needs.
const POLLS: usize = 120;

/// Longer than all jobs that end, and less than Tokio's clock can count.
const YEARS: Duration = Duration::from_secs(300 * 24 * 3600);

/// A coin that falls on the same side so often is not one.
const ROUNDS: usize = 40;

#[derive(Clone, Copy)]
enum Moment {
    After(Duration),
    Polls(usize),
}

/// A job, and what was seen of it.
struct Job {
    seen: Arc<Mutex<Seen>>,
    /// Of `run`, and of the job.
    lane: Lane,
    work: Lane,
    home: ThreadId,
}

#[derive(Default)]
struct Seen {
    start: Option<Instant>,
    begun: bool,
    /// Of `run`.
    polls: usize,
    elsewhere: bool,
    /// When each part was finished, counted from the first poll.
    parts: Vec<Duration>,
    dropped: Option<Duration>,
}

/// What a call of `run` came to.
struct Called<T> {
    outcome: Outcome<T>,
    took: Duration,
    /// Whether the job had been dropped when `run` returned.
    gone: bool,
}

impl Job {
    fn new() -> Self {
        let timeline = Timeline::new();
        let (lane, work) = (timeline.lane("run"), timeline.lane("job"));
        Self { seen: Arc::default(), lane, work, home: thread::current().id() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen)
    }

    /// The job that does this work.
    fn watched<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        let (scratch, home) = (Scratch(Arc::clone(&self.seen)), self.home);
        self.work.watch(async move {
            let scratch = scratch;
            let elsewhere = thread::current().id() != home;
            {
                let mut seen = lock(&scratch.0);
                seen.begun = true;
                seen.elsewhere |= elsewhere;
                seen.start = Some(Instant::now());
            }
            work.await
        })
    }

    /// A job in parts, each of which takes so long.
    fn parts(&self, part: Duration, count: usize) -> impl Future<Output = usize> + Send + 'static + use<> {
        let (seen, home) = (Arc::clone(&self.seen), self.home);
        self.watched(async move {
            for _ in 0..count {
                if thread::current().id() != home {
                    break;
                }
                sleep(part).await;
                let mut seen = lock(&seen);
                let at = seen.at();
                seen.parts.push(at);
            }
            count
        })
    }

    /// A job with one wait.
    fn after<T: Send + 'static>(
        &self,
        takes: Duration,
        output: T,
    ) -> impl Future<Output = T> + Send + 'static + use<T> {
        let home = self.home;
        self.watched(async move {
            if !takes.is_zero() && thread::current().id() == home {
                sleep(takes).await;
            }
            output
        })
    }

    /// A job that panics.
    fn panics_after(&self, takes: Duration) -> impl Future<Output = u64> + Send + 'static + use<> {
        let wait = self.after(takes, 0);
        async move {
            wait.await;
            // hermetic: the panic is what is tested
            resume_unwind(Box::new("frame 7 is broken"))
        }
    }

    async fn call<T: Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
        limit: Duration,
    ) -> Called<T> {
        stage(format!("`run` has been called, with a limit of {}", say(limit)));
        let called = timed("`run`", POLLS, self.lane.watch(run(job, limit))).await;
        let gone = self.gone();
        self.check_home();
        let called = called.unwrap_or_else(|text| {
            assert!(
                !text.contains("overflow"),
                "With a limit of {limit:?}, {text}. The limit may be any duration. `timeout` and `sleep` take each of them; an `Instant` plus a \
                 `Duration` is only for those that are known to be short."
            );
            panic!("{text}")
        });
        self.seen().polls = called.polls;
        Called { outcome: called.output, took: called.took, gone }
    }

    /// Calls `run` with a job that needs longer than its limit, and checks what is left of the job.
    async fn time_out<T: Debug + PartialEq + Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
        limit: Duration,
    ) {
        let called = self.call(job, limit).await;
        let after = say(called.took);
        assert!(
            called.outcome == Outcome::TimedOut,
            "The job needs longer than its limit of {}, and `run` returned {:?} after {after}.",
            say(limit),
            called.outcome
        );
        let late = self.late_parts(limit);
        assert!(
            late == 0,
            "The limit was {}, and the job went on: when `run` returned `TimedOut` after {after}, it had finished {}. A job that has reached its limit ends there.",
            say(limit),
            more_parts(late)
        );
        if !called.gone {
            settle().await;
            assert!(
                !self.gone(),
                "`run` returned `TimedOut` after {after}, and its job had not been dropped yet: the scratch file was still there. An abort is a request, also that of a handle that is dropped. The task is gone when its handle is ready, and not before."
            );
            sleep(YEARS).await;
            if !self.seen().begun {
                self.wait_for_a_thread();
            }
            panic!(
                "`run` returned `TimedOut` after {after}, and its job {}. A task whose `JoinHandle` is dropped is detached: nobody ends it any more.",
                self.went_on(limit)
            );
        }
        self.check_rest(&format!("`run` returned `TimedOut` after {after}")).await;
    }

    /// Whether the job has been dropped, or has ended.
    fn gone(&self) -> bool {
        self.seen().dropped.is_some()
    }

    fn late_parts(&self, since: Duration) -> usize {
        self.seen().parts.iter().filter(|at| **at > since + GRAIN).count()
    }

    /// What became of a job that was there too long, as a part of a sentence.
    fn went_on(&self, since: Duration) -> String {
        let more = self.late_parts(since);
        let more = if more == 0 {
            "went on".to_owned()
        } else {
            format!("went on and finished {}", more_parts(more))
        };
        match self.seen().dropped {
            Some(at) => format!("{more}, until it ended after {}", say(at)),
            None => format!("{more}, and was still there after {}", say(YEARS)),
        }
    }

    /// Checks that nothing is left, and that nothing happens any more.
    async fn check_rest(&self, said: &str) {
        settle().await;
        let (tasks, parts) = (Handle::current().metrics().num_alive_tasks(), self.seen().parts.len());
        assert!(
            tasks == 0,
            "{said}. The job is gone, and {} stayed behind. Nothing that `run` has started may outlive it.",
            counted(tasks, "task")
        );
        sleep(YEARS).await;
        let more = self.seen().parts.len() - parts;
        assert!(more == 0, "{said}. After that, the job finished {}.", more_parts(more));
    }

    /// If a thread is about to carry the job out, that is the better message.
    fn wait_for_a_thread(&self) {
        let start = Clock::now();
        while !self.seen().elsewhere && start.elapsed() < Duration::from_millis(300) {
            thread::yield_now();
        }
        self.check_home();
    }

    fn check_home(&self) {
        assert!(
            !self.seen().elsewhere,
            "The job was carried out on another thread than the runtime's. A thread cannot be dropped, and neither can the job on it: make it a task of the runtime that there is."
        );
    }
}

impl Seen {
    fn at(&self) -> Duration {
        self.start.map_or(Duration::ZERO, |start| start.elapsed())
    }
}

/// What a job owns for as long as it exists.
struct Scratch(Arc<Mutex<Seen>>);

impl Drop for Scratch {
    fn drop(&mut self) {
        let mut seen = lock(&self.0);
        seen.dropped = Some(seen.at());
    }
}

fn more_parts(parts: usize) -> String {
    counted(parts, "more part")
}

/// A job with this output.
fn output<T: Clone + Debug + PartialEq + Send + 'static>(value: T) {
    let (job, takes) = (Job::new(), millis(pick(0..=1) * 30));
    let outcome = vt(job.call(job.after(takes, value.clone()), takes * 2 + millis(9))).0.outcome;
    assert!(
        outcome == Outcome::Done(value.clone()),
        "The job ended in time with {value:?}, and `run` returned {outcome:?}."
    );
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(1_000) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
