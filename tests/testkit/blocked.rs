//! A call that blocks its thread until a future is done, such as a `block_on` under test: whether its thread sleeps
//! meanwhile, and whether a wake ends the sleep. What decides is what the thread *did* (lay down, got up, had a turn on a
//! core), never how fast it was: a thread that is starved by a busy machine has done nothing yet, and is waited for.

use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use crate::activity::lock;
use crate::effort::{Effort, compete};
use crate::panics::panic_of;

/// CPU time that no thread needs to lie down, or to get up and poll.
const BUSY: Duration = Duration::from_millis(20);
/// So often no thread is driven from its core on the way from a poll into its sleep.
const TURNS: u64 = 50;
/// A thread that has been woken mostly has its turn by the time that this one has used so much CPU time.
const OVERSLEPT: Duration = Duration::from_millis(10);
/// And in so many pauses more it has one for certain, however many others share the cores: this thread has to get up after
/// each pause, and waits for its own turn as long as the other does.
const GRACE: usize = 300;
/// What a thread that spins meanwhile is sure to show of itself in.
const CONTEST: Duration = Duration::from_millis(10);
/// Whoever lies down may have to wait for something else before, a page of memory say. Of so many looks, one sees it lie
/// still.
const LOOKS: usize = 3;
/// CPU time in which whoever was woken by mistake gets up and polls.
const MISTAKEN: Duration = Duration::from_millis(30);
/// So many pauses for a waker that waits for the end of the poll.
const WAKING: usize = 2_000;

/// A blocking call on a thread of its own.
///
/// ```standalone_crate
/// use std::time::Duration;
/// use testkit::{Blocked, Rest, Script, Signal, Step, Wake};
///
/// let signal = Signal::new();
/// let script = Script::new("event", [Step::Pend(Wake::Later(signal.clone())), Step::Ready(7)]);
/// let blocked = Blocked::start(script, |future| testkit::rt(future));
/// blocked.until_polled(1);
/// # if cfg!(target_os = "linux") {
/// assert_eq!(blocked.rest(Duration::from_millis(20)), Rest::Asleep);
/// # }
/// signal.fire();
/// assert!(blocked.answers(2).is_some());
/// assert_eq!(blocked.value(), Ok(7));
/// ```
#[derive(Debug)]
pub struct Blocked<T> {
    thread: JoinHandle<Result<T, String>>,
    polls: Arc<Mutex<Polls>>,
    /// What the others had done before the thread began.
    before: Option<Effort>,
}

/// What a thread does between two polls, while nobody wakes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It lay down and lies still.
    Asleep,
    /// It did not lie down: it used so much CPU time, and was driven from its core or gave it back so often.
    Awake {
        /// CPU time since the poll.
        cpu: Duration,
        /// Turns on a core that ended without a sleep.
        turns: u64,
    },
    /// It lies down and gets up again: so often in that time.
    Naps {
        /// How often it lay down.
        naps: u64,
        /// In how much time.
        within: Duration,
    },
    /// It lay down in the middle of a poll, and lies still.
    InPoll,
    /// It polled again.
    Polled {
        /// How often it had lain down since the poll before.
        naps: u64,
    },
    /// The call returned, or panicked.
    Over,
}

#[derive(Debug, Default)]
struct Polls {
    begun: usize,
    /// Whether one is going on.
    inside: bool,
    /// What the polling thread had done when the latest poll began, or ended if it has.
    then: Option<Effort>,
    /// How often it lay down between the latest two polls.
    naps: u64,
}

impl<T: Send + 'static> Blocked<T> {
    /// Hands the future to `block_on`, on a new thread.
    pub fn start<F: Future + Send + 'static>(
        future: F,
        block_on: impl FnOnce(Noted<F>) -> T + Send + 'static,
    ) -> Self {
        let polls = Arc::new(Mutex::new(Polls::default()));
        let noted = Noted { future: Box::pin(future), polls: Arc::clone(&polls) };
        let before = Effort::of_others();
        let thread = thread::spawn(move || panic_of(|| block_on(noted)));
        Self { thread, polls, before }
    }

    /// How often the future was polled, counted when a poll begins.
    #[must_use]
    pub fn polls(&self) -> usize {
        lock(&self.polls).begun
    }

    /// Whether the call has returned or panicked.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.thread.is_finished()
    }

    /// The thread that is blocked.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        self.thread.thread()
    }

    /// What the thread has done since it was started, if all others slept meanwhile; `None` where the system does not tell.
    #[must_use]
    pub fn effort(&self) -> Option<Effort> {
        Some(Effort::of_others()?.since(self.before?))
    }

    /// Waits until so many polls have begun, or the call is over.
    pub fn until_polled(&self, polls: usize) {
        while self.polls() < polls && !self.is_over() {
            pause();
        }
    }

    /// What the thread does since the latest poll. It is waited for until it lies down, and watched for `window` then.
    /// Nothing but this thread may be at work meanwhile: other blocked ones asleep, and everybody else gone. Where the
    /// system does not tell, whoever does not poll is asleep.
    #[must_use]
    pub fn rest(&self, window: Duration) -> Rest {
        let polls = self.polls();
        loop {
            if let Some(seen) = self.disturbed(polls) {
                return seen;
            }
            match self.since_the_poll() {
                Some(effort) if effort.naps > 0 => break,
                Some(Effort { cpu, turns, .. }) if cpu >= BUSY || turns >= TURNS => {
                    return Rest::Awake { cpu, turns };
                }
                Some(_) => pause(),
                None => break,
            }
        }
        let mut seen = Rest::Asleep;
        for _ in 0..LOOKS {
            let (before, start) = (Effort::of_others(), Instant::now());
            while start.elapsed() < window {
                if let Some(seen) = self.disturbed(polls) {
                    return seen;
                }
                pause();
            }
            compete(CONTEST);
            if let Some(seen) = self.disturbed(polls) {
                return seen;
            }
            let (Some(before), Some(after)) = (before, Effort::of_others()) else { return Rest::Asleep };
            let Effort { cpu, naps, turns } = after.since(before);
            seen = if naps > 0 {
                Rest::Naps { naps, within: start.elapsed() }
            } else if turns > 0 || cpu >= CONTEST / 2 {
                Rest::Awake { cpu, turns }
            } else if lock(&self.polls).inside {
                return Rest::InPoll;
            } else {
                return Rest::Asleep;
            };
        }
        seen
    }

    /// After a wake: waits until so many polls have begun, or the call is over, and tells how long that took, in real time.
    /// `None` when the thread sleeps on.
    ///
    /// Nothing follows from the time alone: on a busy machine, a thread that was woken gets its turn late. But whoever got
    /// up by the clock, and not because of the wake, does so again: [`rest`](Self::rest) sees it within twice that time, with
    /// no wake, if the thread had just lain down when the wake came.
    #[must_use]
    pub fn answers(&self, polls: usize) -> Option<Duration> {
        let answered = || self.polls() >= polls || self.is_over();
        let (start, effort) = (Instant::now(), Effort::of_this_thread());
        let Some(effort) = effort else {
            self.until_polled(polls);
            return Some(start.elapsed());
        };
        while !answered() {
            if Effort::of_this_thread().is_some_and(|now| now.since(effort).cpu >= OVERSLEPT) {
                let answers = (0..GRACE).any(|_| {
                    pause();
                    answered()
                });
                return answers.then(|| start.elapsed());
            }
            for _ in 0..1_000 {
                std::hint::spin_loop();
            }
        }
        Some(start.elapsed())
    }

    /// Waits for the call to come back: what it returned, or the text of its panic.
    ///
    /// # Errors
    /// When it panicked.
    pub fn value(self) -> Result<T, String> {
        self.thread.join().unwrap_or_else(|_| Err("the thread of the call was ended by a panic".to_owned()))
    }

    /// As [`value`](Self::value), for a call of the learner's `block_on`.
    ///
    /// # Panics
    /// When the call did: in words for the learner.
    pub fn returned(self) -> T {
        while !self.is_over() {
            pause();
        }
        let polls = self.polls();
        self.value().unwrap_or_else(|text| {
            let so_far = if polls == 1 { "one poll".to_owned() } else { format!("{polls} polls") };
            panic!(
                "`block_on` panicked after {so_far}, and the future is not done. A future may be `Pending` any \
                 number of times, and a sleep may end for no reason: poll and sleep until it is `Ready`.\n{text}"
            )
        })
    }

    fn disturbed(&self, polls: usize) -> Option<Rest> {
        if self.is_over() {
            Some(Rest::Over)
        } else {
            let now = lock(&self.polls);
            (now.begun > polls).then_some(Rest::Polled { naps: now.naps })
        }
    }

    fn since_the_poll(&self) -> Option<Effort> {
        let then = lock(&self.polls).then?;
        Some(self.effort()?.since(then))
    }
}

/// A future that is done with its second poll, and was woken during its first.
pub type Woken = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Blocked<()> {
    /// A call whose future calls its waker in its first poll, and stays in that poll until any other thread that was woken
    /// by mistake has shown itself. Comes back with how the wake was answered: see [`answers`](Self::answers).
    #[must_use]
    pub fn woken_in_its_poll(
        block_on: impl FnOnce(Noted<Woken>) + Send + 'static,
    ) -> (Self, Option<Duration>) {
        let door = Arc::new(AtomicBool::new(false));
        let is_open = Arc::clone(&door);
        let mut woke = false;
        let future = poll_fn(move |context| {
            if mem::replace(&mut woke, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            // Parking would take a token that the wake has left.
            while !is_open.load(Ordering::SeqCst) {
                pause();
            }
            Poll::Pending
        });
        let blocked = Self::start(Box::pin(future) as Woken, block_on);
        blocked.until_polled(1);
        compete(MISTAKEN);
        door.store(true, Ordering::SeqCst);
        let answer = blocked.answers(2);
        (blocked, answer)
    }

    /// A call whose future calls its waker so many times in its first poll, up to its end.
    ///
    /// # Panics
    /// A wake panics or does not come back, none of them is remembered, or `block_on` panics.
    #[track_caller]
    pub fn woken_many_times(wakes: usize, block_on: impl FnOnce(Noted<Woken>) + Send + 'static) {
        let done = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&done);
        let future = poll_fn(move |context| {
            if count.load(Ordering::SeqCst) == wakes {
                return Poll::Ready(());
            }
            for _ in 0..wakes {
                context.waker().wake_by_ref();
                count.fetch_add(1, Ordering::SeqCst);
            }
            Poll::Pending
        });
        let blocked = Self::start(Box::pin(future) as Woken, block_on);
        blocked.until_polled(1);
        loop {
            match blocked.rest(Duration::from_millis(20)) {
                Rest::InPoll => panic!(
                    "The future called its waker {wakes} times during one poll, and call number {} did not return: \
                     `wake` waits, perhaps for room in a channel. A wake must never block: one that is already \
                     remembered needs no second slot.",
                    done.load(Ordering::SeqCst) + 1
                ),
                Rest::Asleep | Rest::Naps { .. } => panic!(
                    "The future called its waker {wakes} times during its first poll, and then the thread went to \
                     sleep: none of these wakes was remembered."
                ),
                Rest::Polled { .. } | Rest::Awake { .. } => {}
                Rest::Over => break,
            }
        }
        let calls = done.load(Ordering::SeqCst);
        match blocked.value() {
            Err(text) if calls < wakes => panic!(
                "The future called its waker {wakes} times during one poll, and call number {} panicked. A wake may come any \
                 number of times.\n{text}",
                calls + 1
            ),
            Err(text) => panic!(
                "The future called its waker {wakes} times during its first poll, and `block_on` panicked: {text}"
            ),
            Ok(()) => {}
        }
    }

    /// A call whose future has its waker called by another thread during its first poll. Comes back with how the wake was
    /// answered: see [`answers`](Self::answers).
    #[must_use]
    pub fn woken_from_elsewhere(
        block_on: impl FnOnce(Noted<Woken>) + Send + 'static,
    ) -> (Self, Option<Duration>) {
        let woken = Arc::new(AtomicBool::new(false));
        let was_woken = Arc::clone(&woken);
        let future = poll_fn(move |context| {
            if was_woken.load(Ordering::SeqCst) {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            let other = thread::spawn(move || waker.wake());
            // A `wake` that waits for the end of the poll gets it. One that wakes at once is waited for no longer.
            for _ in 0..WAKING {
                if other.is_finished() {
                    break;
                }
                pause();
            }
            was_woken.store(true, Ordering::SeqCst);
            Poll::Pending
        });
        let blocked = Self::start(Box::pin(future) as Woken, block_on);
        while !woken.load(Ordering::SeqCst) && !blocked.is_over() {
            pause();
        }
        let answer = blocked.answers(2);
        (blocked, answer)
    }
}

/// The future of a [`Blocked`] call, which notes its polls.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Noted<F> {
    future: Pin<Box<F>>,
    polls: Arc<Mutex<Polls>>,
}

impl<F: Future> Future for Noted<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        {
            // Before the lock, for which it may have to wait.
            let now = Effort::of_this_thread();
            let mut polls = lock(&this.polls);
            polls.naps = now.zip(polls.then).map_or(0, |(now, then)| now.since(then).naps);
            polls.then = now;
            polls.begun += 1;
            polls.inside = true;
        }
        let poll = this.future.as_mut().poll(context);
        let mut polls = lock(&this.polls);
        polls.then = Effort::of_this_thread();
        polls.inside = false;
        poll
    }
}

/// Seldom enough that whoever looks is not taken for somebody busy. Parking would take the tokens that others leave.
#[expect(clippy::disallowed_methods, reason = "what another thread does has no event to wait for")]
fn pause() {
    thread::sleep(Duration::from_millis(1));
}
