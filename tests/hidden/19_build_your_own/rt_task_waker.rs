//! Hidden tests of `rt_task_waker`.

use std::future::poll_fn;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
// hermetic: how long a sleeper is watched, a lower bound; the rest goes by what threads do
use std::time::Duration;

use exercise::Executor;
use testkit::{
    Blocked, DropLog, Log, Probe, Rest, Script, ScriptProbe, Signal, Step, Wake, allocations, counted,
    panic_of, pick, stage,
};

/// Of many tasks that wait, only the one that was woken is polled.
#[test]
fn only_woken_tasks_are_polled() {
    const TASKS: usize = 1000;
    let executor = Executor::new();
    let (signals, probes) = waiting(&executor, TASKS);
    let woken = pick(0..=TASKS as u64 - 1) as usize;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, all) = (seen.clone(), probes.clone());
    let polls = move |woken: usize| {
        let others = all.iter().enumerate().filter(|(task, _)| *task != woken);
        (others.map(|(_, probe)| probe.polls()).sum::<usize>(), all[woken].polls())
    };
    executor.spawn(async move {
        // Each task was polled once, before this one.
        turns(3).await;
        log.lock().unwrap().push(polls(woken));
        signals[woken].fire();
        turns(3).await;
        log.lock().unwrap().push(polls(woken));
        signals.iter().for_each(Signal::fire);
    });
    stage("1000 tasks wait for an event each, and one of these events comes");
    executor.run();
    let seen = seen.lock().unwrap();
    assert!(
        seen[0] == (TASKS - 1, 1),
        "1000 tasks were polled once and wait. Another task woke itself 3 times, and these 1000 were polled {} in all \
         meanwhile. None of them was woken: only a task that was woken may be polled.",
        counted((seen[0].0 + seen[0].1).saturating_sub(TASKS), "time")
    );
    let (others, one) = (seen[1].0 - seen[0].0, seen[1].1 - seen[0].1);
    assert!(
        others == 0,
        "1 of 1000 waiting tasks was woken, and the other 999 were polled {} in all. Only a task that was woken may be \
         polled, or each wake costs as much as there are tasks.",
        counted(others, "time")
    );
    assert!(one == 1, "1 of 1000 waiting tasks was woken, and it was polled {}.", counted(one, "time"));
    let unfinished = probes.iter().filter(|probe| !probe.finished()).count();
    assert!(
        unfinished == 0,
        "In the end all 1000 tasks were woken, but when `run` returned, {unfinished} were not complete."
    );
}

/// Five wakes before a poll lead to one poll.
#[test]
fn many_wakes_lead_to_one_poll() {
    let executor = Executor::new();
    let script = Script::new("A", [Step::Pend(Wake::Never), Step::Pend(Wake::Never), Step::Ready(())]);
    let probe = script.probe();
    executor.spawn(script);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, watched) = (seen.clone(), probe.clone());
    executor.spawn(async move {
        for wakes in [5, 1] {
            let waker = watched.last_waker();
            if let Some(waker) = waker {
                for turn in 0..wakes {
                    match turn {
                        0 => waker.wake_by_ref(),
                        1 => waker.clone().wake(),
                        _ => {
                            let waker = waker.clone();
                            thread::spawn(move || waker.wake()).join().expect("a wake does not panic");
                        }
                    }
                }
            }
            turns(3).await;
            log.lock().unwrap().push(watched.polls());
        }
    });
    stage("task A is pending, and gets 5 wakes before it is polled again: 2 on its own thread, 3 on others");
    executor.run();
    let seen = seen.lock().unwrap();
    assert!(
        seen[0] == 2,
        "A task got 5 wakes while it waited, and was polled {} after them. One poll answers all wakes that came before \
         it, so the task belongs into the queue once.",
        counted(seen[0].saturating_sub(1), "time")
    );
    assert!(
        seen[1] == 3 && probe.finished(),
        "A task got 5 wakes and was polled. Then it got one more wake, and was polled {} after that. Each poll has to \
         make room for the next wake.",
        counted(seen[1].saturating_sub(2), "time")
    );
}

/// A wake that comes during the poll leads to another poll.
#[test]
fn a_wake_during_the_poll_is_kept() {
    const TURNS: usize = 100;
    let steps = (0..TURNS).map(|_| Step::Pend(Wake::Itself)).chain([Step::Ready(())]);
    stage("the only task wakes itself during each poll");
    let blocked = Blocked::start(Script::new("eager", steps), |future| {
        let executor = Executor::new();
        executor.spawn(future);
        executor.run();
    });
    blocked.until_polled(1);
    loop {
        match blocked.rest(Duration::from_millis(20)) {
            Rest::Over => break,
            Rest::Polled { .. } => {}
            Rest::InPoll => panic!(
                "A task called its own waker during its poll, and that call does not return: it waits for a lock that is \
                 held while the task is polled."
            ),
            _ => panic!(
                "A task called its own waker during poll number {}, returned `Pending`, and was not polled again. The \
                 wake that came during the poll was lost.",
                blocked.polls()
            ),
        }
    }
    let polls = blocked.polls();
    if let Err(text) = blocked.value() {
        panic!("A task called its own waker during each poll, and `run` panicked.\n{text}");
    }
    assert!(
        polls == TURNS + 1,
        "A task woke itself during {TURNS} polls and was ready in the next one, but it was polled {polls} times."
    );

    stage("another thread calls the waker of the only task, while the task is being polled");
    let (blocked, answer) = Blocked::woken_from_elsewhere(|future| {
        let executor = Executor::new();
        executor.spawn(future);
        executor.run();
    });
    assert!(
        answer.is_some(),
        "Another thread called the waker of a task during its poll, and the task was not polled again. The wake that \
         came during the poll was lost."
    );
    drop(blocked);

    let (executor, mut is_first) = (Executor::new(), true);
    let (future, probe) = Probe::new(poll_fn(move |context| {
        if !std::mem::take(&mut is_first) {
            return Poll::Ready(());
        }
        for _ in 0..5 {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }));
    executor.spawn(future);
    stage("the only task calls its own waker 5 times during its first poll");
    executor.run();
    let polls = probe.polls();
    assert!(polls == 2, "A task called its own waker 5 times during one poll, and was polled {polls} times.");
}

/// Tasks are polled in the order in which they were woken.
#[test]
fn first_woken_is_first_polled() {
    const TASKS: usize = 50;
    let (executor, log) = (Executor::new(), Log::new());
    let mut order: Vec<usize> = (0..TASKS).collect();
    for place in (1..TASKS).rev() {
        order.swap(place, pick(0..=place as u64) as usize);
    }
    let signals: Vec<Signal> = (0..TASKS).map(|_| Signal::new()).collect();
    for (task, signal) in signals.iter().enumerate() {
        let script = Script::new("task", [Step::Pend(Wake::Later(signal.clone())), Step::Ready(())]);
        let log = log.clone();
        executor.spawn(async move {
            script.await;
            log.push(task.to_string());
        });
    }
    let wakes = order.clone();
    executor.spawn(async move { wakes.into_iter().for_each(|task| signals[task].fire()) });
    stage("50 tasks wait for an event each, and one task makes all of them happen");
    executor.run();
    let expected: Vec<String> = order.iter().map(usize::to_string).collect();
    let found = log.events();
    let differs = expected.iter().zip(&found).position(|(expected, found)| expected != found);
    if let Some(at) = differs {
        panic!(
            "50 tasks were woken, one after the other. Number {} of them was task {}, but task {} was polled in its \
             place. Whatever is woken first has to be polled first.",
            at + 1,
            expected[at],
            found[at]
        );
    }
    assert!(found.len() == TASKS, "50 tasks were woken, and {} became ready.", found.len());
}

/// A wake after completion does nothing: in `run`, after it, and when the executor is gone.
#[test]
fn a_wake_after_completion_does_nothing() {
    let kept = Arc::new(Mutex::new(Vec::<Waker>::new()));
    let executor = Executor::new();
    let (log, wakers) = (Log::new(), kept.clone());
    let (ends, ended) = Probe::new(poll_fn(move |context| {
        let mut wakers = wakers.lock().unwrap();
        wakers.push(context.waker().clone());
        // In its last poll, too.
        context.waker().wake_by_ref();
        if wakers.len() > 1 { Poll::Ready(()) } else { Poll::Pending }
    }));
    executor.spawn(ends);
    let (wakers, events) = (kept.clone(), log.clone());
    executor.spawn(async move {
        turns(3).await;
        let kept = wakers.lock().unwrap().clone();
        for waker in kept {
            waker.wake();
            events.push("woken");
        }
        turns(3).await;
    });
    stage("a task is complete, and another one calls the wakers that it has left behind");
    executor.run();
    assert!(log.count("woken") == 2, "`run` returned before the second task was complete.");
    assert!(
        ended.polls() == 2,
        "A task was ready in its second poll, and was polled {} times.",
        ended.polls()
    );

    stage(
        "`run` has returned; somebody calls the waker of a task that is complete, and `run` is called again",
    );
    let wakers = kept.lock().unwrap().clone();
    let late = move || wakers.into_iter().for_each(Waker::wake);
    if let Err(text) = panic_of(late.clone()) {
        panic!(
            "A task was complete, somebody called a waker that it had left behind, and `wake` panicked.\n{text}"
        );
    }
    if let Err(text) = panic_of(|| executor.run()) {
        panic!(
            "All tasks were complete. Somebody called the waker of one, and then `run` panicked. A wake after completion \
             should do nothing.\n{text}"
        );
    }
    stage("the executor is gone; somebody calls the waker of a task that it had");
    drop(executor);
    let elsewhere = late.clone();
    let outcomes =
        [panic_of(late), thread::spawn(move || panic_of(elsewhere)).join().expect("it gives its panic")];
    for outcome in outcomes {
        if let Err(text) = outcome {
            panic!(
                "An executor was dropped, somebody called the waker of one of its tasks, and `wake` panicked.\n{text}"
            );
        }
    }
}

/// The waker of a task that is complete never wakes another task.
#[test]
fn a_late_waker_wakes_nobody_else() {
    let executor = Executor::new();
    let kept = Arc::new(Mutex::new(Vec::<Waker>::new()));
    for _ in 0..3 {
        let kept = kept.clone();
        executor.spawn(poll_fn(move |context| {
            kept.lock().unwrap().push(context.waker().clone());
            Poll::Ready(())
        }));
    }
    stage("3 tasks have come and gone");
    executor.run();
    let (signals, probes) = waiting(&executor, 3);
    let watched = probes.clone();
    let polls = Arc::new(AtomicUsize::new(0));
    let seen = polls.clone();
    executor.spawn(async move {
        turns(2).await;
        kept.lock().unwrap().drain(..).for_each(Waker::wake);
        turns(2).await;
        seen.store(watched.iter().map(ScriptProbe::polls).sum(), Ordering::SeqCst);
        signals.iter().for_each(Signal::fire);
    });
    stage("3 tasks have come and gone; then 3 others wait, and somebody calls the wakers of the first 3");
    executor.run();
    let polls = polls.load(Ordering::SeqCst);
    assert!(
        polls == 3,
        "3 tasks were complete and 3 new ones waited. Somebody called the wakers of the old ones, and the new ones were \
         polled {} for it. A waker belongs to one task, and when this task is over, to none.",
        counted(polls - 3, "time")
    );
}

/// A future is dropped when it is ready, even if somebody keeps its waker, and the memory of its task is freed.
#[test]
fn nothing_is_kept() {
    const TASKS: usize = 100;
    let dropped = Arc::new(AtomicUsize::new(0));
    let kept: Arc<Mutex<Vec<Waker>>> = Arc::default();
    let executor = Executor::new();
    for _ in 0..TASKS {
        let (kept, count) = (kept.clone(), Count(dropped.clone()));
        executor.spawn(poll_fn(move |context| {
            let _ = &count;
            kept.lock().unwrap().push(context.waker().clone());
            Poll::Ready(())
        }));
    }
    stage("100 tasks have left their wakers with somebody, and are complete");
    executor.run();
    let gone = dropped.load(Ordering::SeqCst);
    assert!(
        gone == TASKS,
        "{TASKS} tasks are complete, and somebody keeps their wakers. {} of their futures were not dropped. A waker may \
         live longer than its task, but the future has to go when it is ready.",
        TASKS - gone
    );
    drop(executor);
    kept.lock().unwrap().clear();

    // Each future owns the waker of its own task.
    let work = |tasks: usize| {
        let executor = Executor::new();
        for _ in 0..tasks {
            let mut own = None;
            executor.spawn(poll_fn(move |context| match own.replace(context.waker().clone()) {
                Some(_) => Poll::Ready(()),
                None => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
            }));
        }
        executor.run();
        // These never have their turn.
        for _ in 0..tasks {
            executor.spawn(async {});
        }
    };
    work(1);
    stage(
        "100 tasks that own their own wakers are complete, 100 more have never run, and the executor is dropped",
    );
    let ((), made) = allocations(|| work(TASKS));
    assert!(
        made.kept < TASKS as isize,
        "{TASKS} tasks were complete, {TASKS} others had never run, and the executor was dropped. {} bytes are still in \
         use: something still owns these tasks. Is there a circle of `Arc`s?",
        made.kept
    );
}

/// Futures are dropped while no lock is held: their `Drop` may spawn, and wake.
#[test]
fn a_drop_may_use_the_executor() {
    let (executor, log) = (Arc::new(Executor::new()), Log::new());
    let wakers: Arc<Mutex<Vec<Waker>>> = Arc::default();
    let sleeper = Script::new("sleeper", [Step::Pend(Wake::Never), Step::Ready(())]);
    let sleeper_probe = sleeper.probe();
    executor.spawn(sleeper);
    let end = Farewell { executor: executor.clone(), wakers: wakers.clone(), log: log.clone() };
    executor.spawn(poll_fn(move |context| {
        let end = &end;
        let own = end.wakers.lock().unwrap().is_empty();
        end.wakers
            .lock()
            .unwrap()
            .extend([context.waker().clone()].into_iter().chain(sleeper_probe.last_waker()));
        if own {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    }));
    stage(
        "a future is ready and is dropped; its `Drop` spawns a task, wakes another one, and wakes its own task",
    );
    executor.run();
    let events = log.events();
    assert!(
        events == ["farewell", "spawned"],
        "The `Drop` of a future spawned a task and woke two. When `run` returned, this had happened: {events:?}, and \
         not [\"farewell\", \"spawned\"]."
    );

    let executor = Executor::new();
    let log = Log::new();
    let wakers: Arc<Mutex<Vec<Waker>>> = Arc::default();
    for task in 0..3 {
        let (wakers, guest, mut is_first) = (wakers.clone(), WakesAll(wakers.clone(), log.clone()), true);
        executor.spawn(poll_fn(move |context| {
            let _ = &guest;
            wakers.lock().unwrap().push(context.waker().clone());
            if task < 2 && std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }
        }));
    }
    stage("2 tasks are pending, a third one is ready, and the `Drop` of its future wakes the others");
    executor.run();
    let found = log.count("woke all");
    assert!(
        found == 3,
        "2 tasks waited for the `Drop` of a third one. When `run` returned, {found} of the 3 futures had been dropped."
    );
}

/// A task that panics is over, and the others go on.
#[test]
fn a_panic_ends_one_task_only() {
    // If this test fails, a `Drop` that panics, too, would end the process, and hide why.
    let executor = ManuallyDrop::new(Executor::new());
    let (log, event) = (Log::new(), Signal::new());
    let script = Script::new("patient", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let patient = script.probe();
    executor.spawn(script);
    let kept = Arc::new(Mutex::new(None));
    let (own, guest) = (kept.clone(), DropLog::new(&log, "the panicked task"));
    executor.spawn(poll_fn(move |context| -> Poll<()> {
        let _ = &guest;
        *own.lock().unwrap() = Some(context.waker().clone());
        context.waker().wake_by_ref();
        // hermetic: the panic is what is tested
        panic!("enough")
    }));
    let waker = kept.clone();
    executor.spawn(async move {
        let waker = waker.lock().unwrap().take();
        waker.into_iter().for_each(Waker::wake);
        turns(2).await;
        event.fire();
    });
    stage("one of 3 tasks panics; `run` is called until it returns");
    let mut panics = 0;
    // Whether the panic comes out of `run` is not what this asks: a later step gives it to somebody else.
    while let Err(text) = panic_of(|| executor.run()) {
        panics += 1;
        assert!(
            panics == 1 && text.contains("enough"),
            "One of 3 tasks panicked, and the next call of `run` panicked, too. A task that panicked is over: no \
             wake leads to another poll.\n{text}"
        );
    }
    assert!(
        patient.finished(),
        "One of 3 tasks panicked, and `run` was called again until it returned. A task that waited for an event is not \
         complete, although its event came."
    );
    assert!(
        log.count("dropped the panicked task") == 1,
        "A task panicked, and its future was not dropped when `run` returned."
    );
    drop(ManuallyDrop::into_inner(executor));
}

/// A task for each signal. Each waits for its own.
fn waiting(executor: &Executor, tasks: usize) -> (Vec<Signal>, Vec<ScriptProbe>) {
    (0..tasks)
        .map(|_| {
            let signal = Signal::new();
            let script = Script::new("waiting", [Step::Pend(Wake::Later(signal.clone())), Step::Ready(())]);
            let probe = script.probe();
            executor.spawn(script);
            (signal, probe)
        })
        .unzip()
}

/// Wakes its own task so many times, and so lets those have their turns that were woken before.
async fn turns(turns: usize) {
    let mut left = turns;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Counts when it is dropped.
struct Count(Arc<AtomicUsize>);

impl Drop for Count {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Spawns and wakes when it is dropped.
struct Farewell {
    executor: Arc<Executor>,
    wakers: Arc<Mutex<Vec<Waker>>>,
    log: Log,
}

impl Drop for Farewell {
    fn drop(&mut self) {
        self.log.push("farewell");
        let log = self.log.clone();
        self.executor.spawn(async move { log.push("spawned") });
        let wakers = std::mem::take(&mut *self.wakers.lock().unwrap());
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// Wakes whoever waits when it is dropped.
struct WakesAll(Arc<Mutex<Vec<Waker>>>, Log);

impl Drop for WakesAll {
    fn drop(&mut self) {
        let wakers = std::mem::take(&mut *self.0.lock().unwrap());
        wakers.into_iter().for_each(Waker::wake);
        self.1.push("woke all");
    }
}
