//! Hidden tests of `rt_run_queue`.

use std::future::poll_fn;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;
// hermetic: how long a sleeper is watched, a lower bound; the rest goes by what threads do
use std::time::Duration;

use exercise::{Executor, block_on};
use testkit::{
    Blocked, DropLog, Log, Probe, Rest, Script, Signal, Step, Wake, counted, panic_of, pick, stage,
};

/// How long nothing happens: time for a wrong answer to show itself. A right one sleeps, however long it is.
const WINDOW: Duration = Duration::from_millis(40);

/// `run` returns when every task is complete, also those that were pending.
#[test]
fn every_task_finishes() {
    let executor = Executor::new();
    let mut probes = Vec::new();
    for task in 1..=5 {
        let pends = if task == 1 { 0 } else { pick(1..=9) as usize };
        let steps = (0..pends).map(|_| Step::Pend(Wake::Itself)).chain([Step::Ready(())]);
        let script = Script::new(format!("task {task}"), steps);
        probes.push((task, pends, script.probe()));
        executor.spawn(script);
    }
    assert!(
        probes.iter().all(|(_, _, probe)| probe.polls() == 0),
        "A task was polled in `spawn`. `spawn` only puts it into the queue; its turn comes in `run`."
    );
    stage("`run` was called, with 5 tasks that wake themselves whenever they are pending");
    executor.run();
    for (task, pends, probe) in probes {
        let polls = probe.polls();
        assert!(
            probe.finished(),
            "`run` returned, but task {task} is not complete: it was polled {}, was pending, and its future was {}. A \
             pending task has to stay, until it is `Ready`.",
            counted(polls, "time"),
            if probe.dropped() { "dropped" } else { "never polled again" }
        );
        assert!(
            polls == pends + 1,
            "Task {task} was pending {}, and was polled {}.",
            counted(pends, "time"),
            counted(polls, "time")
        );
    }
}

/// Tasks take turns: a task that is pending goes to the end of the queue.
#[test]
fn tasks_take_turns() {
    const TASKS: usize = 100;
    let executor = Executor::new();
    let pends: Vec<usize> = (0..TASKS).map(|task| pick(u64::from(task == 0)..=5) as usize).collect();
    let log = Log::new();
    for (task, pends) in pends.iter().copied().enumerate() {
        let (log, mut polls) = (log.clone(), 0);
        executor.spawn(poll_fn(move |context| {
            log.push(format!("{task}"));
            polls += 1;
            if polls > pends {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }));
    }
    stage("`run` was called, with 100 tasks that wake themselves up to 5 times");
    executor.run();

    let expected: Vec<String> = (0..=5)
        .flat_map(|round| {
            pends
                .iter()
                .enumerate()
                .filter(move |(_, pends)| **pends >= round)
                .map(|(task, _)| task.to_string())
        })
        .collect();
    let found = log.events();
    let first_again =
        found.iter().enumerate().find(|(at, task)| found[..*at].contains(task)).map(|(at, _)| at);
    if let Some(at) = first_again.filter(|at| *at < TASKS) {
        panic!(
            "Task {} was polled a second time when only {at} of {TASKS} tasks had been polled at all. A task that is \
             pending goes to the end of the queue, so the others have their turn first.",
            found[at]
        );
    }
    if let Some(at) = (0..expected.len().max(found.len())).find(|at| found.get(*at) != expected.get(*at)) {
        let name =
            |task: Option<&String>| task.map_or("no task at all".to_owned(), |task| format!("task {task}"));
        panic!(
            "Poll number {} was one of {}, and should have been one of {}. Tasks are polled first in, first out: in \
             the order of `spawn`, and then in the order in which they went back into the queue.",
            at + 1,
            name(found.get(at)),
            name(expected.get(at))
        );
    }
}

/// A task that is ready leaves the queue, and its future is dropped before the next task is polled.
#[test]
fn a_ready_task_leaves_at_once() {
    let executor = Executor::new();
    let log = Log::new();
    for task in ["first", "second", "third"] {
        let (guest, log, mut polls) = (DropLog::new(&log, task), log.clone(), 0);
        executor.spawn(poll_fn(move |context| {
            // It belongs to the future, and goes with it.
            let _ = &guest;
            polls += 1;
            if task == "second" && polls == 1 {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            log.push(format!("{task} is ready"));
            Poll::Ready(())
        }));
    }
    stage("`run` was called, with 3 tasks");
    executor.run();
    let expected = [
        "first is ready",
        "dropped first",
        "third is ready",
        "dropped third",
        "second is ready",
        "dropped second",
    ];
    let found = log.events();
    assert!(
        found == expected,
        "The future of a task that is ready has to be dropped at once, before the next task is polled: it may hold a \
         lock or a connection that others wait for.\n   expected: {expected:?}\n   found: {found:?}"
    );
}

/// While no task is woken, the thread in `run` sleeps.
#[test]
fn run_sleeps_while_nothing_is_woken() {
    let (event, executor) = (Signal::new(), Executor::new());
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    // The executor was made on this thread, and is driven by another.
    let blocked = Blocked::start(script, move |future| {
        executor.spawn(future);
        executor.run();
    });
    stage("`run` has been called; the only task has not been polled yet");
    blocked.until_polled(1);
    stage("the only task was polled and is waiting for an event that has not come");
    sleeps(&blocked);
    stage("the event has come and the waker was called, from another thread");
    let polls = blocked.polls();
    event.fire();
    assert!(
        blocked.answers(polls + 1).is_some(),
        "The only task was woken, on another thread, but the thread in `run` sleeps on."
    );
    returned(blocked);
}

/// A wake counts whenever it comes: while its own task is polled, or another one.
#[test]
fn a_wake_during_the_round_counts() {
    stage("another thread called the waker of a task while that task was being polled");
    let (blocked, answer) = Blocked::woken_from_elsewhere(|future| {
        let executor = Executor::new();
        executor.spawn(future);
        executor.run();
    });
    assert!(
        answer.is_some(),
        "Another thread called the waker of a task during its poll, but the task was not polled again: `run` went to \
         sleep, and that wake was forgotten."
    );
    returned(blocked);

    stage("the first task waits for an event, and the second task makes it happen");
    let event = Signal::new();
    let script = Script::new("first", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let blocked = Blocked::start(script, move |future| {
        let executor = Executor::new();
        executor.spawn(future);
        executor.spawn(async move { event.fire() });
        executor.run();
    });
    blocked.until_polled(1);
    assert!(
        blocked.answers(2).is_some(),
        "The first task was pending. Then the second task woke it, in the same round, but `run` went to sleep. A wake \
         has to be remembered until the next round."
    );
    returned(blocked);
}

/// A task may spawn others, and `run` waits for them, too.
#[test]
fn a_task_may_spawn() {
    fn grow(executor: Arc<Executor>, left: u64, log: Log) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            log.push("grown");
            if left > 0 {
                executor.spawn(grow(executor.clone(), left - 1, log));
            }
        })
    }

    let (depth, log, executor) = (pick(20..=60), Log::new(), Arc::new(Executor::new()));
    executor.spawn(grow(executor.clone(), depth, log.clone()));
    stage("a task calls `spawn` during its poll");
    executor.run();
    let (found, wanted) = (log.count("grown") as u64, depth + 1);
    assert!(
        found == wanted,
        "A task spawned a task, which spawned another one, and so on: {wanted} in all. When `run` returned, {found} of \
         them had run."
    );
}

/// `spawn` on another thread wakes the thread in `run`.
#[test]
fn a_spawn_from_elsewhere_is_noticed() {
    let (event, executor) = (Signal::new(), Arc::new(Executor::default()));
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let driven = executor.clone();
    let blocked = Blocked::start(script, move |future| {
        driven.spawn(future);
        driven.run();
    });
    blocked.until_polled(1);
    sleeps(&blocked);
    stage("the thread in `run` sleeps; another thread spawns a task, which wakes the first one");
    let polls = blocked.polls();
    executor.spawn(async move { event.fire() });
    assert!(
        blocked.answers(polls + 1).is_some(),
        "The thread in `run` was asleep. Another thread spawned a task, and `run` did not notice: it sleeps on. \
         `spawn` has to wake the thread that drives the executor."
    );
    returned(blocked);
}

/// `run` without tasks returns at once, and an executor can be used again.
#[test]
fn an_executor_can_be_used_again() {
    fn is_shared<T: Send + Sync + 'static>(_: &T) {}

    let (executor, log) = (Executor::default(), Log::new());
    is_shared(&executor);
    stage("`run` was called without any task");
    executor.run();
    for (round, tasks) in [(1, 1), (2, 0), (3, 2)] {
        for _ in 0..tasks {
            let log = log.clone();
            executor.spawn(async move {
                tokio::task::yield_now().await;
                log.push("done");
            });
        }
        log.clear();
        stage(format!(
            "`run` has returned {}, and was called again, with {}",
            counted(round, "time"),
            counted(tasks, "new task")
        ));
        executor.run();
        let found = log.len();
        assert!(
            found == tasks,
            "`run` had returned. Then {} spawned and `run` was called again: {found} of {tasks} ran.",
            if tasks == 1 { "1 task was".to_owned() } else { format!("{tasks} tasks were") }
        );
    }

    let executor = thread::spawn(move || {
        let log = log.clone();
        executor.spawn(async move { log.push("done") });
        executor.run();
        executor
    });
    let executor = executor.join().expect("`run` on a second thread works as on the first");
    // Now the first thread drives it again, and sleeps in between.
    let (event, later) = (Signal::new(), Signal::new());
    let script = Script::new("event", [Step::Pend(Wake::Later(event.clone())), Step::Ready(())]);
    let fires = later.clone();
    let blocked = Blocked::start(script, move |future| {
        executor.spawn(future);
        executor.run();
        fires.fire();
    });
    blocked.until_polled(1);
    sleeps(&blocked);
    let polls = blocked.polls();
    stage("an executor was driven by two threads before; now a third one drives it, and its task was woken");
    event.fire();
    assert!(
        blocked.answers(polls + 1).is_some(),
        "An executor was driven by one thread, and later by another. Then its task was woken, but the thread that \
         drives it now sleeps on. A wake has to reach the thread that is in `run` now."
    );
    returned(blocked);
    assert!(later.fired(), "`run` did not return.");
}

/// `run` inside of `run` or `block_on` panics, and so does `block_on` inside of `run`.
#[test]
fn a_nested_run_panics() {
    let (tell, told) = mpsc::channel();
    let executor = Arc::new(Executor::new());
    for nested in ["`run`", "`run` of another executor", "`block_on`"] {
        let (tell, executor) = (tell.clone(), executor.clone());
        executor.clone().spawn(async move {
            let text = panic_of(|| match nested {
                "`run`" => executor.run(),
                "`block_on`" => block_on(async {}),
                _ => Executor::new().run(),
            });
            let _ = tell.send((nested, "run", text.err()));
        });
    }
    stage("a task calls `run`, or `block_on`, on the thread that polls it");
    executor.run();
    block_on(async {
        let text = panic_of(|| Executor::new().run());
        let _ = tell.send(("`run` of another executor", "block_on", text.err()));
    });
    drop(tell);
    for (inner, outer, text) in told {
        let Some(text) = text else {
            panic!(
                "Inside of `{outer}`, a future called {inner}, on the same thread, and nothing stopped it. The inner \
                 call holds the thread that the outer future needs, and both may wait forever. Detect it, and panic."
            )
        };
        assert!(
            text.contains("run") || text.contains("block_on"),
            "Inside of `{outer}`, a future called {inner}, which panicked with this text: {text:?}\nThe text has \
             to say what went wrong, so it should name `run` or `block_on`."
        );
    }
    stage("the thread has left `run`, and calls it again");
    if let Err(text) = panic_of(|| executor.run()) {
        panic!("The thread has left `run`, but calling it again panicked.\n{text}");
    }
}

/// Tasks that never ran are dropped with their executor, without a poll.
#[test]
fn tasks_are_dropped_with_their_executor() {
    let executor = Executor::new();
    let probes: Vec<_> = (0..3)
        .map(|_| {
            let (future, probe) = Probe::new(async {});
            executor.spawn(future);
            probe
        })
        .collect();
    stage("an executor with 3 tasks is dropped, and nobody has called `run`");
    drop(executor);
    let (polled, dropped) = (
        probes.iter().filter(|probe| probe.polls() > 0).count(),
        probes.iter().filter(|probe| probe.dropped()).count(),
    );
    assert!(
        polled == 0,
        "An executor was dropped, and polled {} for that. Dropping an executor ends its tasks, and \
         does not carry them out.",
        counted(polled, "task")
    );
    assert!(
        dropped == 3,
        "An executor with 3 tasks was dropped, but only {dropped} of their futures were. Each that is left leaks all \
         that it owns."
    );
}

/// Two executors have nothing in common.
#[test]
fn executors_do_not_share_tasks() {
    let (here, there) = (Executor::new(), Executor::new());
    let (mine, my_probe) = Probe::new(tokio::task::yield_now());
    let (other, other_probe) = Probe::new(tokio::task::yield_now());
    here.spawn(mine);
    there.spawn(other);
    stage("two executors have one task each; one of them runs");
    here.run();
    assert!(
        other_probe.polls() == 0,
        "Two executors had one task each. `run` of the first polled the task of the second. Each executor needs its \
         own queue."
    );
    assert!(my_probe.finished(), "`run` returned, but its only task is not complete.");
    there.run();
    assert!(
        other_probe.finished(),
        "`run` of the second executor returned, but its only task is not complete."
    );
}

/// A task that panics does not take the others with it.
#[test]
fn a_panic_ends_one_task() {
    // If this test fails, a `Drop` that panics, too, would end the process, and hide why.
    let executor = ManuallyDrop::new(Executor::new());
    let mut probes = Vec::new();
    for task in 0..4 {
        let (future, probe) = Probe::new(async move {
            tokio::task::yield_now().await;
            if task == 1 {
                // hermetic: the panic is what is tested
                panic!("task 1 has had enough");
            }
        });
        executor.spawn(future);
        probes.push(probe);
    }
    stage("one of 4 tasks panics; `run` is called until it returns");
    let mut panics = 0;
    // Whether the panic comes out of `run` is not what this asks: a later step gives it to somebody else.
    while let Err(text) = panic_of(|| executor.run()) {
        panics += 1;
        assert!(
            panics == 1 && text.contains("had enough"),
            "One of 4 tasks panicked, and the next call of `run` panicked, too. A task that panicked is over, the others \
             stay for the next `run`, and the thread has left the first one.\n{text}"
        );
    }
    for (task, probe) in probes.iter().enumerate() {
        assert!(
            probe.dropped(),
            "One of 4 tasks panicked, `run` was called again until it returned, and the future of task {task} still \
             exists."
        );
        assert!(
            task == 1 || probe.finished(),
            "One of 4 tasks panicked, and task {task}, which did not, was dropped before it was complete. The tasks in \
             the queue have to stay there."
        );
    }
    assert!(
        block_on(async { 7 }) == 7,
        "A task panicked, and later `block_on` returned something else than its future."
    );
    drop(ManuallyDrop::into_inner(executor));
}

/// What came of a call of `run`.
fn returned(blocked: Blocked<()>) {
    if let Err(text) = blocked.value() {
        panic!("`run` panicked, and its task is not complete.\n{text}");
    }
}

/// Refuses a thread that does not sleep, although nobody wakes it.
fn sleeps(blocked: &Blocked<()>) {
    let mut rest = blocked.rest(WINDOW);
    if matches!(rest, Rest::Polled { naps: 0 }) {
        // A token that `spawn` left before `run` may cost a round.
        rest = blocked.rest(WINDOW);
    }
    match rest {
        Rest::Asleep => {}
        Rest::Over => panic!(
            "`run` returned or panicked, although its only task is still pending: it waits for an event. `run` has to \
             sleep until the task is woken."
        ),
        Rest::Polled { naps } => panic!(
            "Nobody woke the only task, but it was polled again{}. When all tasks are pending, the thread in `run` has \
             to sleep until one of them is woken.",
            if naps > 0 { ", after a short sleep" } else { "" }
        ),
        Rest::Awake { cpu, .. } => panic!(
            "Nobody woke the only task, but the thread in `run` did not go to sleep: it has used {} ms of CPU since the \
             poll.",
            cpu.as_millis()
        ),
        Rest::Naps { naps, within } => panic!(
            "Nobody woke the only task for {} ms, but the thread in `run` woke up {naps} times. Only a wake, or a \
             `spawn`, may end its sleep.",
            within.as_millis()
        ),
        Rest::InPoll => panic!("The task was polled, but the poll did not return."),
    }
}
