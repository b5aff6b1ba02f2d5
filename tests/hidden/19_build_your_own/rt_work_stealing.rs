//! Hidden tests of `rt_work_stealing`.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
// hermetic: pauses between looks; no verdict goes by how long anything takes
use std::time::Duration;

use exercise::{Executor, JoinHandle, spawn};
use testkit::{DropLog, Effort, Gate, Log, Probe, ProbeHandle, compete, counted, pick, stage};

/// CPU time in which a thread that should sleep shows that it does not.
const CHANCE: Duration = Duration::from_millis(10);
/// So many pauses in a row without any effort. Whoever was woken has had a turn in one of them, however many others share the cores: this
/// thread has to get up after each pause, and waits for its own turn as long as the other does.
const STILL: usize = 60;
/// CPU time that nobody needs for what the tests wait for: it spins.
const SPINS: Duration = Duration::from_millis(400);
/// So many polls of a worker between two looks into the injector are fine. (61 are asked for.)
const INTERVAL: usize = 128;

/// Tasks that a worker has spawned or woken are polled by the others while its own poll takes its time, be it 1 task or 200.
#[test]
fn a_blocked_worker_keeps_no_tasks() {
    let executor = workers(4);
    for _ in 1..=8 {
        for (count, are_new) in [(200, true), (200, false), (1, true), (1, false)] {
            let done = Arc::new(AtomicUsize::new(0));
            let (gate, hold) = (Gate::new(), Hold::default());
            if !are_new {
                for _ in 0..count {
                    let (wait, done) = (gate.wait(), done.clone());
                    executor.spawn(async move {
                        wait.await;
                        done.fetch_add(1, Ordering::SeqCst);
                    });
                }
                assert!(
                    comes(|| gate.waiters() == count),
                    "{count} tasks were spawned, and not all of them were polled."
                );
            }
            until_parked(executor, 4);
            let (verb, tasks) =
                (if are_new { "spawned" } else { "woke" }, if count == 1 { "task" } else { "tasks" });
            stage(format!(
                "a worker {verb} {count} {tasks}, and its poll takes its time; 3 other workers have nothing to do"
            ));
            executor.spawn({
                let (done, gate, hold) = (done.clone(), gate.clone(), hold.clone());
                async move {
                    for _ in 0..if are_new { count } else { 0 } {
                        let done = done.clone();
                        spawn(async move {
                            done.fetch_add(1, Ordering::SeqCst);
                        });
                    }
                    gate.open();
                    hold.stop();
                }
            });
            assert!(
                comes(|| hold.stopped() == 1),
                "4 workers were parked, a task was spawned, and none of them polled it."
            );
            if comes(|| done.load(Ordering::SeqCst) == count) {
                hold.open();
                continue;
            }
            let (parked, left) = (executor.parked_workers(), count - done.load(Ordering::SeqCst));
            assert!(
                left > 1,
                "A worker {verb} {count} {tasks}, and then its own poll took its time. 1 task was not polled, although {parked} of \
                 the 3 other workers are asleep: it waits behind the worker that is blocked. Nobody can know how long a poll \
                 takes. Each task that waits has to be where others can take it, also the one that was woken last, and a \
                 worker that is parked has to be called for it."
            );
            panic!(
                "A worker {verb} {count} tasks, and then its own poll took its time. {parked} of the 3 other workers are \
                 asleep, and {left} tasks were not polled. A worker that has nothing to do has to take tasks from the queues \
                 of others, and a worker that is parked has to be called when there are any."
            );
        }
    }
}

/// Each worker that finds more than it can do calls the next one: all come to help.
#[test]
fn all_workers_come_to_help() {
    const WORKERS: usize = 4;
    let executor = workers(WORKERS);
    for round in 1..=40 {
        until_parked(executor, WORKERS);
        let (first, others) = (Hold::default(), Hold::default());
        stage(format!(
            "round {round}: a worker spawns 3 tasks whose polls take their time, and so does its own"
        ));
        executor.spawn({
            let (first, others) = (first.clone(), others.clone());
            async move {
                for _ in 1..WORKERS {
                    spawn(stops(&others));
                }
                first.stop();
            }
        });
        assert!(
            comes(|| first.stopped() == 1 && others.stopped() == WORKERS - 1),
            "A worker spawned 3 tasks, and its own poll took its time. So did the polls of those that were stolen. Only {} \
             of the 3 began: {} workers are asleep, and nobody has called them. A worker that has found a task, and leaves \
             others behind, has to call the next one.",
            others.stopped(),
            executor.parked_workers()
        );
        first.open();
        others.open();
    }
}

/// Tasks that were stolen can be stolen again, when the thief is held up in its turn.
#[test]
fn stolen_tasks_are_not_stuck() {
    let executor = workers(3);
    for round in 1..=20 {
        until_parked(executor, 3);
        let (owner, thief) = (Hold::default(), Hold::default());
        let done = Arc::new(AtomicUsize::new(0));
        stage(format!(
            "round {round}: a worker spawns 40 tasks and is held up; so is the worker that polls the first of them"
        ));
        executor.spawn({
            let (owner, thief, done) = (owner.clone(), thief.clone(), done.clone());
            async move {
                spawn(stops(&thief));
                for _ in 0..39 {
                    let done = done.clone();
                    spawn(async move {
                        done.fetch_add(1, Ordering::SeqCst);
                    });
                }
                owner.stop();
            }
        });
        let is_done = comes(|| thief.stopped() == 1 && done.load(Ordering::SeqCst) == 39);
        assert!(
            is_done,
            "A worker spawned 40 tasks, and its own poll took its time. Another worker took some of them, and the first poll \
             took its time as well. {} tasks wait behind these two, and the third worker has nothing to do. What a worker \
             steals has to be where others can steal it again.",
            39 - done.load(Ordering::SeqCst)
        );
        owner.open();
        thief.open();
    }
}

/// Tasks that come from outside have their turn, although the worker always has tasks of its own.
#[test]
fn an_injected_task_has_its_turn() {
    const MOST: usize = 6_000;
    const INJECTED: usize = 5;
    let executor = workers(1);
    let polls = Arc::new(AtomicUsize::new(0));
    let injected: Arc<Mutex<Vec<usize>>> = Arc::default();
    let hold = Hold::default();
    let stop_at = pick(200..=400) as usize;
    stage("the only worker has two tasks that wake themselves in each poll; others come from outside");
    let own: Vec<_> = {
        let (polls, injected, hold) = (polls.clone(), injected.clone(), hold.clone());
        let yielding = move || {
            let (polls, injected, hold) = (polls.clone(), injected.clone(), hold.clone());
            poll_fn(move |context| {
                let poll = polls.fetch_add(1, Ordering::SeqCst) + 1;
                if poll == stop_at {
                    hold.stop();
                }
                if poll > MOST || injected.lock().unwrap().len() == INJECTED {
                    return Poll::Ready(());
                }
                context.waker().wake_by_ref();
                Poll::Pending
            })
        };
        let spawning = executor.spawn(async move { [spawn(yielding()), spawn(yielding())] });
        assert!(comes(|| spawning.is_finished()), "A task was spawned, and the only worker did not poll it.");
        executor.block_on(spawning).expect("it does not panic").into()
    };
    assert!(
        comes(|| hold.stopped() == 1),
        "Two tasks woke themselves in each poll, and were not polled any more after {} polls.",
        polls.load(Ordering::SeqCst)
    );
    for _ in 0..INJECTED {
        let (polls, injected) = (polls.clone(), injected.clone());
        executor.spawn(async move { injected.lock().unwrap().push(polls.load(Ordering::SeqCst)) });
    }
    hold.open();
    let are_over = |handles: &[JoinHandle<()>]| handles.iter().all(JoinHandle::is_finished);
    assert!(
        comes(|| are_over(&own)),
        "Two tasks woke themselves in each poll, and were not polled any more."
    );
    let injected = injected.lock().unwrap().clone();
    // What comes when the worker's own tasks are over has starved as long as they were there.
    let has_starved = injected.first().is_none_or(|at| *at > MOST);
    assert!(
        !has_starved,
        "The injected task starved: while it waited, the worker polled its own tasks {} times. A local queue may never become \
         empty, so the injector needs its turn before that: every 61st time.",
        polls.load(Ordering::SeqCst) - stop_at
    );
    for (at, number) in injected.iter().zip(1..) {
        let between = at - stop_at;
        assert!(
            between <= number * INTERVAL,
            "{INJECTED} tasks came from outside. Number {number} was polled after {between} polls of the worker's own tasks. \
             When the worker looks into the injector every 61st time, it comes after {}.",
            number * 61
        );
    }
    assert!(
        injected.len() == INJECTED,
        "{INJECTED} tasks came from outside, and {} of them starved. The injector has its turn every 61st time, for as long \
         as anything is in it.",
        INJECTED - injected.len()
    );
}

/// A worker polls the tasks that it has woken itself before those that come from outside.
#[test]
fn own_tasks_come_first() {
    const INJECTED: usize = 300;
    let executor = workers(1);
    let order: Arc<Mutex<Vec<bool>>> = Arc::default();
    let hold = Hold::default();
    stage("a worker spawns 3 tasks, and 300 wait in the injector");
    executor.spawn({
        let (order, hold) = (order.clone(), hold.clone());
        async move {
            hold.stop();
            for _ in 0..3 {
                let order = order.clone();
                spawn(async move { order.lock().unwrap().push(true) });
            }
        }
    });
    assert!(comes(|| hold.stopped() == 1), "A task was spawned, and the only worker did not poll it.");
    for _ in 0..INJECTED {
        let order = order.clone();
        executor.spawn(async move { order.lock().unwrap().push(false) });
    }
    hold.open();
    assert!(
        comes(|| order.lock().unwrap().len() == INJECTED + 3),
        "{INJECTED} tasks came from outside, and the worker spawned 3. Only {} of them were polled.",
        order.lock().unwrap().len()
    );
    let order = order.lock().unwrap().clone();
    let last = order.iter().rposition(|is_own| *is_own).expect("they were polled");
    let before = last - 2;
    assert!(
        before <= 10,
        "A worker spawned 3 tasks, and {INJECTED} tasks from outside were in the injector. {before} of these were polled \
         before the worker's own tasks. What a worker has just woken goes into its own queue, and that comes first, except \
         every 61st time."
    );
}

/// No task starves in a local queue in which all tasks wake themselves.
#[test]
fn no_local_task_starves() {
    const TASKS: usize = 5;
    const MOST: usize = 10_000;
    let executor = workers(1);
    let polls: Arc<Vec<AtomicUsize>> = Arc::new((0..TASKS).map(|_| AtomicUsize::new(0)).collect());
    stage("the only worker has 5 tasks that wake themselves in each poll");
    let spawning = executor.spawn({
        let polls = polls.clone();
        async move {
            let tasks: Vec<_> = (0..TASKS)
                .map(|task| {
                    let polls = polls.clone();
                    spawn(poll_fn(move |context| {
                        let mine = polls[task].fetch_add(1, Ordering::SeqCst) + 1;
                        let have_all = polls.iter().all(|polls| polls.load(Ordering::SeqCst) >= 200);
                        if have_all || mine >= MOST {
                            return Poll::Ready(());
                        }
                        context.waker().wake_by_ref();
                        Poll::Pending
                    }))
                })
                .collect();
            for task in tasks {
                let _ = task.await;
            }
        }
    });
    assert!(
        comes(|| spawning.is_finished()),
        "5 tasks woke themselves in each poll, and were not polled any more."
    );
    let polls: Vec<usize> = polls.iter().map(|polls| polls.load(Ordering::SeqCst)).collect();
    let (least, most) = (polls.iter().min().expect("5"), polls.iter().max().expect("5"));
    assert!(
        most - least < 150,
        "5 tasks of one worker woke themselves in each poll. They were polled {polls:?} times: some of them starve. What is \
         woken goes to the end of the queue, or no more than a few times in a row to its front."
    );
}

/// Each task is polled once for each wake, whoever steals it.
#[test]
fn each_task_is_polled_once() {
    const ROUNDS: usize = 6;
    let executor = workers(4);
    for round in 1..=ROUNDS {
        stage(format!("round {round}: tasks spawn tasks, and 4 workers steal from each other"));
        let (tally, hold) = (Arc::new(Tally::default()), Hold::default());
        executor.spawn(stops(&hold));
        let root = executor.spawn(tree(tally.clone(), 3));
        let is_over = comes(|| root.is_finished());
        hold.open();
        assert!(
            is_over,
            "Tasks spawned 8 tasks each, awaited them, and were stolen back and forth by 4 workers. {} tasks were spawned, \
             and {} have ended: the others were lost, or nobody has called a worker for them.",
            tally.spawned.load(Ordering::SeqCst),
            tally.ended.load(Ordering::SeqCst)
        );
        let probes = tally.probes.lock().unwrap();
        assert!(
            !probes.iter().any(ProbeHandle::concurrent),
            "Two workers were in a poll of the same task at the same time."
        );
        let most = probes.iter().map(ProbeHandle::polls).max().expect("there are tasks");
        // The first poll, and at most one for the end of each of its 8 children.
        assert!(
            most <= 9,
            "A task was woken at most 8 times, and polled {most} times: it was in more than one queue at the same time."
        );
        let leaves = tally.leaf_polls.load(Ordering::SeqCst);
        assert!(
            leaves == 512,
            "512 tasks were ready in their first poll, and {leaves} polls of them began. Each task is in one queue, and who \
             takes it out has to poll it."
        );
    }
    until_parked(executor, 4);
}

/// A task that is woken on a worker of another executor still runs on its own.
#[test]
fn each_executor_keeps_its_tasks() {
    let (mine, other) = (workers(1), workers(1));
    let gate = Gate::new();
    let waits = other.spawn({
        let wait = gate.wait();
        async move {
            let before = thread::current().id();
            wait.await;
            (before, thread::current().id())
        }
    });
    assert!(comes(|| gate.waiters() == 1), "A task was spawned, and the only worker did not poll it.");
    stage("a worker of one executor wakes a task of another one, and spawns a task there");
    let hold = Hold::default();
    let spawned = mine.spawn({
        let (gate, hold) = (gate.clone(), hold.clone());
        async move {
            let spawned = other.spawn(async { thread::current().id() });
            gate.open();
            hold.stop();
            (thread::current().id(), spawned)
        }
    });
    assert!(comes(|| hold.stopped() == 1), "A task was spawned, and the only worker did not poll it.");
    assert!(
        comes(|| waits.is_finished()),
        "A worker of one executor woke a task of another executor, and then its poll took its time. The worker of the other \
         executor is parked, and does not poll its task. A task goes into a queue of its own executor, whichever thread \
         wakes it."
    );
    hold.open();
    assert!(comes(|| spawned.is_finished()), "The poll of a task is over, and the task has not ended.");
    let (mine, spawned): (ThreadId, JoinHandle<ThreadId>) =
        mine.block_on(spawned).expect("it does not panic");
    let (before, after) = other.block_on(waits).expect("it does not panic");
    assert!(
        before == after && after != mine,
        "A worker of one executor woke a task of another executor, and then polled it. A task goes into a queue of its own \
         executor, whichever thread wakes it."
    );
    assert!(
        other.block_on(spawned).expect("it does not panic") == before,
        "A worker of one executor called `spawn` of another one, and polled the task itself. A task goes into a queue of its \
         own executor, whichever thread spawns it."
    );
}

/// After all that stealing, all workers are parked, and none of them wakes up to look around.
#[test]
fn nobody_searches_forever() {
    let executor = workers(3);
    let gate = Gate::new();
    let root = executor.spawn({
        let gate = gate.clone();
        async move {
            let tasks: Vec<_> = (0..30).map(|_| spawn(gate.wait())).collect();
            for task in tasks {
                let _ = task.await;
            }
        }
    });
    assert!(
        comes(|| gate.waiters() == 30),
        "A worker spawned 30 tasks, and {} of them were polled.",
        gate.waiters()
    );
    stage("30 tasks that a worker has spawned wait for an event, and 3 workers have nothing to do");
    until_parked(executor, 3);
    rests("30 tasks were waiting for an event, and 3 workers had nothing to do");
    gate.open();
    assert!(
        comes(|| root.is_finished()),
        "30 tasks were woken while all workers were parked, and not all were polled."
    );
    until_parked(executor, 3);
}

/// Tasks in a local queue are dropped with the executor.
#[test]
fn drop_empties_the_local_queues() {
    let log = Log::new();
    let executor = Executor::with_workers(1);
    let hold = Hold::default();
    executor.spawn({
        let (log, hold) = (log.clone(), hold.clone());
        async move {
            for _ in 0..10 {
                let note = DropLog::new(&log, "queued");
                spawn(async move {
                    let _note = note;
                    std::future::pending::<()>().await;
                });
            }
            hold.stop();
        }
    });
    assert!(comes(|| hold.stopped() == 1), "A task was spawned, and the only worker did not poll it.");
    stage("an executor is dropped while its worker is busy, and 10 tasks are in the worker's queue");
    let dropping = thread::spawn(move || drop(executor));
    settles();
    hold.open();
    assert!(comes(|| dropping.is_finished()), "An executor was dropped, and `drop` did not return.");
    let dropped = log.len();
    assert!(
        dropped == 10,
        "An executor was dropped, with 10 tasks in the queue of its worker. When `drop` had returned, {dropped} of their \
         futures were gone."
    );
}

/// What happens to the tasks of a tree.
#[derive(Default)]
struct Tally {
    spawned: AtomicUsize,
    ended: AtomicUsize,
    leaf_polls: AtomicUsize,
    probes: Mutex<Vec<ProbeHandle>>,
}

/// Spawns 8 tasks that do the same, so many levels deep, and awaits them.
fn tree(tally: Arc<Tally>, levels: u32) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    tally.spawned.fetch_add(1, Ordering::SeqCst);
    let (task, probe) = Probe::new({
        let tally = tally.clone();
        async move {
            if levels == 0 {
                tally.leaf_polls.fetch_add(1, Ordering::SeqCst);
            } else {
                let children: Vec<_> = (0..8).map(|_| spawn(tree(tally.clone(), levels - 1))).collect();
                for child in children {
                    child.await.expect("no task panics");
                }
            }
            tally.ended.fetch_add(1, Ordering::SeqCst);
        }
    });
    tally.probes.lock().unwrap().push(probe);
    Box::pin(task)
}

fn until_parked(executor: &Executor, count: usize) {
    let many = counted(count, "worker");
    assert!(
        comes(|| executor.parked_workers() == count),
        "With {many} and nothing to do, `parked_workers` was {}. A worker that has found nothing has to park, until \
         it is called.",
        executor.parked_workers()
    );
}

/// An executor with so many workers, which is never dropped: a test that fails must not wait for threads that hang.
fn workers(count: usize) -> &'static Executor {
    Box::leak(Box::new(Executor::with_workers(count)))
}

/// A point in a poll at which a worker stops, until the test lets it go on.
#[derive(Clone, Default)]
struct Hold(Arc<(Mutex<Held>, Condvar)>);

#[derive(Default)]
struct Held {
    stopped: usize,
    is_open: bool,
}

impl Hold {
    fn stop(&self) {
        let (held, opened) = &*self.0;
        let mut held = held.lock().unwrap();
        held.stopped += 1;
        drop(opened.wait_while(held, |held| !held.is_open).unwrap());
    }

    /// How many have come here.
    fn stopped(&self) -> usize {
        self.0.0.lock().unwrap().stopped
    }

    fn open(&self) {
        self.0.0.lock().unwrap().is_open = true;
        self.0.1.notify_all();
    }
}

/// A task that stops in its only poll.
fn stops(hold: &Hold) -> impl Future<Output = ()> + Send + use<> {
    let hold = hold.clone();
    async move { hold.stop() }
}

/// Waits until it is so. `false` when all other threads sleep on, or work hard and get nowhere: then it never will be.
fn comes(is_so: impl Fn() -> bool) -> bool {
    for _ in 0..50 {
        if is_so() {
            return true;
        }
        thread::yield_now();
    }
    for _ in 0..20 {
        if is_so() {
            return true;
        }
        pause();
    }
    let start = Effort::of_others();
    // Where the system does not tell what threads do, a longer wait has to do.
    let most = if start.is_some() { STILL } else { 50 * STILL };
    compete(CHANCE);
    let (mut before, mut still) = (start, 0);
    while still < most {
        if is_so() {
            return true;
        }
        pause();
        let now = Effort::of_others();
        still = if now == before { still + 1 } else { 0 };
        before = now;
        if now.zip(start).is_some_and(|(now, start)| now.since(start).cpu > SPINS) {
            break;
        }
    }
    is_so()
}

/// A chance for whatever should not happen.
fn settles() {
    compete(CHANCE);
    for _ in 0..10 {
        pause();
    }
}

/// No other thread does anything, now that nothing happens.
fn rests(what: &str) {
    let mut seen = None;
    // Whoever lies down may have to wait for something else before, a page of memory say.
    for _ in 0..3 {
        let before = Effort::of_others();
        settles();
        let Some(effort) = Effort::of_others().zip(before).map(|(now, before)| now.since(before)) else {
            return;
        };
        if effort.naps == 0 && effort.turns == 0 && effort.cpu < CHANCE / 2 {
            return;
        }
        seen = Some(effort);
    }
    let Some(effort) = seen else { return };
    if effort.naps > 0 {
        panic!(
            "Nothing happened: {what}. But a thread woke up {} times in some 20 ms. A worker sleeps until it is called, \
             without a timeout.",
            effort.naps
        );
    }
    panic!(
        "Nothing happened: {what}. But a thread used {} ms of CPU time. It has to sleep.",
        effort.cpu.as_millis()
    );
}

/// Parking would take the tokens that others leave.
fn pause() {
    thread::sleep(Duration::from_millis(1));
}
