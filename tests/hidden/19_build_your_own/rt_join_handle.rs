//! Hidden tests of `rt_join_handle`: what a handle gives, when, and to whom.

use std::any::Any;
use std::future::{pending, poll_fn};
use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread::{self, ThreadId};

use exercise::{Executor, JoinError, JoinHandle, block_on, spawn};
use testkit::{
    CountingWaker, DropLog, Gate, Log, Probe, check_eq, counted, elsewhere, panic_of, pick, poll_once, stage,
};

/// A task that awaits a handle is woken when the other task is over.
#[test]
fn the_one_who_waits_is_woken() {
    let (executor, gate, value) = (Executor::new(), Gate::new(), pick(0..=u64::MAX));
    let waiting = gate.wait();
    let mut handle = Box::pin(executor.spawn(async move {
        waiting.await;
        value
    }));
    let counter = CountingWaker::new();
    turns(&executor);
    let early = poll_once(&mut handle, &counter.waker());
    assert!(early.is_pending(), "The task is not over, and its handle was ready.");
    turns(&executor);
    check_eq!(
        counter.wakes(),
        0,
        "The handle woke its task although the spawned task was not over. Number of wakes:"
    );
    gate.open();
    turns(&executor);
    assert!(
        counter.wakes() > 0,
        "The task was over, and the one who awaited its handle was not woken.\nIt sleeps forever: when the handle returns \
         `Pending`, it has to keep the waker, and the end of the task has to call it."
    );
    check_eq!(
        counter.wakes(),
        1,
        "The task ended once, and its handle woke the awaiting task another number of times. Number of wakes:"
    );
    let outcome = output(poll_once(&mut handle, Waker::noop()), "the task had returned");
    check_eq!(outcome, value, "The handle has another output than its task.");

    stage("`block_on` awaits the handle of a task that gets three turns");
    let (output, polls) = block_on(async {
        let (awaiting, probe) = Probe::new(spawn(async move {
            yields(3).await;
            value
        }));
        let output = spawn(awaiting).await;
        (output, probe.polls())
    });
    let output = output.expect("the outer task").expect("the inner task");
    check_eq!(output, value, "A task awaited another one, and its output did not arrive.");
    check_eq!(
        polls,
        2,
        "A task awaited another one, and was polled another number of times than at the beginning and at the end. \
         Before that end, there is nothing to wake it for."
    );
}

/// A task that is over keeps its outcome until somebody asks.
#[test]
fn an_outcome_waits_for_its_handle() {
    let executor = Executor::new();
    for count in [0, 1, 2, pick(50..=99)] {
        let handles: Vec<_> = (0..count).map(|number| executor.spawn(async move { number })).collect();
        turns(&executor);
        let mut found = Vec::new();
        // The last one first: the outcomes do not wait in a line.
        for handle in handles.into_iter().rev() {
            assert!(handle.is_finished(), "A task has returned, and `is_finished` of its handle said false.");
            let mut handle = Box::pin(handle);
            found.push(output(poll_once(&mut handle, Waker::noop()), "the task had returned"));
        }
        let wanted: Vec<_> = (0..count).rev().collect();
        check_eq!(
            found,
            wanted,
            "{count} tasks returned their numbers. The handles gave, the last one first:"
        );
    }
    stage("outputs that stand for nothing");
    let texts = [String::new(), "a".repeat(pick(1..=9) as usize)];
    let handles = texts.clone().map(|text| executor.spawn(async move { Some(text) }));
    let nothing = executor.spawn(async { None::<String> });
    let unit = executor.spawn(async {});
    let nested = executor.spawn(async { Err::<(), _>("an error of the task's own") });
    turns(&executor);
    for (handle, text) in handles.into_iter().zip(texts) {
        check_eq!(executor.block_on(handle).unwrap(), Some(text), "A task returned a text. The handle gave:");
    }
    check_eq!(executor.block_on(nothing).unwrap(), None, "A task returned `None`. The handle gave:");
    executor.block_on(unit).unwrap();
    let nested = executor.block_on(nested).expect("an error that a task returns is an output");
    check_eq!(nested, Err("an error of the task's own"), "A task returned an error. The handle gave:");
}

/// A handle can move to another task, and the newest waker counts.
#[test]
fn the_newest_waker_is_woken() {
    let (executor, gate) = (Executor::new(), Gate::new());
    let mut handle = Box::pin(executor.spawn(gate.wait()));
    turns(&executor);
    let counters = [CountingWaker::new(), CountingWaker::new()];
    for counter in [&counters[0], &counters[1], &counters[0], &counters[1]] {
        assert!(
            poll_once(&mut handle, &counter.waker()).is_pending(),
            "The task is not over, its handle is ready."
        );
    }
    gate.open();
    turns(&executor);
    assert!(
        counters[1].wakes() > 0,
        "Two tasks polled a handle in turn, and the one that polled it last was not woken.\nOnly the newest waker counts: the \
         handle may have moved to another task since then."
    );
    drop(handle);
    let left = counters[0].live_clones() + counters[1].live_clones();
    check_eq!(
        left,
        0,
        "The task is over and its handle is gone, and wakers of the awaiting tasks are left. Number of wakers:"
    );

    let mut handle = Box::pin(executor.spawn(pending::<()>()));
    turns(&executor);
    let counter = CountingWaker::new();
    assert!(poll_once(&mut handle, &counter.waker()).is_pending());
    drop(handle);
    check_eq!(
        counter.live_clones(),
        0,
        "A handle was polled and dropped while its task waited, and it left a waker behind. Number of wakers:"
    );
}

/// A panic in a task reaches its handle, and neither the executor nor another task.
#[test]
fn a_panic_reaches_its_handle_alone() {
    for turn in [0, pick(1..=3) as usize] {
        let (executor, log, number) = (Executor::new(), Log::new(), pick(0..=u64::MAX));
        let others: Vec<_> = (0..4)
            .map(|other| {
                let log = log.clone();
                executor.spawn(async move {
                    yields(other).await;
                    log.push("done");
                })
            })
            .collect();
        let mut panicking = Box::pin(executor.spawn(async move {
            yields(turn).await;
            // hermetic: the panic is what is tested
            panic_any(number);
        }));
        let counter = CountingWaker::new();
        assert!(poll_once(&mut panicking, &counter.waker()).is_pending());
        let came_out = panic_of(|| turns(&executor));
        assert!(
            came_out.is_ok(),
            "A task panicked in poll number {}, and the panic came out of the executor: {} with it.\nA panic of a \
             task belongs to its handle: catch it around the poll.",
            turn + 1,
            match 4 - log.count("done") {
                0 => "everything that was still to come died".to_owned(),
                left => format!("{} died", counted(left, "other task")),
            }
        );
        check_eq!(
            log.count("done"),
            4,
            "One task panicked, and other tasks did not come to their end. Number of tasks that did:"
        );
        for other in others {
            assert!(
                other.is_finished(),
                "A task has returned, and `is_finished` said false, because another panicked."
            );
        }
        assert!(counter.wakes() > 0, "A task panicked, and the one who awaited its handle was not woken.");
        assert!(panicking.is_finished(), "A task has panicked, and `is_finished` of its handle said false.");
        let error = error(poll_once(&mut panicking, Waker::noop()), "the task had panicked");
        check_eq!(
            (error.is_panic(), error.is_aborted()),
            (true, false),
            "A task panicked. `is_panic` and `is_aborted` of the error said:"
        );
        let payload = error.into_panic().downcast::<u64>().map(|payload| *payload).ok();
        check_eq!(payload, Some(number), "A task panicked with a number. `into_panic` gave another payload:");
        stage("a task after the panic");
        check_eq!(
            executor.block_on(executor.spawn(async { 7 })).ok(),
            Some(7),
            "After a panic, a new task gave:"
        );
    }
    let handle = Executor::new();
    let text = "a".repeat(pick(3..=9) as usize);
    // hermetic: the panic is what is tested
    let said = handle.spawn({
        let text = text.clone();
        async move {
            panic!("{text}");
        }
    });
    turns(&handle);
    let error = error::<()>(poll_once(&mut Box::pin(said), Waker::noop()), "the task had panicked");
    check_eq!(text_of(&*error.into_panic()), Some(text), "A task panicked with a text. `into_panic` gave:");
}

/// A panic in a `Drop` ends neither the executor nor another task.
#[test]
fn a_panic_in_a_drop_stays_in_its_task() {
    for ends in ["returns", "is aborted", "panics", "is aborted before its first poll"] {
        let (executor, log) = (Executor::new(), Log::new());
        let bomb = Bomb;
        let mut handle = Box::pin(executor.spawn(async move {
            let _bomb = bomb;
            match ends {
                "returns" => {}
                // hermetic: the panic is what is tested
                "panics" => panic_any("a panic in the poll"),
                _ => pending().await,
            }
        }));
        let other = executor.spawn({
            let log = log.clone();
            async move {
                yields(2).await;
                log.push("done");
            }
        });
        let came_out = panic_of(|| {
            if ends == "is aborted" {
                turns(&executor);
            }
            if ends.starts_with("is aborted") {
                handle.abort();
            }
            turns(&executor);
        });
        assert!(
            came_out.is_ok() && log.count("done") == 1,
            "A task {ends}, a value in it panics when it is dropped, and the panic came out of the executor.\nThe future of a task is \
             foreign code in its `Drop`, too: catch what it does there."
        );
        assert!(other.is_finished(), "A task has returned, and `is_finished` of its handle said false.");
        assert!(
            poll_once(&mut handle, Waker::noop()).is_ready(),
            "A task {ends}, a value in it panicked when it was dropped, and the handle is not ready.\nA task that awaits it \
             waits forever."
        );
    }
    // Nobody is there who could hear of it.
    let executor = Executor::new();
    drop(executor.spawn(async { Bomb }));
    let came_out = panic_of(|| turns(&executor));
    assert!(
        came_out.is_ok(),
        "The handle of a task was dropped, the output panicked when it was dropped, and the panic came out of the executor.\n\
         Nobody wants this output, so the executor drops it, and it is foreign code."
    );
}

/// An abort drops the future, on the thread of the executor, and the handle says so.
#[test]
fn an_abort_drops_the_future_where_it_is_polled() {
    for polled in [true, false] {
        let (executor, log) = (Executor::new(), Log::new());
        let place = Arc::new(Mutex::new(None));
        let (future, probe) = Probe::new({
            let guard = Place { dropped_on: place.clone(), _log: DropLog::new(&log, "task") };
            async move {
                let _guard = guard;
                pending::<()>().await;
            }
        });
        let handle = Arc::new(executor.spawn(future));
        if polled {
            turns(&executor);
        }
        thread::spawn({
            let handle = handle.clone();
            move || handle.abort()
        })
        .join()
        .unwrap();
        let before = probe.polls();
        assert!(
            place.lock().unwrap().is_none_or(|dropped_on| dropped_on == thread::current().id()),
            "Another thread called `abort`, and the future was dropped on that thread.\nA future is dropped where it is polled: \
             leave a note that the executor finds, and wake the task."
        );
        turns(&executor);
        let found = *place.lock().unwrap();
        assert!(
            found.is_some(),
            "A task that {} was aborted, the executor had a few turns, and the future is still there.\n`abort` has to \
             schedule the task: while nobody wakes it, the executor never comes to look.",
            if polled { "waited" } else { "had not been polled" }
        );
        assert!(found == Some(thread::current().id()), "`abort` dropped the future on another thread.");
        check_eq!(probe.polls(), before, "A task was aborted, and was polled once more. Polls:");
        check_eq!(
            log.count("dropped task"),
            1,
            "A task was aborted. Number of times that its value was dropped:"
        );
        assert!(
            handle.is_finished(),
            "A task was aborted and is gone, and `is_finished` of its handle said false."
        );
        handle.abort();
        turns(&executor);
        let mut handle = Box::pin(Arc::try_unwrap(handle).ok().expect("the thread is over"));
        let error = error(poll_once(&mut handle, Waker::noop()), "the task had been aborted");
        check_eq!(
            (error.is_panic(), error.is_aborted()),
            (false, true),
            "A task was aborted. `is_panic` and `is_aborted` of the error said:"
        );
        let no_payload = panic_of(|| error.into_panic());
        assert!(
            no_payload.is_err(),
            "A task was aborted, and `into_panic` made a payload up. It should panic."
        );
        stage("the executor runs until all tasks are over, and all of them are");
        executor.run();
    }
}

/// A task that awaits a handle is woken by an abort, too, and by then the task is gone.
#[test]
fn an_abort_is_told_when_the_future_is_gone() {
    let (executor, log) = (Executor::new(), Log::new());
    let guard = DropLog::new(&log, "task");
    let mut handle = Box::pin(executor.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    }));
    turns(&executor);
    let counter = CountingWaker::new();
    counter.on_wake({
        let log = log.clone();
        move || log.push("woken")
    });
    assert!(poll_once(&mut handle, &counter.waker()).is_pending());
    handle.abort();
    turns(&executor);
    assert!(counter.wakes() > 0, "A task was aborted, and the one who awaited its handle was not woken.");
    check_eq!(
        log.events(),
        ["dropped task", "woken"],
        "The one who awaited the handle was woken before the task was gone.\nWho hears that a task is over relies on it that \
         what it owned is free: drop the future first. In which order it happened:"
    );

    // The same for a task that returns.
    log.clear();
    let guard = DropLog::new(&log, "task");
    let gate = Gate::new();
    let waiting = gate.wait();
    let mut handle = Box::pin(executor.spawn(async move {
        let _guard = guard;
        waiting.await;
    }));
    turns(&executor);
    assert!(poll_once(&mut handle, &counter.waker()).is_pending());
    gate.open();
    turns(&executor);
    check_eq!(log.events(), ["dropped task", "woken"], "A task returned. In which order things happened:");
}

/// An abort after the end changes nothing, and a task may abort itself.
#[test]
fn an_abort_too_late_and_an_abort_from_within() {
    let (executor, value) = (Executor::new(), pick(0..=u64::MAX));
    let mut handle = Box::pin(executor.spawn(async move { value }));
    turns(&executor);
    handle.abort();
    turns(&executor);
    let outcome =
        output(poll_once(&mut handle, Waker::noop()), "the task had returned before it was aborted");
    check_eq!(outcome, value, "A task returned and was aborted after that. Its handle gave:");
    handle.abort();
    drop(handle);

    stage("a task aborts itself and waits");
    let own = Arc::new(Mutex::new(None::<JoinHandle<()>>));
    let log = Log::new();
    let handle = executor.spawn({
        let (own, guard) = (own.clone(), DropLog::new(&log, "task"));
        async move {
            let _guard = guard;
            if let Some(handle) = &*own.lock().unwrap() {
                handle.abort();
            }
            pending::<()>().await;
        }
    });
    *own.lock().unwrap() = Some(handle);
    turns(&executor);
    check_eq!(
        log.count("dropped task"),
        1,
        "A task called `abort` on its own handle during a poll, returned `Pending`, and was not dropped. Number of drops:"
    );
    let handle = own.lock().unwrap().take().unwrap();
    assert!(handle.is_finished(), "A task aborted itself, and `is_finished` of its handle said false.");
}

/// A task whose handle was dropped goes on, and its output is dropped as soon as it is there.
#[test]
fn a_dropped_handle_detaches_its_task() {
    let (executor, log, gate) = (Executor::new(), Log::new(), Gate::new());
    let task = || {
        let (waiting, log) = (gate.wait(), log.clone());
        async move {
            waiting.await;
            log.push("returns");
            DropLog::new(&log, "output")
        }
    };
    drop(executor.spawn(task()));
    let mut polled = Box::pin(executor.spawn(task()));
    turns(&executor);
    assert!(poll_once(&mut polled, Waker::noop()).is_pending());
    drop(polled);
    turns(&executor);
    gate.open();
    turns(&executor);
    check_eq!(
        log.count("returns"),
        2,
        "Two tasks waited, their handles were dropped, and the tasks did not run to their end. Number of tasks that did:\nDropping a handle detaches \
         the task. It is not an abort."
    );
    check_eq!(
        log.count("dropped output"),
        2,
        "Two tasks returned values after their handles were dropped, and the values were kept. Number of values that \
         were dropped:"
    );
    // This time the handle is dropped later.
    log.clear();
    let handle = executor.spawn(task());
    turns(&executor);
    check_eq!(log.count("dropped output"), 0, "A task has returned, its handle is there. Outputs dropped:");
    drop(handle);
    check_eq!(
        log.count("dropped output"),
        1,
        "A task had returned, and its handle was dropped. Outputs dropped:"
    );
    // And this time it is taken.
    log.clear();
    let mut handle = Box::pin(executor.spawn(task()));
    turns(&executor);
    let taken = output(poll_once(&mut handle, Waker::noop()), "the task had returned");
    drop(handle);
    check_eq!(log.count("dropped output"), 0, "The output was taken from its handle. Outputs dropped:");
    drop(taken);
    check_eq!(
        log.count("dropped output"),
        1,
        "The output was taken from its handle and dropped. Outputs dropped:"
    );
}

/// Who awaits a task of an executor that is dropped hears that it was aborted.
#[test]
fn a_dropped_executor_leaves_nobody_waiting() {
    for polled in [false, true] {
        let executor = Executor::new();
        let mut handle = Box::pin(executor.spawn(pending::<u8>()));
        let counter = CountingWaker::new();
        if polled {
            turns(&executor);
        }
        assert!(poll_once(&mut handle, &counter.waker()).is_pending());
        drop(executor);
        assert!(
            counter.wakes() > 0,
            "The executor was dropped, and its task with it. The one who awaited the handle was not woken, and sleeps forever."
        );
        let error = error(poll_once(&mut handle, Waker::noop()), "the executor had been dropped");
        assert!(
            error.is_aborted(),
            "The executor was dropped, and `is_aborted` said false for a task that was left."
        );
        handle.abort();
    }
}

/// `is_finished` tells whether the task is over, and the errors say what happened.
#[test]
fn what_handle_and_error_say() {
    let (executor, gate) = (Executor::new(), Gate::new());
    let handle = executor.spawn(gate.wait());
    assert!(!handle.is_finished(), "A task was not polled yet, and `is_finished` said true.");
    turns(&executor);
    assert!(!handle.is_finished(), "A task waits, and `is_finished` said true.");
    handle.abort();
    assert!(
        !handle.is_finished(),
        "`abort` was called, the task is still there, and `is_finished` said true."
    );
    turns(&executor);
    assert!(handle.is_finished(), "A task was aborted and is gone, and `is_finished` said false.");
    let aborted = executor.block_on(handle).unwrap_err();
    // hermetic: the panic is what is tested
    let panicked = executor
        .block_on(executor.spawn(async {
            panic_any(7_u8);
        }))
        .unwrap_err();
    let texts = [&aborted, &panicked].map(|error| {
        let error: &dyn std::error::Error = error;
        error.to_string()
    });
    assert!(
        !texts[0].is_empty() && !texts[1].is_empty() && texts[0] != texts[1],
        "The errors of a task that was aborted and of one that panicked print as {:?} and {:?}: a log would not tell them \
         apart.",
        texts[0],
        texts[1]
    );
}

/// Wakers are foreign code: no lock is held while one is cloned, woken or dropped.
#[test]
fn a_waker_may_use_the_executor() {
    let why = "A waker is foreign code: clone it before you take the lock, and wake and drop it after you have released that.";
    for moment in ["cloned", "dropped"] {
        let (executor, gate, value) = (Arc::new(Executor::new()), Gate::new(), pick(0..=u64::MAX));
        let waiting = gate.wait();
        let mut handle = Box::pin(executor.spawn(async move {
            waiting.await;
            value
        }));
        turns(&executor);
        let (counter, had_to_wait) = (CountingWaker::new(), Arc::new(AtomicBool::new(false)));
        let hook = {
            let (had_to_wait, gate, executor) = (had_to_wait.clone(), gate.clone(), executor.clone());
            move || {
                if gate.is_open() {
                    return;
                }
                gate.open();
                let executor = executor.clone();
                let elsewhere = elsewhere(move || turns(&executor));
                had_to_wait.store(elsewhere.had_to_wait(), Ordering::SeqCst);
            }
        };
        let waker = counter.waker();
        stage(format!("the task ends on another thread while a waker is {moment}"));
        let first = if moment == "cloned" {
            counter.on_clone(hook);
            poll_once(&mut handle, &waker)
        } else {
            assert!(poll_once(&mut handle, &waker).is_pending());
            drop(waker);
            counter.on_drop(hook);
            poll_once(&mut handle, Waker::noop())
        };
        assert!(
            !had_to_wait.load(Ordering::SeqCst),
            "A handle was polled. While the waker was {moment}, the task ended on another thread, and had to wait for a lock.\n{why}"
        );
        turns(&executor);
        assert!(
            first.is_ready() || moment == "dropped" || counter.wakes() > 0,
            "A handle was polled. While the waker was cloned, the task ended on another thread. The poll returned `Pending`, and \
             nobody called the waker.\nBetween the look at the outcome and the registration there is a gap: do both under one lock."
        );
    }
    let (executor, gate, counter) = (Executor::new(), Gate::new(), CountingWaker::new());
    let mut handle = Box::pin(executor.spawn(gate.wait()));
    turns(&executor);
    assert!(poll_once(&mut handle, &counter.waker()).is_pending());
    let handle = Arc::new(handle);
    let (had_to_wait, finished) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    counter.on_wake({
        let (handle, had_to_wait, finished) = (handle.clone(), had_to_wait.clone(), finished.clone());
        move || {
            let (handle, finished) = (handle.clone(), finished.clone());
            let look = elsewhere(move || finished.store(handle.is_finished(), Ordering::SeqCst));
            had_to_wait.store(look.had_to_wait(), Ordering::SeqCst);
        }
    });
    gate.open();
    turns(&executor);
    assert!(
        !had_to_wait.load(Ordering::SeqCst),
        "While the waker was called, another thread asked `is_finished` and had to wait for a lock.\n{why}"
    );
    assert!(
        finished.load(Ordering::SeqCst),
        "While the waker was called, another thread asked `is_finished`, and it said false.\nWho is woken looks at once, on \
         another thread perhaps: put the outcome into its place first, and wake after that."
    );
}

/// Gives the executor some turns: more than any task of these tests needs.
fn turns(executor: &Executor) {
    executor.block_on(yields(9));
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

fn output<T>(handle: Poll<Result<T, JoinError>>, when: &str) -> T {
    match handle {
        Poll::Ready(Ok(output)) => output,
        Poll::Ready(Err(error)) => panic!("The handle gave {error:?} in place of the output, and {when}."),
        Poll::Pending => panic!("The handle is `Pending`, and {when}."),
    }
}

fn error<T>(handle: Poll<Result<T, JoinError>>, when: &str) -> JoinError {
    match handle {
        Poll::Ready(Err(error)) => error,
        Poll::Ready(Ok(_)) => panic!("The handle gave an output, and {when}."),
        Poll::Pending => panic!("The handle is `Pending`, and {when}: a task that awaits it waits forever."),
    }
}

fn text_of(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
}

/// Panics when it is dropped, unless something else has panicked.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            // hermetic: the panic is what is tested
            panic_any("a `Drop` that panics");
        }
    }
}

/// Notes the thread that drops it.
struct Place {
    dropped_on: Arc<Mutex<Option<ThreadId>>>,
    _log: DropLog,
}

impl Drop for Place {
    fn drop(&mut self) {
        *self.dropped_on.lock().unwrap() = Some(thread::current().id());
    }
}
