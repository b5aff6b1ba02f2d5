//! Waiting long enough to be sure: for those who give up or look now and then, and for what will never come.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::task::yield_now;
use tokio::time::Instant;

use crate::checks::poll_once;
use crate::time::advance;
use crate::waker::CountingWaker;
use crate::words::in_words;

/// Turns for everybody else before any time passes, and steps of each length.
const TURNS: usize = 32;

/// How far the clock moves at a time: whoever naps for as long as that or less is woken by each step.
const STEPS: [Duration; 5] = [
    Duration::from_millis(1),
    Duration::from_millis(100),
    Duration::from_secs(10),
    Duration::from_secs(3600),
    Duration::from_secs(24 * 3600),
];

/// Rounds without progress after which [`stalled`] is sure.
const ROUNDS: usize = 300;

/// What the code under test did during a [`long_wait`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waited {
    /// Polls while no time passed. One that is always ready has dozens.
    pub spins: usize,
    /// Polls while time passed. One that naps has dozens, whatever the length of its nap.
    pub naps: usize,
    /// The time that passed; about a month if it did not end before.
    pub took: Duration,
    /// Whether it ended.
    pub over: bool,
}

impl Waited {
    /// When it ended, as a learner reads it: `at once`, or `within 34 s`. Time has passed in steps, so more is not known.
    #[must_use]
    pub fn when(&self) -> String {
        if self.took.is_zero() {
            return "at once".to_owned();
        }
        let seconds = self.took.as_millis().div_ceil(1_000);
        format!("within {}", in_words(Duration::from_secs(u64::try_from(seconds).unwrap_or(u64::MAX))))
    }
}

/// Lets nothing happen for a long time: first all others have their turns, then the paused clock moves in steps from a
/// millisecond to a day. After each step it asks `look` how often the code under test has been polled, and whether it has
/// ended; then it returns, as it does when it has seen enough polls without time.
///
/// No fixed nap and no time limit of the code under test is too short or too long to show.
///
/// ```
/// use std::time::Duration;
/// use testkit::{Probe, long_wait, vt};
///
/// vt(async {
///     let (napper, probe) = Probe::new(async { loop { tokio::time::sleep(Duration::from_secs(7)).await } });
///     tokio::spawn(napper);
///     let waited = long_wait(|| (probe.polls(), probe.finished())).await;
///     assert!(waited.naps >= 30 && !waited.over);
/// });
/// ```
///
/// # Panics
/// Outside of [`vt`](crate::vt).
pub async fn long_wait(mut look: impl FnMut() -> (usize, bool)) -> Waited {
    let start = Instant::now();
    let (first, over) = look();
    let mut waited = Waited { spins: 0, naps: 0, took: Duration::ZERO, over };
    for _ in 0..TURNS {
        if waited.over {
            return waited;
        }
        yield_now().await;
        let (polls, over) = look();
        waited = Waited { spins: polls - first, over, ..waited };
    }
    if waited.spins > TURNS / 2 {
        // It is ready all the time; more of that would tell nothing new, and each of its polls may be slow.
        return waited;
    }
    for step in STEPS.iter().flat_map(|step| [*step; TURNS]) {
        if waited.over {
            return waited;
        }
        advance(step).await;
        // The driver wakes those who are due, they are polled, and what they have woken is polled.
        for _ in 0..3 {
            yield_now().await;
        }
        let (polls, over) = look();
        waited = Waited { naps: polls - first - waited.spins, took: start.elapsed(), over, ..waited };
    }
    waited
}

/// Waits until it is certain that nothing goes on: until `progress` has stayed the same while another thread lay down and
/// got up 300 times. On a busy machine that takes as much longer as everything else does.
///
/// For what only a wrong answer lets come to that; a right one goes on at once.
///
/// ```
/// # testkit::rt(async {
/// let never = std::future::pending::<()>();
/// tokio::select! {
///     () = never => unreachable!(),
///     () = testkit::stalled(|| 0) => {}
/// }
/// # });
/// ```
pub async fn stalled<T: PartialEq>(progress: impl FnMut() -> T) {
    stalled_or(progress, || false).await;
}

/// The same, but it also returns once `enough` says that nothing more has to be seen; it is asked after each rest without progress.
pub(crate) async fn stalled_or<T: PartialEq>(mut progress: impl FnMut() -> T, enough: impl Fn() -> bool) {
    let naps = Naps::start();
    let mut last = progress();
    let mut rounds = 0;
    while rounds < ROUNDS {
        naps.next().await;
        let now = progress();
        rounds = if now == last { rounds + 1 } else { 0 };
        if rounds > 0 && enough() {
            break;
        }
        last = now;
    }
}

/// A thread that lies down and gets up again whenever it is asked to.
struct Naps(mpsc::Sender<oneshot::Sender<()>>);

impl Naps {
    fn start() -> Self {
        let (ask, asked) = mpsc::channel::<oneshot::Sender<()>>();
        thread::spawn(move || {
            for back in asked {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "it counts how often a thread can sleep, not for how long"
                )]
                thread::sleep(Duration::from_millis(1));
                let _ = back.send(());
            }
        });
        Self(ask)
    }

    async fn next(&self) {
        let (back, up) = oneshot::channel();
        self.0.send(back).expect("the thread lives as long as `self`");
        up.await.expect("it answers");
    }
}

/// A future that is polled when it has been woken, and not otherwise: by hand, from within a runtime.
///
/// ```
/// use testkit::{Gate, Sleeper, long_wait, vt};
///
/// let gate = Gate::new();
/// vt(async {
///     let mut sleeper = Sleeper::new(gate.wait());
///     sleeper.turn();
///     // Another task polls it from now on; the waker of this poll is the one to be woken.
///     sleeper.change_task();
///     assert_eq!(long_wait(|| sleeper.turn()).await.spins, 0);
///     gate.open();
///     assert!(sleeper.until(|| false).await && sleeper.output().is_some());
/// });
/// ```
#[must_use = "futures do nothing unless polled"]
pub struct Sleeper<F: Future> {
    future: Pin<Box<F>>,
    output: Option<F::Output>,
    over: bool,
    waker: CountingWaker,
    /// Of the tasks that polled it before.
    former: Vec<CountingWaker>,
    news: Arc<Notify>,
    /// Wakes that have been followed by a poll.
    answered: usize,
    polls: usize,
}

impl<F: Future> Sleeper<F> {
    /// Not polled yet.
    pub fn new(future: F) -> Self {
        let news = Arc::new(Notify::new());
        Self {
            future: Box::pin(future),
            output: None,
            over: false,
            waker: waker(&news),
            former: Vec::new(),
            news,
            answered: 0,
            polls: 0,
        }
    }

    /// Polls it if that is due: for the first time, or because it was woken. How often it has been polled, and whether it is
    /// over.
    pub fn turn(&mut self) -> (usize, bool) {
        if self.polls == 0 || self.waker.wakes() > self.answered {
            self.poll();
        }
        (self.polls, self.over)
    }

    /// Polls it without a reason, from another task: with another waker, which is the one that counts from now on.
    pub fn change_task(&mut self) {
        self.former.push(mem::replace(&mut self.waker, waker(&self.news)));
        self.answered = 0;
        self.poll();
    }

    fn poll(&mut self) {
        if self.over {
            return;
        }
        self.answered = self.waker.wakes();
        self.polls += 1;
        if let Poll::Ready(output) = poll_once(&mut self.future, &self.waker.waker()) {
            self.output = Some(output);
            self.over = true;
        }
    }

    /// Gives it its turns until `done` says so or it is over. False when neither comes, which is certain as with
    /// [`stalled`].
    pub async fn until(&mut self, mut done: impl FnMut() -> bool) -> bool {
        let naps = Naps::start();
        let mut quiet = 0;
        loop {
            let polls = self.polls;
            if self.turn().1 || done() {
                return true;
            }
            quiet = if self.polls == polls { quiet } else { 0 };
            if quiet >= ROUNDS {
                return false;
            }
            tokio::select! {
                biased;
                () = self.news.notified() => {}
                () = naps.next() => quiet += 1,
            }
        }
    }

    /// How often the waker of a task that polled it before was woken.
    #[must_use]
    pub fn former_wakes(&self) -> usize {
        self.former.iter().map(CountingWaker::wakes).sum()
    }

    /// What it has returned, once.
    #[must_use]
    pub fn output(&mut self) -> Option<F::Output> {
        self.output.take()
    }
}

impl<F: Future> fmt::Debug for Sleeper<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleeper")
            .field("polls", &self.polls)
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

fn waker(news: &Arc<Notify>) -> CountingWaker {
    let waker = CountingWaker::new();
    let news = Arc::clone(news);
    waker.on_wake(move || news.notify_one());
    waker
}
