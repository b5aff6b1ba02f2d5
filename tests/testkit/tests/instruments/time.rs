//! Virtual time, and what happens to the runtime at the end.

use std::cell::Cell;
use std::time::Duration;

use testkit::{DropLog, Log, panic_of, rt, vt};
use tokio::runtime::{Builder, Handle, RuntimeFlavor};
use tokio::time::{Instant, sleep};

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn one_after_another_is_the_sum_and_at_once_is_the_longest() {
    let ((), serial) = vt(async {
        sleep(HOUR).await;
        sleep(2 * HOUR).await;
    });
    let (_, concurrent) = vt(async { tokio::join!(sleep(HOUR), sleep(2 * HOUR)) });
    assert_eq!((serial, concurrent), (3 * HOUR, 2 * HOUR));
}

#[test]
fn a_blocked_thread_shows_as_no_time_at_all() {
    let ((), took) = vt(async {
        #[expect(clippy::disallowed_methods, reason = "this is the mistake that virtual time shows")]
        std::thread::sleep(Duration::from_millis(5));
    });
    assert_eq!(took, Duration::ZERO);
}

#[test]
fn who_wakes_itself_while_it_waits_is_told_so() {
    let text = panic_of(|| {
        vt(async {
            let mut sleep = std::pin::pin!(sleep(HOUR));
            std::future::poll_fn(|context| {
                context.waker().wake_by_ref();
                sleep.as_mut().poll(context)
            })
            .await;
        })
    })
    .unwrap_err();
    assert!(text.starts_with("Your code was polled 300000 times in a row"), "{text}");
}

#[test]
fn many_polls_with_rests_between_them_are_no_matter() {
    let ((), took) = vt(async {
        for _ in 0..40 {
            testkit::settle().await;
            for _ in 0..10_000 {
                tokio::task::yield_now().await;
            }
            sleep(HOUR).await;
        }
    });
    assert_eq!(took, 40 * HOUR);
}

#[test]
fn real_time_moves_by_itself() {
    let took = rt(async {
        let start = Instant::now();
        sleep(Duration::from_millis(5)).await;
        start.elapsed()
    });
    assert!(took >= Duration::from_millis(5));
}

#[test]
fn both_are_current_thread_runtimes_with_all_drivers() {
    let look = || async {
        tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread
    };
    assert!(vt(look()).0 && rt(look()));
}

#[test]
fn values_may_borrow_from_the_test() {
    let text = String::from("borrowed");
    let (len, _) = vt(async { text.as_str() });
    assert_eq!(len, text);
}

/// Needs the runtime when it is dropped.
struct SpawnsOnDrop;

impl Drop for SpawnsOnDrop {
    fn drop(&mut self) {
        tokio::spawn(async {});
    }
}

#[test]
fn a_panic_comes_out_and_everything_is_dropped_inside_the_runtime() {
    let log = Log::new();
    let text = panic_of(|| {
        vt(async {
            let _inside = DropLog::new(&log, "future");
            let _needs_runtime = SpawnsOnDrop;
            let task = DropLog::new(&log, "task");
            tokio::spawn(async move {
                let _task = task;
                std::future::pending::<()>().await;
            });
            sleep(HOUR).await;
            panic!("it went wrong");
        })
    });
    assert_eq!(text.map(|((), _)| ()), Err("it went wrong".to_owned()));
    assert_eq!(log.events(), ["dropped future", "dropped task"]);
    assert!(log.timed().iter().all(|(_, at)| *at == HOUR), "{log:?}");
}

#[test]
fn a_panic_does_not_wait_for_a_blocked_thread() {
    let (forever, blocked) = std::sync::mpsc::channel::<()>();
    let text = panic_of(|| {
        rt(async {
            let (started, running) = tokio::sync::oneshot::channel();
            tokio::task::spawn_blocking(move || {
                started.send(()).unwrap();
                blocked.recv()
            });
            running.await.unwrap();
            panic!("heard at once");
        });
    });
    assert_eq!(text, Err::<(), _>("heard at once".to_owned()));
    drop(forever);
}

#[test]
fn a_runtime_that_is_left_entered_is_refused() {
    let other = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let entered = Cell::new(None);
    let text = panic_of(|| vt(async { entered.set(Some(other.enter())) }));
    assert!(text.unwrap_err().contains("left another runtime entered"));
    drop(entered);
    // For a moment, or the same one, is all right.
    rt(async {
        drop(other.enter());
        let _same = Handle::current().enter();
        sleep(Duration::from_millis(1)).await;
    });
}

#[test]
fn a_runtime_in_a_runtime_is_refused() {
    let text = rt(async { panic_of(|| rt(async {})) }).unwrap_err();
    assert!(text.contains("within a runtime"), "{text}");
}
