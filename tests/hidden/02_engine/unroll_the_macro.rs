//! Hidden tests of `unroll_the_macro`: what is seen from outside.

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use testkit::{Gate, Probe, ProbeHandle, panic_of, pick, stage};
use tokio::runtime::{Handle, Id, RuntimeFlavor};
use tokio::time::{Instant, sleep};

/// Which runtime `app` runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Threads {
    One,
    Many,
}

/// The runtime around the caller, if any.
fn runtime_around() -> Option<Threads> {
    let handle = Handle::try_current().ok()?;
    Some(if handle.runtime_flavor() == RuntimeFlavor::CurrentThread { Threads::One } else { Threads::Many })
}

/// Calls the learner's `serve`; a panic of it becomes a failure that starts with what happened.
fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    match panic_of(|| exercise::serve(app)) {
        Ok(result) => result,
        Err(text) => panic!("`serve` panicked: {text}"),
    }
}

/// `app` runs to its end before `serve` returns, on a current-thread runtime.
#[test]
fn app_runs_to_its_end_on_one_thread() {
    let seen = Arc::new(Mutex::new(None));
    let (app, probe) = Probe::new({
        let seen = seen.clone();
        async move {
            *seen.lock().unwrap() = runtime_around();
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            Ok(())
        }
    });
    stage("`serve` has been called with an `app` that is polled four times and ends");
    let result = serve(app);

    assert!(
        probe.polls() > 0,
        "Only `block_on` drives a current-thread runtime: `app` was polled 0 times.\n\
         A spawned task waits in a queue. `block_on` works on that queue, for as long as its own future takes; when \
         the runtime is dropped, so is the queue."
    );
    assert!(
        probe.finished(),
        "`serve` returned while `app` was unfinished, after {} of 4 polls.\n\
         The macro's `main` returns only when the future of its body is done.",
        probe.polls()
    );
    match *seen.lock().unwrap() {
        Some(Threads::One) => {}
        Some(Threads::Many) => panic!(
            "Asked for current_thread, got multi_thread.\n\
             `app` should run on one thread; this runtime starts one for each core."
        ),
        None => panic!(
            "`app` was polled outside any Tokio runtime.\n\
             Your own executor has no reactor: no timers, no sockets, nothing to spawn on."
        ),
    }
    assert!(result.is_ok(), "`app` returned `Ok(())`, `serve` returned {result:?}.");
}

/// What `app` found around it.
#[derive(Debug, Clone, Default)]
struct Surroundings {
    runtime: Option<Threads>,
    timer: Option<Result<(), String>>,
    socket: Option<Result<(), String>>,
    task_ran: bool,
    slept: bool,
}

/// Inside `app`, timers and sockets work, and tasks that it spawns run.
#[test]
fn timers_sockets_and_tasks_work_inside() {
    let seen = Arc::new(Mutex::new(Surroundings::default()));
    let app = {
        let seen = seen.clone();
        async move {
            let mut found = Surroundings { runtime: runtime_around(), ..Surroundings::default() };
            let timer = panic_of(|| sleep(Duration::from_millis(1)));
            found.timer = Some(timer.as_ref().map(|_| ()).map_err(Clone::clone));
            found.socket = Some(panic_of(tokio::net::UnixStream::pair).map(|_| ()));
            if found.runtime == Some(Threads::One) {
                found.task_ran = is_driven().await;
            }
            *seen.lock().unwrap() = found.clone();
            if let (Ok(timer), true) = (timer, found.task_ran) {
                stage("`app` is waiting for a timer of 1 ms");
                timer.await;
                seen.lock().unwrap().slept = true;
            }
            Ok(())
        }
    };
    let _ = serve(app);
    let seen = seen.lock().unwrap().clone();

    let Some(runtime) = seen.runtime else {
        panic!(
            "`app` did not run on a Tokio runtime before `serve` returned.\n\
             Only `block_on` drives a current-thread runtime."
        )
    };
    if let Some(Err(text)) = seen.timer {
        panic!(
            "`app` cannot sleep: the runtime was built without its time driver.\n\
             A `Builder` starts with every driver off; the macro turns them on.\nTokio's panic: {text}"
        );
    }
    if let Some(Err(text)) = seen.socket {
        panic!(
            "`app` cannot open a socket: the runtime was built without its I/O driver.\n\
             A `Builder` starts with every driver off; the macro turns them on.\nTokio's panic: {text}"
        );
    }
    assert!(
        runtime == Threads::One,
        "Asked for current_thread, got multi_thread.\n\
         `app` should run on one thread; this runtime starts one for each core."
    );
    assert!(
        seen.task_ran,
        "`app` was polled, but nothing drove its runtime: a task that it spawned was polled 0 \
         times.\n\
         `Handle::block_on` polls one future. `Runtime::block_on` also runs the tasks and the drivers."
    );
    assert!(seen.slept, "`serve` returned while `app` was waiting for a timer.");
}

/// Whether tasks get their turns on the runtime around the caller. On one thread, each yield gives the queue a turn,
/// unless nobody is driving the runtime: then this future alone is polled, and its timer would never fire either.
async fn is_driven() -> bool {
    let ran = Arc::new(AtomicBool::new(false));
    tokio::spawn({
        let ran = ran.clone();
        async move { ran.store(true, Ordering::SeqCst) }
    });
    for _ in 0..1000 {
        tokio::task::yield_now().await;
        if ran.load(Ordering::SeqCst) {
            return true;
        }
    }
    false
}

/// What `app` returns is what `serve` returns.
#[test]
fn the_error_of_app_reaches_the_caller() {
    let text = format!("port {} is taken", pick(1..=59_999));
    let app = {
        let text = text.clone();
        async move { Err(io::Error::new(ErrorKind::AddrInUse, text)) }
    };
    match serve(app) {
        Ok(()) => panic!(
            "`app` failed, but `serve` said that all went well.\n\
             `block_on` returns what the future returned; the macro's `main` returns that too."
        ),
        Err(error) => {
            assert!(error.to_string() == text, "`app` failed with \"{text}\", `serve` with \"{error}\".");
            assert!(
                error.kind() == ErrorKind::AddrInUse,
                "`app` failed with an error of the kind `AddrInUse`; the one that `serve` returned has the same text \
                 and the kind `{:?}`.\n\
                 The caller should get the error itself.",
                error.kind()
            );
        }
    }
}

/// A panic of `app` does not count as success.
#[test]
fn a_panic_of_app_is_no_success() {
    // hermetic: the panic is what is tested
    let result = panic_of(|| exercise::serve(async { panic!("the disk is on fire") }));
    assert!(
        !matches!(result, Ok(Ok(()))),
        "`app` panicked, but `serve` returned `Ok(())`.\n\
         Awaiting the handle of a task gives `Err` when the task panicked. That is not the outcome of `app`."
    );
}

/// Each call has its own runtime.
#[test]
fn each_call_has_a_runtime_of_its_own() {
    let seen: Arc<Mutex<Vec<Id>>> = Arc::default();
    for _ in 0..2 {
        let seen = seen.clone();
        let _ = serve(async move {
            seen.lock().unwrap().extend(Handle::try_current().map(|handle| handle.id()));
            Ok(())
        });
    }
    if let [first, second] = seen.lock().unwrap()[..] {
        assert!(
            first != second,
            "Two calls of `serve` ran two `app`s on one runtime. Each should have its own: what the first one left \
             behind is still on it when the second one begins."
        );
    }
}

/// `serve` returns when `app` is done; tasks that are left end with the runtime.
#[test]
fn tasks_that_are_left_are_not_waited_for() {
    let rounds = Arc::new(Mutex::new(0_u64));
    let app = {
        let rounds = rounds.clone();
        async move {
            let is_ready =
                runtime_around() == Some(Threads::One) && panic_of(|| sleep(Duration::ZERO)).is_ok();
            if !is_ready || !is_driven().await {
                // The other tests tell.
                return Ok(());
            }
            tokio::time::pause();
            tokio::spawn(async move {
                // Stands for a task that never ends: `serve` is to return all the same.
                for _ in 0..20 {
                    sleep(Duration::from_millis(100)).await;
                    *rounds.lock().unwrap() += 1;
                }
            });
            stage("`app` is done, and a task that it spawned goes on, on a clock that skips every wait");
            Ok(())
        }
    };
    let _ = serve(app);
    let rounds = *rounds.lock().unwrap();
    assert!(
        rounds == 0,
        "`app` was done, and `serve` went on for {} ms, by the clock of its runtime: a task that `app` had spawned was \
         still there.\n\
         `serve` returns when `app` is done. A task that is left ends with the runtime; if `serve` waited for one that \
         never ends, it would wait forever.",
        100 * rounds
    );
}

/// What became of an `app` that waits: first for another thread, then for a minute, at last for months.
#[derive(Default)]
struct Waits {
    /// How often the runtime's thread lay down while tasks of another thread had their turns.
    rests: Option<u64>,
    /// How often it lay down in the course of a minute in which nothing happened.
    naps: Option<u64>,
    /// How long `app` waits in all.
    months: Duration,
    /// The runtime, and when `app` began to wait.
    clock: Option<(Handle, Instant)>,
}

/// How often the thread of this runtime has lain down so far.
fn rests(runtime: &Handle) -> u64 {
    runtime.metrics().worker_park_count(0)
}

/// More often than this, a thread does not get up in a minute in which nothing happens.
const FEW: u64 = 20;

/// Calls `serve` with an `app` that waits. It ends early when one of its waits shows that others would never end.
fn serve_waits() -> (Waits, ProbeHandle) {
    let waits = Arc::new(Mutex::new(Waits { months: days(pick(200..=300)), ..Waits::default() }));
    let (app, probe) = Probe::new({
        let waits = waits.clone();
        async move {
            let is_ready =
                runtime_around() == Some(Threads::One) && panic_of(|| sleep(Duration::ZERO)).is_ok();
            if !is_ready || !is_driven().await {
                // The other tests tell.
                return Ok(());
            }
            let runtime = Handle::current();

            stage("`app` is waiting for another thread, and other tasks have their turns meanwhile");
            let counted = turns_of_others(&runtime).await;
            waits.lock().unwrap().rests = Some(counted);
            if counted == 0 {
                return Ok(());
            }

            stage("`app` is waiting for a timer, on a clock that skips every wait");
            tokio::time::pause();
            let began = Instant::now();
            let months = {
                let mut waits = waits.lock().unwrap();
                waits.clock = Some((runtime.clone(), began));
                waits.months
            };
            let before = rests(&runtime);
            sleep(Duration::from_secs(60)).await;
            let counted = rests(&runtime) - before;
            waits.lock().unwrap().naps = Some(counted);
            if counted > FEW {
                return Ok(());
            }

            tokio::time::sleep_until(began + months).await;
            Ok(())
        }
    });
    let _ = serve(app);
    let waits = std::mem::take(&mut *waits.lock().unwrap());
    (waits, probe)
}

fn days(days: u64) -> Duration {
    Duration::from_secs(days * 24 * 60 * 60)
}

/// So many turns of other tasks, with nothing to do in between, and a thread that rests has lain down.
const TURNS: usize = 25;

/// Waits while tasks of another thread have their turns on this runtime, one after the other, until its thread has lain
/// down between two of them; tells how often it did. A thread that goes in circles never does.
async fn turns_of_others(runtime: &Handle) -> u64 {
    let over = Gate::new();
    let watching = thread::spawn({
        let (over, runtime) = (over.clone(), runtime.clone());
        move || {
            let before = rests(&runtime);
            for _ in 0..TURNS {
                let (tell, told) = mpsc::channel();
                runtime.spawn(async move { tell.send(()) });
                let _ = told.recv();
                // hermetic: leaves the thread the time to lie down, 25 times over; it needs a moment of its own once
                thread::sleep(Duration::from_millis(1));
                if rests(&runtime) > before {
                    break;
                }
            }
            let counted = rests(&runtime) - before;
            over.open();
            counted
        }
    });
    over.wait().await;
    watching.join().expect("watching does not panic")
}

/// While `app` waits, the thread sleeps: it does not wake up to check whether `app` is done.
#[test]
fn the_thread_sleeps_while_app_waits() {
    // What does well once may do worse the second time.
    for _ in 0..2 {
        let (waits, _) = serve_waits();
        assert!(
            waits.rests != Some(0),
            "`app` was waiting, but the thread of its runtime never rested: {TURNS} times in a row there was nothing \
             to do, and it went to sleep 0 times.\n\
             `block_on` sleeps until its future is woken. Give it a future that is done when `app` is."
        );
        let naps = waits.naps.unwrap_or_default();
        assert!(
            naps <= FEW,
            "While `app` waited for one timer of a minute, the thread woke up {naps} times.\n\
             `block_on` sleeps until its future is woken. Give it a future that is done when `app` is."
        );
    }
}

/// `app` runs to its end, however long that takes.
#[test]
fn app_may_take_months() {
    let (waits, probe) = serve_waits();
    if let Some((runtime, began)) = &waits.clock {
        let _inside = runtime.enter();
        assert!(
            probe.finished(),
            "`serve` gave up: it returned after {:.0} s, and `app` was still waiting. It had {} days to go.\n\
             `app` should run to its end.",
            began.elapsed().as_secs_f64(),
            (waits.months - began.elapsed()).as_secs() / 86_400
        );
    }
    assert!(
        probe.finished() || probe.polls() == 0,
        "`serve` returned while `app` was waiting. `app` should run to its end."
    );
}
