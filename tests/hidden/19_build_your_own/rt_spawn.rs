//! Hidden tests of `rt_spawn`.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Poll, Waker};
use std::thread;
// hermetic: how long a sleeper is watched, a lower bound; the rest goes by what threads do
use std::time::Duration;

use exercise::{Executor, block_on, spawn};
use testkit::{
    Blocked, Gate, Log, Probe, Rest, Script, Signal, Step, Wake, allocations, counted, panic_of, pick, stage,
};

/// Two executors on two threads stay apart: a task runs where it was spawned.
#[test]
fn two_executors_stay_apart() {
    stage("two threads are inside of `block_on`, and each spawns a task");
    // The second thread enters its `block_on` when the first is inside of its own, which waits for that.
    let (first_in, first_is_in) = mpsc::channel();
    let (second_in, second_is_in) = mpsc::channel();
    let first = thread::spawn(move || meet(true, &first_in, &second_is_in));
    let second = thread::spawn(move || meet(false, &second_in, &first_is_in));
    for (name, thread) in [("first", first), ("second", second)] {
        match thread.join().expect("it gives its panics as values") {
            Err(text) => panic!(
                "Two threads were inside of `block_on`. The future of the {name} called `spawn`, and it panicked: {text}"
            ),
            Ok(Met { on_its_thread: 1, elsewhere: 0 }) => {}
            Ok(Met { on_its_thread, elsewhere }) if on_its_thread + elsewhere == 0 => panic!(
                "Two threads were inside of `block_on`, each with its own executor. The future of the {name} spawned a \
                 task, and its own executor never ran it: the task went to the other one. What is current on one thread \
                 is not current on another."
            ),
            Ok(_) => panic!(
                "Two threads were inside of `block_on`, each with its own executor. The future of the {name} spawned a \
                 task, and the executor of the other thread ran it. What is current on one thread is not current on \
                 another."
            ),
        }
    }
}

/// What became of a task.
struct Met {
    on_its_thread: usize,
    elsewhere: usize,
}

/// Spawns a task when both threads are inside of `block_on`, and leaves when the task had its turn.
fn meet(is_first: bool, here: &mpsc::Sender<()>, there: &mpsc::Receiver<()>) -> Result<Met, String> {
    if !is_first {
        let _ = there.recv();
    }
    let counts = [Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0))];
    let outcome = panic_of(|| {
        block_on(async {
            let _ = here.send(());
            if is_first {
                let _ = there.recv();
            }
            let (home, [same, other]) = (thread::current().id(), counts.clone());
            let spawned = panic_of(|| {
                spawn(async move {
                    let count = if thread::current().id() == home { same } else { other };
                    count.fetch_add(1, Ordering::SeqCst);
                });
            });
            // Both have spawned before either goes on.
            let _ = here.send(());
            let _ = there.recv();
            turns(3).await;
            // Both tasks have had their turns before either executor is gone.
            let _ = here.send(());
            let _ = there.recv();
            spawned
        })
    });
    outcome?.map(|()| Met {
        on_its_thread: counts[0].load(Ordering::SeqCst),
        elsewhere: counts[1].load(Ordering::SeqCst),
    })
}

/// Tasks spawn tasks, which spawn tasks: inside of `block_on`, and inside of `run`.
#[test]
fn tasks_spawn_tasks() {
    fn grow(left: u64, grown: Arc<AtomicUsize>, last: Gate) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            grown.fetch_add(1, Ordering::SeqCst);
            if left == 0 {
                last.open();
            } else {
                spawn(grow(left - 1, grown, last));
            }
        })
    }

    let (depth, last) = (pick(20..=60), Gate::new());
    let wanted = depth as usize + 1;
    let grown = Arc::new(AtomicUsize::new(0));
    stage(
        "the future of `block_on` spawns a task, which spawns a task, and so on; it waits for the last one",
    );
    let (first, end) = (grow(depth, grown.clone(), last.clone()), last.wait());
    block_on(async move {
        spawn(first);
        end.await;
    });
    let found = grown.load(Ordering::SeqCst);
    assert!(found == wanted, "Tasks spawned tasks, {wanted} in all, and {found} of them ran.");

    let (executor, grown) = (Executor::new(), Arc::new(AtomicUsize::new(0)));
    stage("a task of `run` calls the free `spawn`, and its task does so, too");
    executor.spawn(grow(depth, grown.clone(), Gate::new()));
    executor.run();
    let found = grown.load(Ordering::SeqCst);
    assert!(
        found == wanted,
        "In `Executor::run`, tasks spawned tasks, {wanted} in all. When `run` returned, {found} of them had run."
    );
}

/// `spawn` without an executor panics, and the text says what to do.
#[test]
fn spawn_outside_panics() {
    let helps = |text: &str| ["block_on", "run", "Executor"].iter().any(|name| text.contains(name));
    for when in ["before any executor was driven", "after `block_on`", "after `run`"] {
        match when {
            "after `block_on`" => block_on(async { spawn_nothing() }),
            "after `run`" => {
                let executor = Executor::new();
                executor.spawn(async { spawn_nothing() });
                executor.run();
            }
            _ => {}
        }
        stage(format!("`spawn` is called outside, {when}"));
        let Err(text) = panic_of(spawn_nothing) else {
            panic!(
                "`spawn` was called outside of any executor, {when}, and it did not panic. The task would never run, or \
                 it would run on an executor that this thread has left."
            )
        };
        assert!(
            helps(&text),
            "`spawn` was called outside of any executor, {when}, and panicked with this text: {text:?}\nIt should name \
             the way out: to call it inside of `block_on` or `run`, or to call `Executor::spawn`."
        );
    }

    stage("one thread is inside of `block_on`, and another thread calls `spawn`");
    let outcome = block_on(async {
        thread::spawn(|| panic_of(spawn_nothing)).join().expect("it gives its panic as a value")
    });
    assert!(
        outcome.is_err(),
        "One thread was inside of `block_on`, and `spawn` on another thread did not panic. That thread drives no \
         executor."
    );
}

fn spawn_nothing() {
    spawn(async {});
}

/// A panic takes the context away as well.
#[test]
fn a_panic_leaves_no_context() {
    let word = format!("burnt {}", pick(0..=u64::MAX));
    let executor = Executor::new();
    for name in ["the free `block_on`", "`Executor::block_on`"] {
        let outcome = panic_of(|| match name {
            "the free `block_on`" => block_on(bursts(&word)),
            _ => executor.block_on(bursts(&word)),
        });
        let Err(text) = outcome else {
            panic!("The future of {name} panicked, and its caller was not told.");
        };
        assert!(text == word, "The future of {name} panicked with {word:?}, and its caller got {text:?}.");
        stage(format!("the future of {name} has panicked, and the thread is out; now it calls `spawn`"));
        assert!(
            panic_of(spawn_nothing).is_err(),
            "The future of {name} panicked, and the thread left it. Then the thread called `spawn`, and it did not \
             panic: the context is still there. Only a `Drop` takes it away whichever way the call ends."
        );
    }
    stage("the same thread calls `block_on` again, on the same executor");
    let value = pick(0..=u64::MAX);
    match panic_of(|| executor.block_on(async { value })) {
        Ok(found) => {
            assert!(found == value, "The future's value was {value}, but `block_on` returned {found}.")
        }
        Err(text) => {
            panic!(
                "A future of `block_on` panicked. Then the thread called `block_on` again, and it panicked.\n{text}"
            )
        }
    }
}

/// `Executor::block_on` drives its future and the tasks, and returns the future's output.
#[test]
fn drives_one_future_and_all_tasks() {
    let executor = Executor::new();
    let value = pick(0..=u64::MAX);
    // Neither `Send` nor `'static`.
    let local = std::rc::Rc::new(Cell::new(0));
    let borrowed = &local;
    let (gate, answer) = (Gate::new(), Arc::new(Mutex::new(0)));
    let (opens, writes) = (gate.clone(), answer.clone());
    executor.spawn(async move {
        turns(20).await;
        *writes.lock().unwrap() = value;
        opens.open();
    });
    let (future, probe) = Probe::new(async {
        borrowed.set(1);
        gate.wait().await;
        borrowed.set(2);
        *answer.lock().unwrap()
    });
    stage("the future of `Executor::block_on` waits for a task that takes 20 turns");
    let found = executor.block_on(future);
    assert!(found == value, "The future's value was {value}, but `Executor::block_on` returned {found}.");
    assert!(local.get() == 2, "`Executor::block_on` returned before its future was ready.");
    let polls = probe.polls();
    assert!(
        polls == 2,
        "The future of `Executor::block_on` was woken once, and polled {polls} times while a task had its turns. It is \
         polled first, and again when its own waker was called, as a task is."
    );

    stage("the future of `block_on` waits for an event, and so does a task; only the task's event comes");
    let signals = [Signal::new(), Signal::new()];
    let main = Script::new("main", [Step::Pend(Wake::Later(signals[0].clone())), Step::Ready(value)]);
    let task = Script::new("task", [Step::Pend(Wake::Later(signals[1].clone())), Step::Ready(())]);
    let (tell, told) = mpsc::channel();
    let blocked = Blocked::start(main, move |future| {
        let executor = Executor::new();
        executor.spawn(async move {
            task.await;
            let _ = tell.send(());
        });
        executor.block_on(future)
    });
    blocked.until_polled(1);
    let rest = blocked.rest(Duration::from_millis(40));
    assert!(
        rest == Rest::Asleep,
        "The future of `block_on` and its task both wait, but the thread does not sleep. It has to park until one of \
         them is woken."
    );
    signals[1].fire();
    assert!(
        told.recv().is_ok(),
        "The task of an executor was woken while `block_on` waited, and it was dropped."
    );
    stage("the future of `block_on` was woken, on another thread");
    signals[0].fire();
    assert!(
        blocked.answers(2).is_some(),
        "The future of `block_on` was woken, on another thread, but the thread sleeps on."
    );
    blocked.until_polled(usize::MAX);
    let polls = blocked.polls();
    let found = blocked.returned();
    assert!(found == value, "The future's value was {value}, but `Executor::block_on` returned {found}.");
    assert!(
        polls == 2,
        "The future of `block_on` was woken once, and a task was woken once. The future was polled {polls} times: the \
         wake of a task is for that task only."
    );
}

/// A task that always wakes itself starves nobody, and neither does the future of `block_on`.
#[test]
fn nobody_starves() {
    let (stop, turns_of_others) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let executor = Executor::new();
    for _ in 0..2 {
        let (stop, count) = (stop.clone(), turns_of_others.clone());
        executor.spawn(poll_fn(move |context| {
            let turns = count.fetch_add(1, Ordering::SeqCst);
            // A wrong answer would never end.
            if stop.load(Ordering::SeqCst) || turns >= 100_000 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }));
    }
    let mut left = 10;
    let seen = turns_of_others.clone();
    let main = poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(seen.load(Ordering::SeqCst));
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    });
    stage("2 tasks wake themselves in each poll, and the future of `block_on` does so 10 times");
    let found = executor.block_on(main);
    stop.store(true, Ordering::SeqCst);
    assert!(
        found < 100_000,
        "2 tasks woke themselves in each poll, and the future of `block_on` did so 10 times. It had to wait until these \
         tasks were complete, after 100,000 polls. Each turn of the loop may run only the tasks that were in the queue \
         when it began."
    );
    assert!(
        found >= 10,
        "2 tasks woke themselves in each poll, and the future of `block_on` did so 10 times. Meanwhile the tasks were \
         polled {}: they had to wait until that future was ready.",
        counted(found, "time")
    );
    stage("`block_on` has returned; `run` is called for the 2 tasks that are left");
    executor.run();
}

/// Tasks that are left over stay for the next `block_on` or `run`, and no wake in between is lost.
#[test]
fn leftover_tasks_stay() {
    let executor = Executor::new();
    let (event, other) = (Signal::new(), Signal::new());
    let steps =
        [Step::Pend(Wake::Later(event.clone())), Step::Pend(Wake::Later(other.clone())), Step::Ready(())];
    let script = Script::new("left over", steps);
    let probe = script.probe();
    executor.spawn(script);
    executor.spawn(turns(50));
    stage("`block_on` returns while tasks wait; between two calls, one of them is woken");
    executor.block_on(turns(3));
    let polls = probe.polls();
    assert!(
        polls == 1,
        "`block_on` gave its future 4 polls. Meanwhile a task in the queue was polled {polls} times."
    );
    assert!(
        !probe.dropped(),
        "`Executor::block_on` returned, and a task that was not complete was dropped. It has to stay, for the next \
         `block_on` or `run`."
    );
    event.fire();
    executor.block_on(turns(3));
    let polls = probe.polls();
    assert!(
        polls == 2,
        "`block_on` returned, a task that was left over was woken, and `block_on` was called again. The task was polled \
         {} in there, but there was one wake.",
        counted(polls - 1, "time")
    );
    other.fire();
    stage("two calls of `block_on` have left tasks over, and `run` is called for the rest");
    executor.run();
    assert!(probe.finished(), "`run` returned, but a task that `block_on` had left over is not complete.");
}

/// The executor of the free `block_on` ends with the call, and its tasks are dropped, whoever keeps their wakers.
#[test]
fn tasks_end_with_their_executor() {
    const TASKS: usize = 100;
    let kept: Arc<Mutex<Vec<Waker>>> = Arc::default();
    let dropped = Arc::new(AtomicUsize::new(0));
    let task = |is_own: bool| {
        let (guest, kept, mut own) = (Count(dropped.clone()), kept.clone(), Vec::new());
        poll_fn(move |context| {
            let _ = &guest;
            let waker = context.waker().clone();
            if is_own {
                own.push(waker)
            } else {
                kept.lock().unwrap().push(waker)
            }
            Poll::<()>::Pending
        })
    };
    stage("`block_on` returns while tasks wait, and somebody keeps their wakers");
    block_on(async {
        for _ in 0..TASKS {
            spawn(task(false));
        }
        turns(3).await;
    });
    let gone = dropped.load(Ordering::SeqCst);
    assert!(
        gone == TASKS,
        "`block_on` returned while {TASKS} tasks were pending, and {} of their futures were not dropped. When an \
         executor ends, its futures end with it, even if somebody keeps their wakers.",
        TASKS - gone
    );
    let late = std::mem::take(&mut *kept.lock().unwrap());
    if let Err(text) = panic_of(|| late.into_iter().for_each(Waker::wake)) {
        panic!(
            "An executor had ended, somebody called the waker of one of its tasks, and `wake` panicked.\n{text}"
        );
    }

    let work = |tasks: usize| {
        let executor = Executor::new();
        executor.block_on(async {
            for _ in 0..tasks {
                spawn(task(true));
            }
            turns(3).await;
        });
    };
    work(1);
    stage("100 tasks wait, each future owns the waker of its own task, and the executor is dropped");
    let ((), made) = allocations(|| work(TASKS));
    assert!(
        made.kept < TASKS as isize,
        "An executor was dropped while {TASKS} tasks waited, each with its own waker in its future. {} bytes are still \
         in use: a task owns its future, which owns a waker, which owns the task. The executor has to break that circle.",
        made.kept
    );
}

/// `Executor::spawn` goes to its own executor, also inside of another one.
#[test]
fn the_method_ignores_the_context() {
    let (inner, outer, log) = (Executor::new(), Executor::new(), Log::new());
    let (first, second) = (log.clone(), log.clone());
    stage("inside of one executor, a task is spawned on another one, and then one with the free `spawn`");
    outer.block_on(async {
        inner.spawn(async move { first.push("inner") });
        spawn(async move { second.push("outer") });
        turns(3).await;
    });
    let events = log.events();
    assert!(
        events == ["outer"],
        "Inside of executor B, one task was spawned on executor A, and one with the free `spawn`. B ran {events:?}, and \
         should have run [\"outer\"]."
    );
    inner.run();
    let events = log.events();
    assert!(
        events == ["outer", "inner"],
        "A task was spawned on executor A, inside of B, and then A ran. So far {events:?} have run."
    );
}

/// A drop of a future, in the middle of all that, may spawn.
#[test]
fn a_drop_may_spawn() {
    let log = Log::new();
    let executor = Executor::new();
    let goodbye = Goodbye(log.clone());
    executor.spawn(poll_fn(move |_| {
        let _ = &goodbye;
        Poll::Ready(())
    }));
    stage("a future is ready and is dropped, and its `Drop` calls `spawn`");
    executor.run();
    let found = log.events();
    assert!(
        found == ["spawned in `Drop`"],
        "The `Drop` of a task's future called `spawn`, inside of `run`. When `run` returned, this task had not run."
    );
}

/// Inside of `Executor::block_on`, another `block_on` panics.
#[test]
fn a_nested_block_on_panics() {
    let (executor, other) = (Executor::new(), Executor::new());
    stage("inside of `Executor::block_on`, a nested call has panicked, and now a task is spawned");
    let log = Log::new();
    let spawned = log.clone();
    let outcome = panic_of(|| {
        executor.block_on(async {
            let _ = panic_of(|| other.block_on(async {}));
            spawn(async move { spawned.push("ran") });
            turns(3).await;
        })
    });
    assert!(
        outcome.is_ok() && log.count("ran") == 1,
        "Inside of `Executor::block_on`, a nested call panicked. After that, `spawn` did not find the outer executor any \
         more: a call that leaves has to put back what was there before."
    );

    stage("inside of `Executor::block_on`, on the same thread, `block_on` is called");
    let texts = executor.block_on(async {
        [
            panic_of(|| block_on(async {})),
            panic_of(|| executor.block_on(async {})),
            panic_of(|| other.block_on(async {})),
            panic_of(|| other.run()),
        ]
    });
    let names =
        ["`block_on`", "its own `block_on`", "`block_on` of another executor", "`run` of another executor"];
    for (name, text) in names.iter().zip(&texts) {
        assert!(
            text.is_err(),
            "Inside of `Executor::block_on`, {name} was called, on the same thread, and nothing stopped it. The inner \
             call holds the thread that the outer future needs."
        );
    }
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

/// Spawns, waits, and panics with this text.
async fn bursts(word: &str) {
    spawn(async {});
    turns(1).await;
    // hermetic: the panic is what is tested
    panic!("{word}");
}

/// Counts when it is dropped.
struct Count(Arc<AtomicUsize>);

impl Drop for Count {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Spawns a task when it is dropped.
struct Goodbye(Log);

impl Drop for Goodbye {
    fn drop(&mut self) {
        let log = self.0.clone();
        spawn(async move { log.push("spawned in `Drop`") });
    }
}
