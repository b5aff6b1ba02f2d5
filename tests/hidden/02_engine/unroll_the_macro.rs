//! Hidden tests of `unroll_the_macro`.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use testkit::{Probe, panic_of, stage};
use tokio::runtime::{Handle, RuntimeFlavor};

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

/// What `app` found around it.
#[derive(Debug, Clone, Default)]
struct Surroundings {
    runtime: Option<Threads>,
    timer: Option<Result<(), String>>,
    socket: Option<Result<(), String>>,
    task_ran: bool,
    slept: bool,
}

/// Calls the learner's `serve`; a panic of it becomes a failure that starts with what happened.
fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    match panic_of(|| exercise::serve(app)) {
        Ok(result) => result,
        Err(text) if text.contains("no reactor running") => panic!(
            "`serve` used Tokio before it had entered a runtime (\"there is no reactor running\").\nTokio's panic: {text}"
        ),
        Err(text) => panic!("`serve` panicked instead of returning what `app` returned.\n{text}"),
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
        "Nobody drives a current-thread runtime except `block_on`: `app` was polled 0 times.\n\
         `spawn` only put it into the queue, and the runtime was dropped with its queue. `block_on` works on the queue \
         for as long as its own future takes."
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
             `app` was to run on one thread; this runtime starts one for each core."
        ),
        None => panic!(
            "`app` was polled outside any Tokio runtime.\n\
             An executor of your own has no reactor: no timers, no sockets, nothing to spawn on."
        ),
    }
    assert!(result.is_ok(), "`app` returned `Ok(())`, `serve` returned {result:?}.");
}

/// Inside `app`, timers and sockets work, and tasks that it spawns run.
#[test]
fn timers_sockets_and_tasks_work_inside() {
    let seen = Arc::new(Mutex::new(Surroundings::default()));
    let app = {
        let seen = seen.clone();
        async move {
            let mut found = Surroundings { runtime: runtime_around(), ..Surroundings::default() };
            let timer = panic_of(|| tokio::time::sleep(Duration::from_millis(1)));
            found.timer = Some(timer.as_ref().map(|_| ()).map_err(Clone::clone));
            found.socket = Some(panic_of(tokio::net::UnixStream::pair).map(|_| ()));
            if found.runtime == Some(Threads::One) {
                // On one thread, each yield gives the queue a turn, unless nobody is driving the runtime: then this
                // future alone is polled, and its timer would never fire either.
                let ran = Arc::new(AtomicBool::new(false));
                tokio::spawn({
                    let ran = ran.clone();
                    async move { ran.store(true, Ordering::SeqCst) }
                });
                for _ in 0..1000 {
                    tokio::task::yield_now().await;
                }
                found.task_ran = ran.load(Ordering::SeqCst);
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
            "`app` was not carried out on a Tokio runtime before `serve` returned.\n\
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
         `app` was to run on one thread; this runtime starts one for each core."
    );
    assert!(
        seen.task_ran,
        "`app` was polled, but nobody drove its runtime: a task that it spawned was polled 0 times.\n\
         `Handle::block_on` polls one future. `Runtime::block_on` also runs the tasks and the drivers."
    );
    assert!(seen.slept, "`serve` returned while `app` was waiting for a timer.");
}

/// What `app` returns is what `serve` returns.
#[test]
fn the_error_of_app_reaches_the_caller() {
    let text = format!("port {} is taken", RandomState::new().hash_one(()) % 60_000);
    let app = {
        let text = text.clone();
        async move { Err(io::Error::other(text)) }
    };
    match serve(app) {
        Ok(()) => panic!(
            "`app` failed, and `serve` said that all went well.\n\
             `block_on` returns what the future returned; the macro's `main` returns that too."
        ),
        Err(error) => assert!(
            error.to_string().contains(&text),
            "`app` failed with \"{text}\", `serve` with \"{error}\"."
        ),
    }
}
