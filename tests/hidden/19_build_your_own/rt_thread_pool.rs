//! Hidden tests of `rt_thread_pool`.

use std::cell::RefCell;
use std::collections::HashSet;
use std::future::{pending, poll_fn};
use std::mem;
use std::panic;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Poll, Waker};
use std::thread::{self, ThreadId};
// hermetic: pauses between looks, and timers that threads of the learner's sleep for; no verdict goes by how long anything takes
use std::time::Duration;

use exercise::{Executor, sleep, spawn};
use testkit::{DropLog, Effort, Gate, Log, Probe, ProbeHandle, compete, counted, panic_of, pick, stage};

/// CPU time in which a thread that should sleep shows that it does not.
const CHANCE: Duration = Duration::from_millis(10);
/// So many pauses in a row without any effort. Whoever was woken has had a turn in one of them, however many others share the cores: this
/// thread has to get up after each pause, and waits for its own turn as long as the other does.
const STILL: usize = 60;
/// CPU time that nobody needs for what the tests wait for: it spins.
const SPINS: Duration = Duration::from_millis(400);

/// A wake that comes during a poll is kept. No other worker waits for that poll, and the task is polled once more after it.
#[test]
fn a_wake_during_a_poll_is_kept() {
    for wakes_itself in [true, false] {
        let by = if wakes_itself { "called its own waker" } else { "was woken by another thread" };
        let executor = workers(2);
        let (task, hold, probe, waker) = stops_in_its_first_poll(wakes_itself, Poll::Ready(()));
        stage(format!("a worker polls a task, which {by} in this poll; the other worker is free"));
        executor.spawn(task);
        until_stopped(&hold, &probe);
        if !wakes_itself {
            let waker = waker.lock().unwrap().take().expect("it was polled");
            let waking = thread::spawn(move || waker.wake());
            assert!(
                comes(|| waking.is_finished()),
                "A worker polled a task, and another thread called the task's waker. That call waits for the end of the \
                 poll. A waker may be called anywhere, also where a poll waits for it: it must never block."
            );
        }

        let others: Vec<_> = (0..4).map(|_| executor.spawn(async {})).collect();
        let polled = || others.iter().filter(|other| other.is_finished()).count();
        let are_polled = comes(|| polled() == 4);
        assert!(
            polled() > 0,
            "With 2 workers, one polled a task, which {by} in this poll. Then 4 other tasks were spawned, and nobody polled \
             them. The second worker has nothing else to do, but it waits for the task that is being polled. No worker may \
             take that task before its poll is over."
        );
        assert!(
            are_polled,
            "With 2 workers, one was in a poll that takes its time, and 4 other tasks were spawned. The second worker polled \
             {} of them, and the others wait for the first one. Whichever worker has nothing to do takes the next task.",
            polled()
        );
        assert!(
            comes(|| executor.parked_workers() == 1),
            "With 2 workers, one polled a task, which {by} in this poll. The other worker has nothing to do until that \
             poll is over, but it did not park: it takes the task out of the queue and puts it back, again and again."
        );
        let polls = probe.polls();
        assert!(polls == 1, "A task was in the middle of its first poll, and {polls} polls of it had begun.");

        stage(format!("a task {by} during its first poll, and that poll is over"));
        hold.open();
        assert!(
            comes(|| probe.finished()),
            "A task {by} while a worker polled it. The poll ended with `Pending`, and nobody polled the task again: the \
             wake was lost. A wake during a poll has to lead to another poll after it."
        );
        settles();
        let polls = probe.polls();
        assert!(
            polls == 2,
            "A task {by} during its first poll, once. It was polled {polls} times, and 2 are enough."
        );
    }
}

/// One poll answers all the wakes before it: those during the poll before, and those while the task was in the queue.
#[test]
fn many_wakes_are_one_poll() {
    let wakes = pick(5..=40);
    let executor = workers(2);
    let (task, hold, probe, waker) = stops_in_its_first_poll(false, Poll::Pending);
    executor.spawn(task);
    until_stopped(&hold, &probe);
    stage(format!("a task is woken {wakes} times during one poll"));
    let waker = waker.lock().unwrap().take().expect("it was polled");
    for _ in 0..wakes {
        waker.wake_by_ref();
    }
    hold.open();
    assert!(
        comes(|| probe.polls() >= 2),
        "A task was woken {wakes} times while a worker polled it, and was not polled again after that poll."
    );
    settles();
    let polls = probe.polls();
    assert!(
        polls == 2,
        "A task was woken {wakes} times during its first poll. It was polled {polls} times: one more poll answers all of \
         these wakes."
    );

    let executor = workers(1);
    let polls = Arc::new(AtomicUsize::new(0));
    let waker = Arc::new(Mutex::new(None::<Waker>));
    executor.spawn(poll_fn({
        let (polls, waker) = (polls.clone(), waker.clone());
        move |context| {
            *waker.lock().unwrap() = Some(context.waker().clone());
            polls.fetch_add(1, Ordering::SeqCst);
            Poll::<()>::Pending
        }
    }));
    assert!(
        comes(|| polls.load(Ordering::SeqCst) == 1),
        "A task was spawned, and the only worker did not poll it."
    );
    let hold = Hold::default();
    executor.spawn(stops(&hold));
    assert!(comes(|| hold.stopped() == 1), "A second task was spawned, and the only worker did not poll it.");
    stage(format!("the only worker is busy, and a task that waits is woken {wakes} times meanwhile"));
    let waker = waker.lock().unwrap().take().expect("it was polled");
    for _ in 0..wakes {
        waker.wake_by_ref();
    }
    hold.open();
    assert!(
        comes(|| polls.load(Ordering::SeqCst) >= 2),
        "A task was woken while the only worker polled another one, and was not polled after that."
    );
    settles();
    let polls = polls.load(Ordering::SeqCst);
    assert!(
        polls == 2,
        "A task was woken {wakes} times before its turn came, and was then polled {} times. A task that is in the queue \
         already needs no second place.",
        polls - 1
    );
}

/// As many tasks are polled at the same time as there are workers, and no more.
#[test]
fn as_many_at_once_as_there_are_workers() {
    for count in [1, 2, 4] {
        let many = counted(count, "worker");
        let executor = workers(count);
        let hold = Hold::default();
        stage(format!("{many}, and {} tasks whose polls take their time", count + 2));
        for _ in 0..count + 2 {
            executor.spawn(stops(&hold));
        }
        assert!(
            comes(|| hold.stopped() >= count),
            "With {many} and {} tasks whose polls take their time, {} polls began. Each worker that has nothing \
             to do has to take the next task, whatever the others do meanwhile.",
            count + 2,
            hold.stopped()
        );
        settles();
        let stopped = hold.stopped();
        assert!(
            stopped == count,
            "With {many}, {stopped} tasks were polled at the same time. Only the workers poll tasks."
        );
        hold.open();
        assert!(
            comes(|| hold.stopped() == count + 2),
            "{count} polls have ended, and the tasks behind them in the queue were not polled."
        );
    }
}

/// Each task that is spawned ends the sleep of one more worker, however fast they come.
#[test]
fn each_task_calls_a_worker() {
    const WORKERS: usize = 4;
    let executor = workers(WORKERS);
    for round in 1..=40 {
        stage(format!("round {round}: {WORKERS} workers are parked"));
        until_parked(executor, WORKERS);
        let hold = Hold::default();
        stage(format!("round {round}: {WORKERS} workers were parked, and {WORKERS} tasks were spawned"));
        for _ in 0..WORKERS {
            executor.spawn(stops(&hold));
        }
        assert!(
            comes(|| hold.stopped() == WORKERS),
            "{WORKERS} workers were parked. Then {WORKERS} tasks were spawned whose polls take their time, one right after \
             another. Only {} began, and {} workers sleep on. Each task that comes has to call a worker, also when others \
             are in the queue already.",
            hold.stopped(),
            WORKERS - hold.stopped()
        );
        hold.open();
    }
}

/// A thread in `block_on` or `run` does not poll tasks: it could not turn to its own future meanwhile.
#[test]
fn only_workers_poll_tasks() {
    for call in ["block_on", "run"] {
        let executor = workers(1);
        let (hold, done) = (Hold::default(), Gate::new());
        executor.spawn(stops(&hold));
        assert!(comes(|| hold.stopped() == 1), "A task was spawned, and the only worker did not poll it.");
        let threads = Arc::new(Mutex::new(HashSet::new()));
        for _ in 0..3 {
            executor.spawn(notes_its_thread(&threads));
        }
        stage(format!("the only worker is busy, 3 tasks wait, and a thread is in `{call}`"));
        let wait = done.wait();
        let driver =
            thread::spawn(move || if call == "run" { executor.run() } else { executor.block_on(wait) });
        settles();
        let polled = !threads.lock().unwrap().is_empty();
        assert!(
            !polled,
            "With 1 worker, which was busy, the thread in `{call}` polled a task. A poll may take its time, and for so \
             long that thread is not there for its future, for timers and for events. If there are workers, they alone \
             poll the tasks."
        );
        hold.open();
        done.open();
        assert!(
            comes(|| driver.is_finished()),
            "All tasks are complete, and the future of `block_on` is ready. `{call}` did not return."
        );
        let driver = driver.thread().id();
        assert!(
            comes(|| !threads.lock().unwrap().is_empty()),
            "The worker was free again, and did not poll the tasks."
        );
        assert!(!threads.lock().unwrap().contains(&driver), "The thread in `{call}` polled a task.");
    }
}

/// The thread in `block_on` polls its own future, and no worker does. Tasks are polled even while that poll takes its time.
#[test]
fn block_on_polls_its_own_future() {
    let value = pick(0..=u64::MAX);
    let executor = workers(2);
    let hold = Hold::default();
    stage("the future of `block_on` blocks its thread until two tasks were polled");
    let driver = thread::spawn({
        let hold = hold.clone();
        move || {
            let (future, probe) = Probe::new(async move {
                let first = spawn(async move { value });
                let second = spawn(async {});
                hold.stop();
                let value = first.await;
                (value.ok(), second.await.is_ok())
            });
            (executor.block_on(future), probe.threads())
        }
    });
    assert!(comes(|| hold.stopped() == 1), "A thread called `block_on`, and its future was not polled.");
    let other = Arc::new(AtomicBool::new(false));
    executor.spawn(notes(&other));
    assert!(
        comes(|| other.load(Ordering::SeqCst)),
        "The future of `block_on` was in a poll that takes its time, and a task was spawned. Nobody polled it, although 2 \
         workers have nothing to do: they must not depend on the thread in `block_on`."
    );
    hold.open();
    assert!(
        comes(|| driver.is_finished()),
        "The future of `block_on` awaits two tasks, which the workers have completed. `block_on` did not return: the wake \
         of its future has to end the sleep of its thread."
    );
    let id = driver.thread().id();
    let (output, threads) = driver.join().expect("`block_on` must not panic");
    assert!(
        output == (Some(value), true),
        "Two tasks were awaited, and their outputs were {output:?}, not {value}."
    );
    assert!(
        threads == [id],
        "The future of `block_on` was polled by another thread than the one that called `block_on`."
    );
}

/// When nothing is to do, all workers are parked, and no thread of the executor wakes up.
#[test]
fn idle_workers_sleep() {
    for count in [1, 3] {
        let many = counted(count, "worker");
        let executor = workers(count);
        let (gate, end) = (Gate::new(), Gate::new());
        let handles: Vec<_> = (0..20).map(|_| executor.spawn(gate.wait())).collect();
        let wait = end.wait();
        let driver = thread::spawn(move || executor.block_on(wait));
        assert!(
            comes(|| gate.waiters() == 20 && end.waiters() == 1),
            "20 tasks were spawned, and only {} were polled.",
            gate.waiters()
        );
        stage(format!("{many}, 20 tasks that wait for an event, and nothing to do"));
        until_parked(executor, count);
        rests(&format!("20 tasks were waiting for an event, and {many} had nothing to do"));

        stage("the event that 20 tasks wait for has come");
        gate.open();
        assert!(
            comes(|| handles.iter().all(|handle| handle.is_finished())),
            "20 tasks were woken while all workers were parked, and {} of them were not polled.",
            handles.iter().filter(|handle| !handle.is_finished()).count()
        );
        until_parked(executor, count);
        end.open();
        assert!(
            comes(|| driver.is_finished()),
            "The future of `block_on` was woken, and `block_on` did not return."
        );
    }
}

/// `run` returns when the last task is complete, wherever that happens.
#[test]
fn run_waits_for_the_workers() {
    let executor = workers(2);
    stage("`run` was called, and there are no tasks");
    let empty = thread::spawn(|| executor.run());
    assert!(
        comes(|| empty.is_finished()),
        "`run` was called on an executor without tasks, and did not return."
    );

    for round in 1..=10 {
        let (hold, gate) = (Hold::default(), Gate::new());
        executor.spawn(stops(&hold));
        executor.spawn(gate.wait());
        stage("one task is polled by a worker, another one waits for an event, and a thread is in `run`");
        let driver = thread::spawn(|| executor.run());
        assert!(
            comes(|| hold.stopped() == 1 && gate.waiters() == 1),
            "Two tasks were spawned, and the workers did not poll both."
        );
        if round == 1 {
            settles();
        }
        assert!(!driver.is_finished(), "`run` returned, and 2 tasks were not complete.");
        gate.open();
        if round == 1 {
            settles();
        }
        assert!(!driver.is_finished(), "`run` returned while a worker was in the middle of polling a task.");
        stage("a thread is in `run`, and a worker completes the last task");
        hold.open();
        assert!(
            comes(|| driver.is_finished()),
            "A worker completed the last task, and the thread in `run` sleeps on. Whoever completes the last task has to \
             wake it."
        );
    }
}

/// A task that wakes itself goes to the end of the queue: others have their turn.
#[test]
fn who_wakes_itself_lets_others_go_first() {
    const MOST: usize = 5_000;
    let executor = workers(1);
    let (polls, other) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    stage(
        "the only worker polls a task that wakes itself in each poll, and another task is behind it in the queue",
    );
    let busy = poll_fn({
        let (polls, other) = (polls.clone(), other.clone());
        move |context| {
            if other.load(Ordering::SeqCst) || polls.fetch_add(1, Ordering::SeqCst) >= MOST {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }
    });
    // The worker spawns both, so it comes to them afterwards.
    let both = executor.spawn(async move {
        let busy = spawn(busy);
        spawn(notes(&other));
        busy.await.is_ok()
    });
    assert!(
        comes(|| both.is_finished()),
        "A task called its waker in each poll, and was not polled any more."
    );
    let polls = polls.load(Ordering::SeqCst);
    assert!(
        polls < MOST,
        "A task that wakes itself in each poll was polled {polls} times, and the task behind it in the queue not once. A \
         task that was woken during its poll goes to the end of the queue."
    );
}

/// No wake is lost, and no task is polled by two workers at once, when many threads wake many tasks.
#[test]
fn no_wake_is_lost() {
    const TASKS: usize = 6;
    const WAKES: usize = 1_500;
    let executor = workers(3);
    let tasks: Vec<Arc<Events>> = (0..TASKS).map(|_| Arc::default()).collect();
    stage("two threads wake 6 tasks, thousands of times, and 3 workers poll them");
    let (handles, probes): (Vec<_>, Vec<_>) = tasks
        .iter()
        .map(|events| {
            let events = events.clone();
            let (task, probe) = Probe::new(poll_fn(move |context| {
                *events.waker.lock().unwrap() = Some(context.waker().clone());
                let seen = events.count.load(Ordering::SeqCst);
                if seen == 2 * WAKES { Poll::Ready(()) } else { Poll::Pending }
            }));
            (executor.spawn(task), probe)
        })
        .unzip();
    let wakers = [(); 2].map(|()| {
        let tasks = tasks.clone();
        thread::spawn(move || {
            for _ in 0..WAKES {
                for events in &tasks {
                    events.count.fetch_add(1, Ordering::SeqCst);
                    let waker = events.waker.lock().unwrap().clone();
                    if let Some(waker) = waker {
                        waker.wake();
                    }
                }
            }
        })
    });
    for waker in wakers {
        assert!(
            waker.join().is_ok(),
            "Two threads woke 6 tasks, thousands of times, and a call of a waker panicked."
        );
    }
    let left = || handles.iter().filter(|handle| !handle.is_finished()).count();
    assert!(
        comes(|| left() == 0),
        "Two threads woke {TASKS} tasks, thousands of times, while 3 workers polled them. {} of the tasks were not polled \
         after their last wake: it was lost.",
        left()
    );
    assert!(
        !probes.iter().any(ProbeHandle::concurrent),
        "Two workers were in a poll of the same task at the same time."
    );
    until_parked(executor, 3);
}

/// Tasks find their executor on each worker: `spawn` and `sleep` work there.
#[test]
fn workers_know_their_executor() {
    let executors = [workers(2), workers(2)];
    let threads: [Arc<Mutex<HashSet<ThreadId>>>; 2] = Default::default();
    let outer: Vec<_> = (0..40)
        .map(|number| {
            let threads = threads[number % 2].clone();
            executors[number % 2].spawn(async move {
                threads.lock().unwrap().insert(thread::current().id());
                spawn(notes_its_thread(&threads)).await
            })
        })
        .collect();
    stage("tasks on the workers of two executors call `spawn`");
    assert!(
        comes(|| outer.iter().all(|handle| handle.is_finished())),
        "Tasks on the workers of two executors spawned tasks and awaited them, and {} of them did not end.",
        outer.iter().filter(|handle| !handle.is_finished()).count()
    );
    for handle in outer {
        let is_complete = executors[0].block_on(handle).is_ok_and(|inner| inner.is_ok());
        assert!(
            is_complete,
            "A task called `spawn` on a worker, and panicked. Each worker has to make its executor the current one."
        );
    }
    let [first, second] = threads.each_ref().map(|threads| threads.lock().unwrap().clone());
    assert!(first.is_disjoint(&second), "Two executors with 2 workers each: a thread polled tasks of both.");

    stage("a task on a worker waits for 5 ms, and the thread in `block_on` has a timer of an hour");
    let driver = thread::spawn({
        let executor = executors[0];
        move || {
            executor.block_on(async {
                let long = spawn(sleep(Duration::from_secs(3600)));
                let short = spawn(async { sleep(Duration::from_millis(5)).await }).await;
                long.abort();
                short.is_ok()
            })
        }
    });
    assert!(
        comes_by_clock(|| driver.is_finished()),
        "A task on a worker awaited a `sleep` of 5 ms, and was not woken. The thread in `block_on` has to hear of a timer \
         that is due before the one that it waits for."
    );
    assert!(driver.join().is_ok_and(|is_ok| is_ok), "A task called `sleep` on a worker, and panicked.");
}

/// A task that panics or is aborted costs no worker.
#[test]
fn a_panic_costs_no_worker() {
    let executor = workers(1);
    let word = format!("burnt {}", pick(0..=u64::MAX));
    stage("the only worker polls a task that panics");
    let handle = executor.spawn({
        let word = word.clone();
        // hermetic: the panic is what is tested
        async move { panic::panic_any(word) }
    });
    let other = Arc::new(AtomicBool::new(false));
    executor.spawn(notes(&other));
    assert!(
        comes(|| other.load(Ordering::SeqCst)),
        "A task panicked, and the only worker polls no other task any more. The panic belongs to the handle of that task."
    );
    let outcome: Result<(), _> = executor.block_on(handle);
    let payload = outcome.map_err(|error| error.into_panic().downcast::<String>().ok());
    assert!(
        payload == Err(Some(Box::new(word))),
        "A task panicked on a worker, and its handle did not get the payload."
    );

    let log = Log::new();
    let (task, hold, probe, _) = stops_in_its_first_poll(false, Poll::Pending);
    let note = DropLog::new(&log, "aborted");
    let handle = executor.spawn(async move {
        let _note = note;
        task.await;
    });
    until_stopped(&hold, &probe);
    stage("a task is aborted while a worker polls it");
    handle.abort();
    hold.open();
    assert!(
        comes(|| handle.is_finished()),
        "A task was aborted while a worker polled it. The poll is over, and the task has not ended."
    );
    assert!(
        log.events() == ["dropped aborted"]
            && executor.block_on(handle).is_err_and(|error| error.is_aborted()),
        "A task was aborted while a worker polled it. Its future was not dropped, or its handle says something else."
    );
}

/// An executor without workers works as before.
#[test]
fn no_workers_at_all() {
    let executor = workers(0);
    let threads = Arc::new(Mutex::new(HashSet::new()));
    stage("an executor with 0 workers has a task");
    let handle = executor.spawn(notes_its_thread(&threads));
    settles();
    assert!(
        threads.lock().unwrap().is_empty(),
        "An executor with 0 workers polled a task, and no thread was in `block_on` or `run`."
    );
    assert!(
        executor.parked_workers() == 0,
        "An executor with 0 workers has {} parked workers.",
        executor.parked_workers()
    );
    let driver = thread::spawn(|| executor.block_on(handle).is_ok());
    assert!(
        comes(|| driver.is_finished()),
        "With 0 workers, the thread in `block_on` has to poll the tasks. It did not, and `block_on` does not return."
    );
    let id = driver.thread().id();
    assert!(
        *threads.lock().unwrap() == HashSet::from([id]),
        "With 0 workers, the thread in `block_on` has to poll the tasks. Another thread did."
    );
}

/// `drop` waits for the polls that are going on, and no worker is left when it returns.
#[test]
fn drop_joins_the_workers() {
    let log = Log::new();
    let executor = Executor::with_workers(3);
    let (hold, gate) = (Hold::default(), Gate::new());
    let note = DropLog::new(&log, "polled");
    executor.spawn({
        let hold = hold.clone();
        async move {
            let _note = note;
            hold.stop();
            pending::<()>().await;
        }
    });
    let note = DropLog::new(&log, "waiting");
    executor.spawn({
        let wait = gate.wait();
        async move {
            let _note = note;
            wait.await;
        }
    });
    assert!(
        comes(|| hold.stopped() == 1 && gate.waiters() == 1),
        "Two tasks were spawned on an executor with 3 workers, and not both were polled."
    );
    stage("an executor is dropped while one of its 3 workers polls a task");
    let dropping = thread::spawn(move || drop(executor));
    settles();
    assert!(
        !dropping.is_finished(),
        "An executor was dropped, and `drop` returned while a worker was in the middle of polling a task. From then on, \
         nobody expects that code of a task still runs: `drop` has to wait for the workers."
    );
    hold.open();
    assert!(
        comes(|| dropping.is_finished()),
        "An executor was dropped. The poll that was going on is over, and `drop` did not return. Are workers still parked? \
         They have to be woken, and to end."
    );
    let mut dropped = log.events();
    dropped.sort();
    assert!(
        dropped == ["dropped polled", "dropped waiting"],
        "An executor with two tasks that were not complete was dropped. When `drop` had returned, {} of their futures \
         had been dropped.",
        dropped.len()
    );
}

/// A worker that always has a task ends as well.
#[test]
fn drop_ends_a_worker_that_is_never_idle() {
    let executor = Executor::with_workers(1);
    let (task, probe) = Probe::new(poll_fn(|context| {
        context.waker().wake_by_ref();
        Poll::<()>::Pending
    }));
    executor.spawn(task);
    assert!(comes(|| probe.polls() > 10), "A task woke itself in each poll, and was not polled any more.");
    stage("an executor is dropped while one of its tasks wakes itself in each poll");
    let dropping = thread::spawn(move || drop(executor));
    assert!(
        comes(|| dropping.is_finished()),
        "An executor was dropped whose worker always has a task, and `drop` did not return. A worker has to look whether the \
         executor is gone before each poll, and not only when it has nothing to do."
    );
    assert!(
        probe.dropped(),
        "An executor was dropped, and the future of a task that woke itself in each poll was not."
    );
}

/// No thread of an executor is left when it was dropped, whether its workers were busy, parked, or had just begun.
#[test]
fn drop_leaves_no_thread() {
    for (count, are_parked) in [(1, true), (4, true), (4, false), (0, true)] {
        let many = counted(count, "worker");
        let ended = Arc::new(AtomicUsize::new(0));
        let executor = Executor::with_workers(count);
        let hold = Hold::default();
        for _ in 0..count {
            let (hold, ended) = (hold.clone(), ended.clone());
            executor.spawn(async move {
                LAST.set(Some(Ends(ended)));
                hold.stop();
            });
        }
        assert!(
            comes(|| hold.stopped() == count),
            "With {many}, {count} tasks of one poll each were spawned, and not all were polled."
        );
        hold.open();
        if are_parked {
            let parked = comes(|| executor.parked_workers() == count);
            assert!(parked, "{many} had nothing to do, and {} were parked.", executor.parked_workers());
        }
        stage(format!("an executor with {many} is dropped"));
        let dropping = thread::spawn(move || drop(executor));
        assert!(
            comes(|| dropping.is_finished()),
            "An executor with {many} was dropped while no task was polled, and `drop` did not return. It has to \
             wake the workers that are parked, and tell them to end."
        );
        assert!(
            comes(|| ended.load(Ordering::SeqCst) == count),
            "An executor with {many} was dropped, and {} of their threads are still there. Each executor would \
             leave more of them behind.",
            count - ended.load(Ordering::SeqCst)
        );
    }
}

/// Wakers that outlive the executor do nothing, and tasks that were not polled yet are dropped with it.
#[test]
fn what_is_left_is_dropped() {
    let log = Log::new();
    let executor = Executor::with_workers(1);
    let (hold, gate) = (Hold::default(), Gate::new());
    let waits = executor.spawn(gate.wait());
    assert!(comes(|| gate.waiters() == 1), "A task was spawned, and the only worker did not poll it.");
    executor.spawn(stops(&hold));
    assert!(comes(|| hold.stopped() == 1), "A second task was spawned, and the only worker did not poll it.");
    for _ in 0..10 {
        let note = DropLog::new(&log, "queued");
        executor.spawn(async move { drop(note) });
    }
    stage("an executor is dropped while its only worker is busy, and 10 tasks are in the queue");
    let dropping = thread::spawn(move || drop(executor));
    settles();
    hold.open();
    assert!(comes(|| dropping.is_finished()), "An executor was dropped, and `drop` did not return.");
    let dropped = log.len();
    assert!(
        dropped == 10,
        "An executor was dropped, with 10 tasks in its queue. When `drop` had returned, {dropped} of their futures were \
         gone."
    );
    stage("an event comes that a task of a dropped executor has waited for");
    if let Err(text) = panic_of(|| gate.open()) {
        panic!(
            "An executor was dropped, and then a waker of one of its tasks was called. That call panicked.\n{text}"
        );
    }
    assert!(
        waits.is_finished(),
        "An executor was dropped, and the handle of a task that was left still waits for it."
    );
}

/// A task may own the executor that it runs on, and drop it.
#[test]
fn a_task_may_drop_its_executor() {
    let executor = Arc::new(Executor::with_workers(2));
    let (gate, go) = (Gate::new(), Gate::new());
    let waits = executor.spawn(gate.wait());
    stage("a task drops the executor that it runs on");
    let handle = executor.spawn({
        let (owned, go) = (executor.clone(), go.wait());
        async move {
            go.await;
            drop(owned);
        }
    });
    assert!(
        comes(|| go.waiters() == 1 && gate.waiters() == 1),
        "Two tasks were spawned on an executor with 2 workers, and not both were polled."
    );
    drop(executor);
    go.open();
    assert!(
        comes(|| handle.is_finished()),
        "A task had the last `Arc` of its own executor, and dropped it. That `drop` does not return: it runs on a worker, and \
         no thread can wait for its own end."
    );
    let outcome = workers(0).block_on(handle);
    assert!(
        outcome.is_ok(),
        "A task had the last `Arc` of its own executor, and dropped it. That ended with a panic: a thread cannot wait for \
         its own end."
    );
    assert!(
        comes(|| waits.is_finished()),
        "A task had the last `Arc` of its own executor, and dropped it. The future of another task was not dropped with it."
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

/// A task that does only this.
fn notes(flag: &Arc<AtomicBool>) -> impl Future<Output = ()> + Send + use<> {
    let flag = flag.clone();
    async move { flag.store(true, Ordering::SeqCst) }
}

fn notes_its_thread(threads: &Arc<Mutex<HashSet<ThreadId>>>) -> impl Future<Output = ()> + Send + use<> {
    let threads = threads.clone();
    async move {
        threads.lock().unwrap().insert(thread::current().id());
    }
}

type Task = Probe<Pin<Box<dyn Future<Output = ()> + Send>>>;

/// A task that stops in its first poll, is `Pending` after it, and this from the second one on; and its waker.
fn stops_in_its_first_poll(
    wakes_itself: bool,
    then: Poll<()>,
) -> (Task, Hold, ProbeHandle, Arc<Mutex<Option<Waker>>>) {
    let (hold, place) = (Hold::default(), Arc::new(Mutex::new(None)));
    let (stop, waker) = (hold.clone(), place.clone());
    let mut was_polled = false;
    let future = poll_fn(move |context| {
        if mem::replace(&mut was_polled, true) {
            return then;
        }
        if wakes_itself {
            context.waker().wake_by_ref();
        }
        *waker.lock().unwrap() = Some(context.waker().clone());
        stop.stop();
        Poll::Pending
    });
    let (task, probe) = Probe::new(Box::pin(future) as _);
    (task, hold, probe, place)
}

fn until_stopped(hold: &Hold, probe: &ProbeHandle) {
    let has_stopped = comes(|| hold.stopped() == 1);
    assert!(
        has_stopped || probe.polls() == 0,
        "A task called its own waker in its poll, and that call did not return. A lock must not be held while a task is \
         polled: the task may call its waker."
    );
    assert!(has_stopped, "A task was spawned on an executor with workers, and no worker polled it.");
}

fn until_parked(executor: &Executor, count: usize) {
    let many = counted(count, "worker");
    assert!(
        comes(|| executor.parked_workers() == count),
        "With {many} and nothing to do, `parked_workers` was {}. A worker that has nothing to do has to park, \
         until there is a task for it.",
        executor.parked_workers()
    );
}

/// The events that a task waits for.
#[derive(Default)]
struct Events {
    count: AtomicUsize,
    waker: Mutex<Option<Waker>>,
}

thread_local! {
    static LAST: RefCell<Option<Ends>> = const { RefCell::new(None) };
}

/// Counts the threads that end.
struct Ends(Arc<AtomicUsize>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Waits until it is so. `false` when all other threads sleep on, or work hard and get nowhere: then it never will be.
fn comes(is_so: impl Fn() -> bool) -> bool {
    waits(is_so, 0)
}

/// The same, for what a timer of a few milliseconds brings.
fn comes_by_clock(is_so: impl Fn() -> bool) -> bool {
    waits(is_so, 1_000)
}

fn waits(is_so: impl Fn() -> bool, patience: usize) -> bool {
    for _ in 0..50 {
        if is_so() {
            return true;
        }
        thread::yield_now();
    }
    for _ in 0..20 + patience {
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
