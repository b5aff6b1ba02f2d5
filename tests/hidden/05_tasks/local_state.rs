//! Hidden tests of `local_state`: whether everything is counted, how many feeds are read at once, and whether the thread
//! sleeps in the meantime.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use exercise::tally;
use testkit::{InFlight, check_eq, in_words, panic_of, pick, stage};
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// Every message of every feed is counted.
#[test]
fn every_message_is_counted() {
    let size = pick(10..=1_000_000);
    let lists = [
        vec![vec![size]],
        vec![vec![size, 2, 2]],
        vec![vec![size, 2], vec![30], vec![], vec![400, 5_000, 1]],
        // All at once, turn by turn.
        vec![vec![1, 2, 3], vec![10, 20, size], vec![100, 200, 300]],
        // One feed goes on when the others have ended, whichever it is.
        vec![vec![], vec![1], vec![10, 20, 30, 40, 50, 60, 70, size]],
        vec![vec![10, 20, 30, 40, 50, 60, 70, size], vec![1], vec![]],
        // Feeds do not end after a round number of messages.
        vec![(0..pick(200..=400)).collect(), vec![1]],
        // An empty message is one, too; and some are large.
        vec![vec![0, 0], vec![u64::MAX / 2, 0], vec![0]],
        vec![],
        vec![vec![], vec![]],
    ];
    for sizes in lists {
        let turns =
            sizes.into_iter().map(|feed| feed.into_iter().map(|size| (Duration::ZERO, size)).collect());
        count(turns.collect()).check_numbers();
    }
}

/// While nothing comes in, the thread sleeps.
#[test]
fn the_thread_rests_meanwhile() {
    let slow = vec![(MINUTE, 2), (60 * MINUTE, 3), (100 * 24 * 60 * MINUTE, 4)];
    count(vec![slow.clone(), vec![(Duration::from_millis(1), 5)], slow]).check_numbers();
}

/// All feeds are read at the same time, any number of them: a slow one does not hold up the others.
#[test]
fn feeds_are_read_at_the_same_time() {
    // Shorter than any guess, and longer than any.
    let (soon, late) = (Duration::from_millis(pick(1..=3)), Duration::from_secs(pick(8_000_000..=9_000_000)));
    let many = pick(200..=400);
    let fast = vec![(soon, 3); 5];
    for feeds in [
        vec![
            fast.clone(),
            vec![(MINUTE, 9), (60 * MINUTE, 9), (late, 5), (soon, 7), (late, 1)],
            fast.clone(),
        ],
        vec![vec![(late, 5), (soon, 7)], fast.clone(), fast.clone()],
        (0..many).map(|n| vec![(soon, n), (late, 1)]).collect(),
    ] {
        let seen = count(feeds);
        let Seen { most, lag, .. } = seen;
        let feeds = seen.feeds.len();
        assert!(
            most == feeds,
            "At most {most} of {feeds} feeds were being read at the same time. One thread is enough to wait for all \
             of them at the same time."
        );
        assert!(
            lag.is_zero(),
            "A feed had given a message, but was asked for the next one only {} later: it had to wait for another \
             feed, which is slow. Read each feed independently of the others.",
            in_words(lag)
        );
        seen.check_numbers();
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// The numbers of the exercise, compared by the test's own means.
#[derive(Debug, PartialEq)]
struct Stats {
    messages: u32,
    bytes: u64,
}

/// What a run of `tally` came to.
struct Seen {
    feeds: Vec<Vec<(Duration, u64)>>,
    stats: Stats,
    /// Feeds that were at their end when `tally` returned.
    ended: usize,
    /// Messages that were handed out.
    given: u32,
    /// How many feeds were being read at once.
    most: usize,
    /// The longest time from a message to the question for the next one.
    lag: Duration,
}

impl Seen {
    fn check_numbers(&self) {
        let feeds = self.feeds.len();
        let expected = Stats {
            messages: self.feeds.iter().flatten().count() as u32,
            bytes: self.feeds.iter().flatten().map(|(_, size)| size).sum(),
        };
        let Stats { messages, bytes } = self.stats;
        assert!(
            self.ended == feeds,
            "`tally` returned when {} of {feeds} feeds had ended. It has to wait for every one of them, however long \
             that takes.",
            self.ended
        );
        let all = self.given;
        let empty = self.feeds.iter().flatten().filter(|(_, size)| *size == 0).count() as u32;
        assert!(
            empty == 0 || messages != all - empty || bytes != expected.bytes,
            "The feeds gave {all} messages, {empty} of them of size 0, but `tally` counted only the {messages} \
             others. An empty message is a message, too."
        );
        assert!(
            messages >= all || feeds > 1,
            "One feed gave {all} messages, but `tally` counted {messages}. Count in the `Stats` that `tally` \
             returns: there is only one, and all feeds share it."
        );
        assert!(
            messages >= all,
            "The {feeds} feeds gave {all} messages, but `tally` counted {messages}; with a single feed it counted \
             all. A number that you read before a wait is out of date after it: when you write it back, you \
             overwrite what others counted meanwhile. Read and write without an `.await` in between."
        );
        check_eq!(
            messages,
            expected.messages,
            "The feeds gave {} messages, but this call of `tally` counted {messages}: more than there were.",
            expected.messages
        );
        check_eq!(
            bytes,
            expected.bytes,
            "The messages have {} bytes, but `tally` counted {bytes}. Their number, {messages}, is right.",
            expected.bytes
        );
    }
}

/// Runs `tally` with feeds that give messages of these sizes, each after its time.
fn count(feeds: Vec<Vec<(Duration, u64)>>) -> Seen {
    let asked = feeds.iter().map(|feed| feed.len() + 1).sum::<usize>();
    // Whoever joins by hand polls every feed when one is woken.
    let polls = Cell::new(feeds.len() * (4 * asked + 2) + 20);
    let desk = Rc::new(NotThreadSafe { feeds: feeds.len(), polls, ..NotThreadSafe::default() });
    let wires = feeds.iter().map(|messages| Wire {
        messages: messages.iter().copied().collect(),
        desk: desk.clone(),
        before: None,
    });
    let wires = wires.collect();
    stage("`tally` has been called");
    let run = panic_of(|| tally(wires));
    assert!(
        desk.polls.get() > 0,
        "The feeds were polled again and again, but nothing had come in: the thread runs in a loop while it waits. A \
         future that waits is polled only after something has woken it."
    );
    assert!(
        !desk.late.load(Ordering::Relaxed),
        "All feeds ({}) had ended, but `tally` still waited for some time. Nothing more could come: await what reads \
         the feeds, and you need no clock.",
        feeds.len()
    );
    if let Some((times, within)) = desk.restless.get() {
        panic!(
            "Within {}, the thread woke up {times} times, but only {} messages had come in: your code checks on a \
             timer whether there is something to do. Await a task instead, and you are woken when it is done.",
            in_words(within),
            desk.given.get()
        );
    }
    if let Some(text) = desk.no_timers.take() {
        let missing = if text.contains("timers are disabled") {
            "A feed waited for a timer, but the runtime that `tally` built has none. When you build a runtime for \
             other people's code, enable what that code needs, here the timers."
        } else {
            "A feed waited for a timer, but there was no Tokio runtime while the feed was polled."
        };
        panic!("{missing} ({text})");
    }
    let stats = match run {
        Ok(stats) => Stats { messages: stats.messages, bytes: stats.bytes },
        Err(text) if text.contains("borrowed") || text.contains("BorrowMutError") => panic!(
            "BorrowMutError: another task ran while you held it. At every `.await`, the other tasks of the thread \
             may run, so a borrow of a `RefCell` must not live across one. ({text})"
        ),
        Err(text) if text.contains("`spawn_local` called from outside") => panic!(
            "`spawn_local` found nothing that runs local tasks: neither a `LocalRuntime` nor a `LocalSet` drives the \
             future around it. ({text})"
        ),
        Err(text) => panic!("`tally` panicked before it was done: {text}"),
    };
    let (ended, given, most, lag) = (desk.ended.get(), desk.given.get(), desk.reading.max(), desk.lag.get());
    Seen { feeds, stats, ended, given, most, lag }
}

/// What feeds tell the test.
#[derive(Default)]
struct NotThreadSafe {
    /// Whether the runtime of `tally` has a clock that the feeds could stop. Then a year costs nothing.
    clock: Cell<Option<bool>>,
    /// What was said when it has no clock at all.
    no_timers: RefCell<Option<String>>,
    reading: InFlight,
    feeds: usize,
    ended: Cell<usize>,
    /// Whether time went by when all feeds had ended.
    late: Arc<AtomicBool>,
    given: Cell<u32>,
    lag: Cell<Duration>,
    /// When the first feed was asked, and how often the thread had lain down until then.
    start: Cell<Option<(Instant, u64)>>,
    /// How often it got up for nothing, and within which time.
    restless: Cell<Option<(u64, Duration)>>,
    /// So many polls of feeds are left until it is plain that somebody goes in circles.
    polls: Cell<usize>,
}

impl NotThreadSafe {
    fn has_clock(&self) -> bool {
        let stopped = || match panic_of(|| drop(sleep(MINUTE))) {
            Ok(()) => panic_of(tokio::time::pause).is_ok(),
            Err(text) => {
                self.no_timers.replace(Some(text));
                false
            }
        };
        let clock = self.clock.get().unwrap_or_else(stopped);
        self.clock.set(Some(clock));
        clock
    }

    /// Checks that the thread got up when a feed had something, and not much oftener: for a distant time, Tokio's clock gets
    /// up a few times.
    fn check_rest(&self) {
        let (now, rests) = (Instant::now(), Handle::current().metrics().worker_park_count(0));
        let (start, before) = self.start.get().unwrap_or((now, rests));
        self.start.set(Some((start, before)));
        let times = rests - before;
        if times > 10 * self.reading.total() as u64 + 50 {
            self.restless.set(Some((times, now - start)));
        }
    }

    /// Carries a wait out, and gives it up when nobody really waits.
    async fn watch(&self, wait: impl Future<Output = ()>) {
        let mut wait = pin!(wait);
        poll_fn(|context| {
            self.polls.set(self.polls.get().saturating_sub(1));
            if self.polls.get() == 0 { Poll::Ready(()) } else { wait.as_mut().poll(context) }
        })
        .await;
    }
}

/// A feed that is not thread-safe. It needs some time for a message, or a few turns.
struct Wire {
    messages: VecDeque<(Duration, u64)>,
    desk: Rc<NotThreadSafe>,
    /// When the last message was given.
    before: Option<Instant>,
}

/// One question to a feed. What keeps it on its thread comes first: the compiler names that to whoever asks for `Send`.
struct Asked<F>(PhantomData<Rc<NotThreadSafe>>, F);

impl<F: Future + Unpin> Future for Asked<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        Pin::new(&mut self.1).poll(context)
    }
}

impl exercise::Feed for Wire {
    fn next(&mut self) -> impl Future<Output = Option<u64>> {
        Asked(PhantomData, Box::pin(self.ask()))
    }
}

impl Wire {
    async fn ask(&mut self) -> Option<u64> {
        let desk = self.desk.clone();
        let _reading = desk.reading.enter();
        let clock = desk.has_clock();
        if clock {
            desk.check_rest();
        }
        if let Some(before) = self.before {
            desk.lag.set(desk.lag.get().max(before.elapsed()));
        }
        match self.messages.front() {
            Some((takes, _)) if clock && !takes.is_zero() => desk.watch(sleep(*takes)).await,
            _ => {
                for _ in 0..3 {
                    desk.watch(yield_now()).await;
                }
            }
        }
        if clock {
            desk.check_rest();
        }
        if desk.polls.get() == 0 || desk.restless.get().is_some() {
            return None;
        }
        self.before = clock.then(Instant::now);
        let Some((_, size)) = self.messages.pop_front() else {
            desk.ended.set(desk.ended.get() + 1);
            if clock && desk.ended.get() == desk.feeds {
                let late = desk.late.clone();
                tokio::spawn(async move {
                    sleep(Duration::from_millis(1)).await;
                    late.store(true, Ordering::Relaxed);
                });
            }
            return None;
        };
        desk.given.set(desk.given.get() + 1);
        Some(size)
    }
}
