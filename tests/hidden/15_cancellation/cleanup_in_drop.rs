//! Hidden tests of `cleanup_in_drop`: how many requests count while they run, and after they were answered, dropped, or have
//! panicked.

use std::fmt::Debug;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::Waker;
use std::time::Duration;

use exercise::Server;
use testkit::{
    Ended, Gate, Probe, ProbeHandle, Timeline, alone, counted, dropped_at_each_poll, handed_on, in_words,
    panic_of, pick, poll_once, settle, stage, timed, vt,
};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// A request counts while it runs, and when it is answered it does not.
#[test]
fn a_request_counts_while_it_runs() {
    for count in [1, 2, usize_of(pick(100..=150))] {
        stage(format!("{} at the same time", counted(count, "request")));
        let server = Server::default();
        check(&server, 0, "A server is new");
        vt(async {
            // The last one takes the longest.
            let mut calls: Vec<_> = (1..=count)
                .map(|n| {
                    let server = server.clone();
                    let request = answer_after([u32_of(n) * HOUR], n);
                    tokio::spawn(
                        async move { (alone(POLLS, server.handle(request)).await, server.in_flight()) },
                    )
                })
                .collect();
            sleep(HOUR / 2).await;
            for answered in 0..=count {
                if let Some(early) = (answered..count).find(|n| calls[*n].is_finished()) {
                    let (call, _) = calls.swap_remove(early).await.expect("it is caught");
                    panic!(
                        "A request needs {}, and its `handle` {} after {}.",
                        in_words(u32_of(early + 1) * HOUR),
                        how(&call.ended),
                        in_words(call.after)
                    );
                }
                let said =
                    format!("{} began, and {answered} of them have been answered", counted(count, "request"));
                check(&server, count - answered, &said);
                sleep(HOUR).await;
            }
            for (n, call) in (1..).zip(calls) {
                let (call, left) = call.await.expect("it is caught");
                let answer = call.returned("`handle`");
                assert!(answer == n, "A request had the answer {n}, and its `handle` returned {answer}.");
                assert!(
                    left == count - n,
                    "When `handle` had returned, {} in flight, and `in_flight` was {left}. A request counts until its `handle` \
                     has returned.",
                    requests_are(count - n)
                );
            }
        });
    }
}

/// A request whose client has hung up does not count any more, wherever its `handle` was at that moment.
#[test]
fn a_request_that_is_dropped_does_not_count() {
    for others in [0, 1, usize_of(pick(2..=9))] {
        dropped_at_each_poll("`handle`", POLLS, async |cut| {
            let server = Server::default();
            let _running = Running::begin(&server, others);
            check(&server, others, &format!("{} began", counted(others, "request")));
            let (request, probe) = Probe::new(answer_after([HOUR; 3], 7));
            let call = Timeline::new().lane("handle").watch(server.handle(request));
            let answer = cut.off(call).await;
            let said = match answer {
                Some(_) => "`handle` has returned".to_owned(),
                None => format!("The client hung up: `handle` was {}", cut.said()),
            };
            gone(&probe, &said).await;
            check(&server, others, &said);
        });
    }
}

/// It does not matter who drops it: a timeout, `select!`, `try_join!`, an abort, a panic of its owner, the end of the runtime.
#[test]
fn it_does_not_matter_who_drops_it() {
    let server = Server::default();
    let of_many = usize_of(pick(100..=200));
    vt(async {
        let long = || server.handle(answer_after([10 * HOUR], 7));
        stage("a timeout drops `handle`");
        let late = timeout(HOUR, long()).await.is_err();
        assert!(
            late,
            "A request needs {}, and its `handle` had returned after {}.",
            in_words(10 * HOUR),
            in_words(HOUR)
        );
        check(&server, 0, "A timeout around `handle` was over");

        stage("`select!` drops `handle`");
        tokio::select! {
            _ = long() => {}
            () = sleep(HOUR) => {}
        }
        check(&server, 0, "`handle` was a branch of `select!`, and another branch was first");

        stage("`try_join!` drops `handle`");
        let _: Result<_, ()> = tokio::try_join!(async { Ok(long().await) }, async {
            sleep(HOUR).await;
            Err::<(), ()>(())
        });
        check(&server, 0, "`handle` was a part of a `try_join!`, and the other part failed");

        stage("the task of a `handle` is aborted");
        let task = tokio::spawn(call(&server, answer_after([10 * HOUR], 7)));
        settle().await;
        check(&server, 1, "A request began in a task");
        task.abort();
        let _ = task.await;
        check(&server, 0, "The task of a `handle` was aborted");

        stage("a `JoinSet` with many `handle`s is dropped");
        let mut tasks = JoinSet::new();
        for _ in 0..of_many {
            tasks.spawn(call(&server, answer_after([10 * HOUR], 7)));
        }
        settle().await;
        check(&server, of_many, &format!("{of_many} requests began, each in a task of its own"));
        drop(tasks);
        settle().await;
        check(&server, 0, &format!("A `JoinSet` with {of_many} tasks that await `handle` was dropped"));
    });

    stage("the runtime ends");
    vt(async {
        for _ in 0..of_many {
            tokio::spawn(call(&server, answer_after([10 * HOUR], 7)));
        }
        settle().await;
    });
    check(&server, 0, "The runtime has ended, and with it all tasks");

    stage("the owner of a `handle` panics");
    let _ = panic_of(|| -> () {
        let _running = Running::begin(&server, 3);
        // hermetic: the panic is what is tested
        resume_unwind(Box::new("the owner panics"))
    });
    check(&server, 0, "The owner of three `handle`s panicked, and they were dropped");

    stage("a `handle` is dropped outside of a runtime");
    let running = Running::begin(&server, 2);
    let dropped = panic_of(|| drop(running));
    assert!(
        dropped.is_ok(),
        "A `handle` was dropped outside of a runtime, and that panicked: {}. A destructor may run anywhere.",
        dropped.unwrap_err()
    );
    check(&server, 0, "Two `handle`s were dropped outside of a runtime");
}

/// A request whose `handle` nobody has polled does not count yet, and never does if it is dropped.
#[test]
fn a_request_that_was_never_polled_does_not_count() {
    for others in [0, 1, usize_of(pick(2..=9))] {
        vt(async {
            let server = Server::default();
            let _running = Running::begin(&server, others);
            let waiting: Vec<_> = (0..3).map(|n| server.handle(answer_after([HOUR], n))).collect();
            let found = server.in_flight();
            assert!(
                found == others,
                "{} began, and 3 `handle`s were called and never polled. {} in flight, and `in_flight` is {found}. A request counts from \
                 the first poll of its `handle`: a future that was never polled has done nothing.",
                counted(others, "request"),
                requests_are(others)
            );
            drop(waiting);
            check(&server, others, "3 `handle`s were dropped that nobody had polled");
        });
    }
}

/// A request that panics does not count any more, and its `handle` panics.
#[test]
fn a_request_that_panics_does_not_count() {
    for waits in [0, 1, 3] {
        stage(format!("a request panics after {}", counted(waits, "wait")));
        let server = Server::default();
        let running = Running::begin(&server, 2);
        vt(async {
            let ended = alone(POLLS, server.handle(no_such_page(waits))).await.ended;
            check(&server, 2, "A request panicked");
            assert!(
                matches!(&ended, Ended::Panicked(text) if text == "no such page"),
                "A request panicked with \"no such page\", and its `handle` {}. It panics, too.",
                how(&ended)
            );
            let task = tokio::spawn(call(&server, no_such_page(waits))).await;
            check(&server, 2, "A request panicked in a task");
            assert!(
                task.is_err_and(|error| error.is_panic()),
                "A request panicked in a task, and the task of its `handle` did not panic."
            );
        });
        drop(running);
        check(&server, 0, "All requests are over, and one of them has panicked");
    }
}

/// When `handle` has returned, the request does not count, even if its future is kept. It is not subtracted twice.
#[test]
fn a_handle_that_has_returned_does_not_count() {
    let (server, gate) = (Server::default(), Gate::new());
    let mut finished: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for _ in 0..3 {
        finished.push(Box::pin(server.handle(gate.wait())));
    }
    for handle in &mut finished {
        let _ = poll_once(handle, Waker::noop());
    }
    gate.open();
    for handle in &mut finished {
        assert!(
            poll_once(handle, Waker::noop()).is_ready(),
            "A request was ready, and its `handle` was polled and still waits."
        );
    }
    check(&server, 0, "Three requests were answered, and the futures of their `handle`s still exist");
    let _running = Running::begin(&server, 4);
    drop(finished);
    check(
        &server,
        4,
        "Three requests were answered, four others began, and then the futures of the first three were dropped",
    );
}

/// A request may ask how many are in flight, while it runs and while it is dropped.
#[test]
fn a_request_may_ask_how_many_are_in_flight() {
    /// Asks when it is dropped, as a log of what is left would.
    struct Last(Server);

    impl Drop for Last {
        fn drop(&mut self) {
            let _ = self.0.in_flight();
        }
    }

    dropped_at_each_poll("`handle`", POLLS, async |cut| {
        let server = Server::default();
        let last = Last(server.clone());
        let request = async move {
            let before = last.0.in_flight();
            sleep(HOUR).await;
            (before, last.0.in_flight())
        };
        if let Some(found) = cut.off(server.handle(request)).await {
            assert!(
                found == (1, 1),
                "One request was in flight. It asked for the number in its first poll and in its last one: {} and {}. It counts \
                 itself, from the first poll on.",
                found.0,
                found.1
            );
        }
        check(&server, 0, &format!("`handle` was {}", cut.said()));
    });
}

/// Clones are the same server; two servers know nothing of each other.
#[test]
fn each_server_has_its_own_count() {
    let (one, other) = (Server::default(), Server::default());
    let (clone, few, more) = (one.clone(), usize_of(pick(1..=4)), usize_of(pick(5..=9)));
    let (of_one, of_other) = (Running::begin(&one, few), Running::begin(&other, more));
    let said = format!("One server has {}, another one has {more}", counted(few, "request"));
    check(&one, few, &said);
    check(&other, more, &said);
    check(&clone, few, "A clone of a server is the same server");
    let of_clone = Running::begin(&clone, 1);
    check(&one, few + 1, "A request began at a clone");
    drop(clone);
    check(&one, few + 1, "A clone of the server was dropped");
    drop((of_one, of_other));
    check(&one, 1, "All requests of a server were dropped, but for one");
    check(&other, 0, "All requests of a server were dropped");
    drop(of_clone);
    check(&one, 0, "All requests of a server were dropped");
}

/// `handle` waits as long as the request does, is polled when that is woken, and returns at once.
#[test]
fn handle_takes_as_long_as_its_request() {
    for wait in [Duration::from_millis(pick(1..=5)), Duration::from_secs(pick(9_000_000..=12_000_000))] {
        for waits in [1, 4] {
            let total = wait * waits;
            let server = Server::default();
            let request = answer_after(vec![wait; usize_of(waits.into())], 7);
            let call = vt(timed("`handle`", usize_of(waits.into()) + 3, server.handle(request))).0;
            let call = call.unwrap_or_else(|text| panic!("A request needed {}. {text}", in_words(total)));
            assert!(
                call.took < total + TICK,
                "A request needed {}, and its `handle` returned after {}.",
                in_words(total),
                in_words(call.took)
            );
        }
    }
    stage("another task goes on with a `handle`");
    let server = Server::default();
    let run = panic_of(|| vt(handed_on("`handle`", POLLS, server.handle(answer_after([HOUR; 2], 7)))).0);
    let answer = run.unwrap_or_else(|text| panic!("{text}"));
    assert!(answer == 7, "Another task went on with `handle`, which returned {answer} for the answer 7.");
}

/// Many more than a request of these tests needs.
const POLLS: usize = 40;
const HOUR: Duration = Duration::from_secs(3600);
/// Tokio's clock counts whole milliseconds and may round up.
const TICK: Duration = Duration::from_millis(20);

/// A request that waits so long, once or several times.
fn answer_after<T: Send + 'static>(
    waits: impl IntoIterator<Item = Duration, IntoIter: Send + 'static>,
    answer: T,
) -> impl Future<Output = T> + Send + 'static {
    let waits = waits.into_iter();
    async move {
        for wait in waits {
            sleep(wait).await;
        }
        answer
    }
}

/// A request that panics after so many waits.
async fn no_such_page(waits: usize) -> u64 {
    for _ in 0..waits {
        sleep(HOUR).await;
    }
    // hermetic: the panic is what is tested
    resume_unwind(Box::new("no such page"))
}

/// A call that owns its server, for a task.
fn call<T: Send + 'static, R: Future<Output = T> + Send + 'static>(
    server: &Server,
    request: R,
) -> impl Future<Output = T> + Send + 'static + use<T, R> {
    let server = server.clone();
    async move { server.handle(request).await }
}

/// Requests in flight, which need no runtime. They are dropped with this value.
struct Running {
    _calls: Vec<Pin<Box<dyn Future<Output = ()>>>>,
}

impl Running {
    fn begin(server: &Server, count: usize) -> Self {
        let mut calls: Vec<Pin<Box<dyn Future<Output = ()>>>> = Vec::new();
        for _ in 0..count {
            let mut begun = Box::pin(call(server, Gate::new().wait()));
            let polled = panic_of(|| poll_once(&mut begun, Waker::noop()).is_ready());
            match polled {
                Ok(ready) => assert!(!ready, "`handle` has returned, and its request waits."),
                Err(text) => panic!("A request began, and its `handle` panicked: {text}"),
            }
            calls.push(begun);
        }
        Self { _calls: calls }
    }
}

/// Checks the count. `said` tells what has happened.
#[track_caller]
fn check(server: &Server, expected: usize, said: &str) {
    let found = server.in_flight();
    if found == expected {
        return;
    }
    let rule = if found > usize::MAX / 2 {
        "More has been subtracted than had been added: only a request that was counted may be subtracted."
    } else if found > expected {
        "A request that is over still counts. When a future is dropped or panics, no line behind its await runs, only the \
         destructors of its variables do."
    } else {
        "A request counts from the first poll of its `handle` until that is over."
    };
    panic!("{said}. {} in flight, and `in_flight` is {found}. {rule}", requests_are(expected));
}

/// Checks that a request does not exist any more.
async fn gone(request: &ProbeHandle, said: &str) {
    if request.dropped() {
        return;
    }
    settle().await;
    assert!(
        request.dropped(),
        "{said}, and its request goes on. Nobody waits for the answer any more: the request is dropped with its `handle`."
    );
    panic!(
        "{said}, and its request was dropped only later, in another task. It is dropped with its `handle`, at once."
    );
}

/// How a call ended, as a part of a sentence.
fn how<T: Debug>(ended: &Ended<T>) -> String {
    match ended {
        Ended::Panicked(text) => format!("panicked with {text:?}"),
        Ended::Returned(answer) => format!("returned {answer:?}"),
        Ended::Restless | Ended::Stuck => "did not return".to_owned(),
    }
}

fn requests_are(count: usize) -> String {
    if count == 1 { "1 request is".to_owned() } else { format!("{count} requests are") }
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).expect("it is small")
}

fn u32_of(number: usize) -> u32 {
    u32::try_from(number).expect("it is small")
}
