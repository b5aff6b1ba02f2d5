//! Hidden tests of `rt_timer_heap`: when sleeps end, how often the executor gets up, and what a sleep leaves behind.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
// hermetic: a lower bound for the clock of the system, and how long a sleeper is watched
use std::time::{Duration, Instant};

use exercise::{Clock, Executor, Sleep, SystemClock, block_on, sleep, spawn};
use testkit::{
    Blocked, CountingWaker, Gate, Probe, Rest, allocations, check_eq, elsewhere, in_words, panic_of, pick,
    poll_once, stage,
};

/// A sleep is over when the executor's clock says so.
#[test]
fn the_clock_decides() {
    let clock = TestClock::new();
    let executor = Executor::with_clock(clock.clone());
    let (start, time) = (clock.now(), ms(pick(20..=40)));
    let polls = executor.block_on(async {
        let (nap, probe) = Probe::new(sleep(time));
        nap.await;
        probe.polls()
    });
    assert!(
        polls > 1,
        "`sleep({})` was ready at its first poll, and the clock had not gone on.\nThe deadline is the time at the call, plus the \
         duration. This clock did not begin at 0.",
        in_words(time)
    );
    assert!(
        clock.idles() > 0,
        "`sleep` took {}, and the executor never called `Clock::idle`.\nSo it waited in real time, outside of the executor. The thread \
         that drives the executor has to park until the next deadline, and the clock says for how long.",
        in_words(time)
    );
    let took = clock.now() - start;
    assert!(
        took >= time && took <= time + GRAIN,
        "`sleep({})` was over when the clock had gone on by {}.",
        in_words(time),
        in_words(took)
    );
}

/// Sleeps end in the order of their deadlines, and never early: after no time, after 1 ms, and after days.
#[test]
fn in_order_and_never_early() {
    let (executor, clock) = on_test_clock();
    let start = clock.now();
    let mut times: Vec<_> = (0..60).map(|_| ms(pick(0..=5_000))).collect();
    times.extend([0, 1, 2, 63, 64, 65, 4_095, 4_096, 4_097, 262_144, 262_145].map(ms));
    times.extend([days(1), days(pick(2..=30)), days(pick(40..=400))]);
    let ended = Arc::new(Mutex::new(Vec::new()));
    for time in times.clone() {
        let (ended, clock) = (ended.clone(), clock.clone());
        executor.spawn(async move {
            sleep(time).await;
            ended.lock().unwrap().push((time, clock.now() - start));
        });
    }
    executor.run();
    let ended = ended.lock().unwrap().clone();
    for (time, after) in &ended {
        assert!(after >= time, "`sleep({})` ended early, after {}.", in_words(*time), in_words(*after));
        assert!(
            *after <= *time + GRAIN,
            "`sleep({})` ended late, after {}, although the executor had nothing else to do.",
            in_words(*time),
            in_words(*after)
        );
    }
    times.sort();
    let order: Vec<_> = ended.iter().map(|(time, _)| *time).collect();
    check_eq!(order, times, "{} tasks slept for different times. In which order they went on:", times.len());
    check_eq!(executor.timers(), 0, "All sleeps are over. `timers` said:");
}

/// Equal deadlines fire in the order in which the timers were created, whenever that was.
#[test]
fn equal_deadlines_in_the_order_of_creation() {
    let (executor, clock) = on_test_clock();
    let end = clock.now() + ms(pick(200..=300));
    let order = Arc::new(Mutex::new(Vec::new()));
    let count = pick(40..=60);
    executor.block_on(async {
        let mut handles = Vec::new();
        for number in 0..count {
            // From time to time, a while goes by between two of them, so they sleep for different times.
            if number % 7 == 3 {
                sleep(ms(2)).await;
            }
            let (order, nap) = (order.clone(), sleep(end - clock.now()));
            handles.push(spawn(async move {
                nap.await;
                order.lock().unwrap().push(number);
            }));
        }
        for handle in handles {
            handle.await.unwrap();
        }
    });
    let order = order.lock().unwrap().clone();
    let wanted: Vec<_> = (0..count).collect();
    check_eq!(
        order,
        wanted,
        "{count} timers with the same deadline were created one after the other. In which order their tasks went on:"
    );
}

/// Thousands of sleeps, one thread: it gets up when a timer is due, and nobody is polled in between.
#[test]
fn it_gets_up_for_what_is_due() {
    for (count, distance) in [(1, days(3)), (2, days(1)), (1_000, ms(1)), (pick(20..=40), days(7))] {
        let (executor, clock) = on_test_clock();
        let before = clock.idles();
        let polls = Arc::new(AtomicUsize::new(0));
        clock.limit(before + 8 * count as usize + 8, "so many deadlines", count);
        for number in 1..=u32::try_from(count).unwrap() {
            let polls = polls.clone();
            executor.spawn(async move {
                let mut nap = pin!(sleep(distance * number));
                poll_fn(|context| {
                    polls.fetch_add(1, Ordering::SeqCst);
                    nap.as_mut().poll(context)
                })
                .await;
            });
        }
        executor.run();
        let polls = polls.load(Ordering::SeqCst);
        check_eq!(
            polls,
            2 * count as usize,
            "{count} tasks slept, each for another time. Each has to be polled at the beginning and at the end. Polls:"
        );
    }
    stage("10,000 sleeps with one deadline each");
    let (executor, clock) = on_test_clock();
    executor.block_on(async {
        let naps: Vec<_> = (0..10_000_u64).map(|number| Box::pin(sleep(days(1) + ms(number % 50)))).collect();
        let counter = CountingWaker::new();
        let mut naps = naps;
        for nap in &mut naps {
            assert!(
                poll_once(nap, &counter.waker()).is_pending(),
                "A sleep of a day was ready at its first poll."
            );
        }
        check_eq!(executor.timers(), 10_000, "10,000 sleeps wait. `timers` said:");
        clock.limit(clock.idles() + 8 * 51 + 8, "so many deadlines", 51);
        sleep(days(1) + ms(60)).await;
        check_eq!(
            counter.wakes(),
            10_000,
            "10,000 sleeps were due, and not every waker was called. Number of wakes:"
        );
    });
    check_eq!(executor.timers(), 0, "All sleeps are over. `timers` said:");
}

/// A parked executor sleeps, with a timer and without one, and a wake from elsewhere ends that at once.
#[test]
fn a_wake_ends_the_park() {
    for timer in [true, false] {
        let gate = Gate::new();
        let waiting = gate.wait();
        stage("the executor waits for another thread");
        let blocked = Blocked::start(waiting, move |waiting| {
            block_on(async {
                if timer {
                    spawn(async { sleep(days(1)).await });
                }
                waiting.await;
            })
        });
        blocked.until_polled(1);
        let with = if timer { "A task sleeps for a day" } else { "No timer waits" };
        match blocked.rest(WINDOW) {
            Rest::Asleep => {}
            Rest::Naps { naps, within } => panic!(
                "{with}, and in {} ms your executor got up {naps} times.\nIt should park until the next deadline, or until a \
                 wake: a thread that gets up to have a look wastes the battery.",
                within.as_millis()
            ),
            Rest::Awake { .. } => panic!("{with}, and your executor does not park: it keeps a core busy."),
            rest => panic!("{with}, and nobody is woken. Your executor should park, and does this: {rest:?}"),
        }
        gate.open();
        assert!(
            blocked.answers(2).is_some(),
            "{with}, the executor is parked, and another thread called a waker. Nobody was polled: the wake has to end the park."
        );
        blocked.returned();
    }
}

/// A sleep that is dropped is gone: nobody gets up for it, and no memory is kept.
#[test]
fn a_dropped_sleep_is_gone() {
    let (executor, clock) = on_test_clock();
    executor.block_on(async {
        let counter = CountingWaker::new();
        let count = pick(100..=200);
        let mut naps: Vec<_> = (0..count).map(|number| Box::pin(sleep(days(1) + ms(number)))).collect();
        check_eq!(
            executor.timers(),
            0,
            "Sleeps were created and not polled, so nobody waits. `timers` said:"
        );
        for nap in &mut naps {
            assert!(
                poll_once(nap, &counter.waker()).is_pending(),
                "A sleep of a day was ready at its first poll."
            );
        }
        check_eq!(executor.timers(), naps.len(), "{count} sleeps were polled. `timers` said:");
        let mut number = 0;
        naps.retain(|_| {
            number += 1;
            number % 3 == 0
        });
        check_eq!(executor.timers(), naps.len(), "Two of three sleeps were dropped. `timers` said:");
        check_eq!(
            counter.live_clones(),
            naps.len(),
            "Two of three sleeps were dropped, and their wakers are left. Number of wakers:"
        );
        let left = naps.len();
        clock.limit(clock.idles() + 8 * (left + 1) + 8, "the deadlines that were left", left as u64 + 1);
        sleep(days(1) + ms(count + 10)).await;
        check_eq!(counter.wakes(), left, "{left} sleeps were left, all of them are due. Number of wakes:");
    });

    stage("timeouts that are dropped, one after the other");
    let most = 48 * 1024;
    let (_, memory) = allocations(|| {
        executor.block_on(async {
            for number in 0..4_000 {
                let mut nap = Box::pin(sleep(days(1) + ms(number)));
                assert!(poll_once(&mut nap, Waker::noop()).is_pending());
            }
        });
    });
    check_eq!(
        executor.timers(),
        0,
        "4,000 sleeps were polled and dropped, one after the other. `timers` said:"
    );
    assert!(
        memory.kept <= most,
        "4,000 sleeps of a day were polled and dropped, one after the other, and {} bytes of memory are kept.\nThat is what \
         happens to timeouts that do not pass: an entry that nobody waits for must not stay until its deadline.",
        memory.kept
    );
    clock.limit(clock.idles() + 24, "one deadline", 1);
    executor.block_on(async { sleep(days(2)).await });
}

/// A sleep can move to another task, and the newest waker counts.
#[test]
fn the_newest_waker_is_woken() {
    let (executor, _clock) = on_test_clock();
    executor.block_on(async {
        let [first, second] = [CountingWaker::new(), CountingWaker::new()];
        let mut nap = Box::pin(sleep(ms(100)));
        for counter in [&first, &second, &first, &second] {
            assert!(poll_once(&mut nap, &counter.waker()).is_pending(), "A sleep of 100 ms was ready at once.");
        }
        check_eq!(executor.timers(), 1, "One sleep was polled four times. `timers` said:");
        sleep(ms(150)).await;
        check_eq!(
            (first.wakes(), second.wakes()),
            (0, 1),
            "Two tasks polled a sleep in turn, and then it was due. Only the newest waker counts. Wakes of the first and the last task:"
        );
        assert!(poll_once(&mut nap, &second.waker()).is_ready(), "A sleep was due, its task was woken, and it is `Pending`.");
        drop(nap);
        check_eq!(first.live_clones() + second.live_clones(), 0, "A sleep is over, and wakers are left. Number of wakers:");
    });
}

/// The time counts from the call of `sleep`, not from the first poll.
#[test]
fn the_time_counts_from_the_call() {
    let (executor, clock) = on_test_clock();
    executor.block_on(async {
        let start = clock.now();
        let (long, over) = (sleep(ms(100)), sleep(ms(50)));
        sleep(ms(60)).await;
        let idles = clock.idles();
        over.await;
        sleep(Duration::ZERO).await;
        check_eq!(clock.idles(), idles, "The time of a sleep had passed before its first poll, and it still waited. Number of calls of `idle` so far:");
        long.await;
        let took = clock.now() - start;
        assert!(
            took >= ms(100) && took <= ms(100) + GRAIN,
            "`sleep(100 ms)` was called, first polled 60 ms later, and over {} after the call.\nThe deadline is fixed by the call.",
            in_words(took)
        );
    });
    // A very long one does not overflow.
    executor.block_on(async {
        let mut endless = [sleep(Duration::MAX), sleep(Duration::MAX - ms(1))].map(Box::pin);
        for nap in &mut endless {
            assert!(poll_once(nap, Waker::noop()).is_pending());
        }
        sleep(ms(5)).await;
    });
}

/// Timers fire although other tasks never let the executor come to rest.
#[test]
fn timers_fire_in_a_busy_executor() {
    for in_run in [true, false] {
        let (executor, clock) = on_test_clock();
        let done = Arc::new(AtomicBool::new(false));
        let sleeper = {
            let done = done.clone();
            async move {
                sleep(ms(50)).await;
                done.store(true, Ordering::SeqCst);
            }
        };
        let busy = {
            let (done, clock, mut polls) = (done.clone(), clock.clone(), 0);
            poll_fn(move |context| {
                if done.load(Ordering::SeqCst) {
                    return Poll::Ready(true);
                }
                polls += 1;
                if polls == 40 {
                    return Poll::Ready(false);
                }
                // Time goes by while it works.
                clock.go_on(ms(5));
                context.waker().wake_by_ref();
                Poll::Pending
            })
        };
        let fired = if in_run {
            let fired = executor.spawn(busy);
            executor.spawn(sleeper);
            executor.run();
            executor.block_on(fired).unwrap()
        } else {
            executor.block_on(async {
                spawn(sleeper);
                busy.await
            })
        };
        assert!(
            fired,
            "A task slept for 50 ms. Another one worked for 200 ms, in 40 polls, and woke itself each time. The sleeper was not \
             woken until that was over.\nTimers are due while there is something else to do, too: look at them in each turn."
        );
    }
}

/// The executor is idle only when nobody has been woken.
#[test]
fn idle_means_that_nothing_is_to_do() {
    let (executor, clock) = on_test_clock();
    let left = Arc::new(AtomicUsize::new(0));
    let seen = Arc::new(AtomicUsize::new(0));
    clock.when_idle({
        let (left, seen) = (left.clone(), seen.clone());
        move |_| {
            seen.fetch_max(left.load(Ordering::SeqCst), Ordering::SeqCst);
            None
        }
    });
    executor.block_on(async {
        let nap = spawn(async { sleep(ms(100)).await });
        for number in 1..=10 {
            let left = left.clone();
            left.fetch_add(1, Ordering::SeqCst);
            spawn(async move {
                yields(number).await;
                left.fetch_sub(1, Ordering::SeqCst);
            });
        }
        yields(3).await;
        nap.await.unwrap();
    });
    check_eq!(
        seen.load(Ordering::SeqCst),
        0,
        "The executor called `idle` although there were tasks to poll: they had woken themselves. Number of those tasks:"
    );
}

/// A sleep may be polled on another thread, and the executor that is parked gets up for it.
#[test]
fn a_sleep_on_another_thread() {
    let (executor, clock) = on_test_clock();
    let (sender, naps) = mpsc::channel::<Sleep>();
    let naps = Mutex::new(naps);
    let gate = Gate::new();
    let idles = AtomicUsize::new(0);
    // While the executor is about to park for a day, another thread polls a sleep that is shorter.
    clock.when_idle({
        let gate = gate.clone();
        move |_| {
            match idles.fetch_add(1, Ordering::SeqCst) {
                // A wake of the past may have left a token with the thread. This park uses it up.
                0 => return Some(Duration::ZERO),
                1 => {}
                _ => return None,
            }
            let mut nap = Box::pin(naps.lock().unwrap().recv().unwrap());
            let gate = gate.clone();
            let work = move || {
                let counter = CountingWaker::new();
                counter.on_wake(move || gate.open());
                assert!(poll_once(&mut nap, &counter.waker()).is_pending());
                std::mem::forget(nap);
            };
            thread::spawn(work).join().unwrap();
            Some(days(1))
        }
    });
    let start = clock.now();
    stage("another thread polls a sleep, while the executor parks for a day");
    let blocked = Blocked::start(gate.wait(), move |waiting| {
        executor.block_on(async move {
            sender.send(sleep(ms(100))).unwrap();
            let day = spawn(async { sleep(days(1)).await });
            waiting.await;
            day.abort();
        });
    });
    blocked.until_polled(1);
    assert!(
        blocked.answers(2).is_some(),
        "Another thread polled a sleep of 100 ms while the executor was parked for a day, and the executor slept on.\nThe new          deadline comes before the one that it parks for, so it has to get up and park again."
    );
    blocked.returned();
    let took = clock.now() - start;
    assert!(
        took >= ms(100) && took <= ms(100) + GRAIN,
        "Another thread polled `sleep(100 ms)` while the executor was parked. It was over after {}.",
        in_words(took)
    );
}

/// A waker is foreign code: no lock is held while one is woken or dropped.
#[test]
fn a_waker_may_use_the_timers() {
    let (executor, _clock) = on_test_clock();
    let executor = Arc::new(executor);
    let (counter, waited) = (CountingWaker::new(), Arc::new(Mutex::new(None)));
    let look = |what: &'static str| {
        let (executor, waited) = (executor.clone(), waited.clone());
        move || {
            let executor = executor.clone();
            if elsewhere(move || _ = executor.timers()).had_to_wait() {
                waited.lock().unwrap().get_or_insert(what);
            }
        }
    };
    counter.on_clone(look("cloned"));
    counter.on_wake(look("woken"));
    counter.on_drop(look("dropped"));
    executor.block_on(async {
        let mut naps = [ms(10), ms(20)].map(|time| Box::pin(sleep(time)));
        for nap in &mut naps {
            for waker in [counter.waker(), Waker::noop().clone(), counter.waker()] {
                assert!(poll_once(nap, &waker).is_pending());
            }
        }
        let [_first, second] = naps;
        drop(second);
        sleep(ms(15)).await;
    });
    let waited = *waited.lock().unwrap();
    assert!(
        waited.is_none(),
        "While the waker of a sleep was {}, another thread called `timers` and had to wait for a lock.\nA waker is foreign code: \
         take it out under the lock, and wake or drop it after you have released that.",
        waited.unwrap_or_default()
    );
}

/// Each executor has its own clock and its own timers; outside of one, `sleep` says what is missing.
#[test]
fn each_executor_has_its_own_timers() {
    let (one, its_clock) = on_test_clock();
    let (other, other_clock) = on_test_clock();
    let before = other_clock.now();
    one.block_on(async {
        let mut nap = pin!(sleep(days(2)));
        poll_fn(|context| {
            assert!(nap.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        check_eq!(
            (one.timers(), other.timers()),
            (1, 0),
            "One executor has a timer. `timers` of it and of the other:"
        );
        nap.await;
    });
    check_eq!(other_clock.now(), before, "A sleep of one executor moved the clock of another one to:");
    assert!(its_clock.now() >= days(2));
    let said = panic_of(|| drop(sleep(ms(1))));
    let text = said.expect_err("`sleep` was called outside of an executor, and did not panic.");
    assert!(
        text.contains("block_on") || text.contains("run"),
        "`sleep` was called outside of an executor, and the panic said {text:?}. It should say where to call it."
    );
}

/// An executor that is given no clock uses the clock of the system.
#[test]
fn the_clock_of_the_system() {
    let (start, clock) = (Instant::now(), SystemClock::new());
    let before = clock.now();
    let (slept, polls) = block_on(async {
        let (nap, probe) = Probe::new(sleep(ms(15)));
        nap.await;
        (start.elapsed(), probe.polls())
    });
    assert!(slept >= ms(15), "`sleep(15 ms)` was over after {} of real time.", in_words(slept));
    assert!(
        clock.now() >= before + ms(15),
        "15 ms went by, and `SystemClock` went on by {:?}.",
        clock.now() - before
    );
    check_eq!(polls, 2, "A sleep on the clock of the system was polled at its beginning and its end. Polls:");
    assert!(
        clock.idle(ms(7)) == ms(7),
        "`SystemClock` said to park for {:?}, not for 7 ms.",
        clock.idle(ms(7))
    );
}

/// How long nothing happens: time for a wrong answer to show itself.
const WINDOW: Duration = ms(150);

/// An executor may count in whole milliseconds and round up.
const GRAIN: Duration = ms(1);

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn days(days: u64) -> Duration {
    Duration::from_secs(24 * 3_600 * days)
}

/// An executor and its clock. Without an executor that asks the clock, all that follows would take place in real time.
fn on_test_clock() -> (Executor, Arc<TestClock>) {
    let clock = TestClock::new();
    let executor = Executor::with_clock(clock.clone());
    executor.block_on(async { sleep(ms(1)).await });
    assert!(
        clock.idles() > 0,
        "`sleep` took 1 ms, and the executor never called `Clock::idle`.\nSo it waited in real time, outside of the executor."
    );
    (executor, clock)
}

type Hook = Box<dyn Fn(Duration) -> Option<Duration> + Send + Sync>;

/// A clock that goes on when the executor has nothing to do, and then at once.
struct TestClock {
    state: Mutex<TestTime>,
    when_idle: Mutex<Option<Arc<Hook>>>,
}

struct TestTime {
    now: Duration,
    idles: usize,
    /// What the limit of `idles` is, and how many of what there are.
    limit: Option<(usize, &'static str, u64)>,
}

impl TestClock {
    fn new() -> Arc<TestClock> {
        // A clock begins anywhere.
        let state = TestTime { now: ms(pick(1_000..=9_999)), idles: 0, limit: None };
        Arc::new(TestClock { state: Mutex::new(state), when_idle: Mutex::new(None) })
    }

    fn idles(&self) -> usize {
        self.state.lock().unwrap().idles
    }

    /// The executor may be idle so often, and then the test is over.
    fn limit(&self, idles: usize, what: &'static str, count: u64) {
        self.state.lock().unwrap().limit = Some((idles, what, count));
    }

    fn go_on(&self, time: Duration) {
        self.state.lock().unwrap().now += time;
    }

    /// Calls this whenever the executor is idle. `Some` is how long it shall park, while the clock stands still.
    fn when_idle(&self, hook: impl Fn(Duration) -> Option<Duration> + Send + Sync + 'static) {
        *self.when_idle.lock().unwrap() = Some(Arc::new(Box::new(hook)));
    }
}

impl Clock for TestClock {
    fn now(&self) -> Duration {
        self.state.lock().unwrap().now
    }

    fn idle(&self, until_next: Duration) -> Duration {
        let hook = self.when_idle.lock().unwrap().clone();
        if let Some(park) = hook.and_then(|hook| hook(until_next)) {
            return park;
        }
        let over = {
            let mut state = self.state.lock().unwrap();
            state.idles += 1;
            state.now = state.now.saturating_add(until_next);
            state.limit.filter(|(limit, _, _)| state.idles > *limit)
        };
        if let Some((limit, what, count)) = over {
            panic!(
                "Your executor woke up {limit} times, for {what}: {count}. At most of these times, nothing was due.\nPark until \
                 the next deadline that somebody waits for, however far it is, and no less."
            );
        }
        Duration::ZERO
    }
}

/// Is ready after so many polls that it has asked for itself.
fn yields(count: usize) -> impl Future<Output = ()> + Send {
    let mut left = count;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
}
