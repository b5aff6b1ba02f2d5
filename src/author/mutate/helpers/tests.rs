//! What mutants call does what its operator says.

use std::future::{pending, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use super::{awaits, calls, polls, spawns, values};

/// Counts.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn panics() -> u32 {
    panic!("on purpose")
}

fn wakes_in_a_poll(future: impl Future) -> usize {
    let wakes = Arc::new(Wakes::default());
    let _ = pin!(future).poll(&mut Context::from_waker(&Waker::from(wakes.clone())));
    wakes.0.load(Ordering::Relaxed)
}

fn by_virtual_time<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().unwrap().block_on(future)
}

/// Is asked, wants to be asked once more, and is done.
fn asked_twice() -> impl Future<Output = u32> {
    let mut asked = false;
    poll_fn(move |_| if std::mem::replace(&mut asked, true) { Poll::Ready(7) } else { Poll::Pending })
}

#[test]
fn the_second_wait_is_busy() {
    assert_eq!(wakes_in_a_poll(awaits::busy_next_time(pending::<()>())), 0);
    assert_eq!(wakes_in_a_poll(awaits::busy_next_time(pending::<()>())), 1);
    assert_eq!(wakes_in_a_poll(poll_fn(|cx| polls::busy_next_time(pin!(pending::<()>()), cx))), 0);
    assert_eq!(wakes_in_a_poll(poll_fn(|cx| polls::busy_next_time(pin!(pending::<()>()), cx))), 1);
    assert_eq!(wakes_in_a_poll(ready(())), 0);
}

#[test]
fn time_is_lost_or_cut_short() {
    let took = |future: Pin<Box<dyn Future<Output = u32>>>| {
        by_virtual_time(async {
            let start = tokio::time::Instant::now();
            (future.await, start.elapsed().as_millis())
        })
    };
    assert_eq!(took(Box::pin(awaits::naps(asked_twice()))), (7, 1));
    assert_eq!(took(Box::pin(awaits::pauses_first(ready(7)))), (7, 50));
    assert_eq!(took(Box::pin(awaits::lingers(ready(7)))), (7, 50));
    assert_eq!(took(Box::pin(awaits::gives_up(pending(), Duration::from_millis(200)))), (0, 200));
    let outcome: Result<String, ()> =
        by_virtual_time(awaits::gives_up(pending(), Duration::from_millis(200)));
    assert_eq!(outcome, Ok(String::new()));
    let at_the_limit = async {
        let limit = Duration::from_millis(20);
        awaits::clock_first(limit, tokio::time::sleep(limit)).await
    };
    assert_eq!(by_virtual_time(at_the_limit), Err(()));
}

#[test]
fn nothing_is_not_accepted() {
    let refuses =
        |value: Option<u32>| catch_unwind(|| by_virtual_time(awaits::wants_something(ready(value)))).is_err();
    assert!(refuses(Some(0)) && !refuses(Some(1)) && !refuses(None));
    let polled = |value: u32| {
        catch_unwind(|| by_virtual_time(poll_fn(|cx| polls::wants_something(pin!(ready(value)), cx))))
    };
    assert!(polled(0).is_err() && polled(1).is_ok());
    assert!(catch_unwind(|| values::something("")).is_err());
    assert_eq!(values::something(&(0, "a")), &(0, "a"));
    assert_eq!([1, 1, 2].map(|value| values::is_repeated(&value)), [false, true, false]);
    assert!(values::sent(Err::<(), ()>(())).is_ok());
}

#[test]
fn wakers_are_kept_or_forgotten() {
    let waker = |future: &mut Pin<Box<dyn Future<Output = u64>>>, poll: usize| {
        let wakes = Arc::new(Wakes::default());
        let waker = Waker::from(wakes.clone());
        let mut cx = Context::from_waker(&waker);
        let _ = match poll {
            0 => polls::stale(future.as_mut(), &mut cx),
            _ => polls::deaf(future.as_mut(), &mut cx),
        };
        wakes.0.load(Ordering::Relaxed)
    };
    let asks = |size: u64| -> Pin<Box<dyn Future<Output = u64>>> {
        Box::pin(poll_fn(move |cx| {
            cx.waker().wake_by_ref();
            if size == 0 { Poll::Ready(size) } else { Poll::Pending }
        }))
    };
    // Both live at once: the first waker belongs to the place of a future.
    let mut futures = [asks(7), asks(8)];
    for (poll, future) in futures.iter_mut().enumerate() {
        assert_eq!([waker(future, poll), waker(future, poll)], [1, 0]);
    }
}

#[test]
fn tasks_go_other_ways() {
    by_virtual_time(async {
        assert_eq!(spawns::on_a_thread(async { 1 }).await.unwrap(), 1);
        assert_eq!(spawns::waits_on_a_thread(async { 1 }).await, 1);
        assert_eq!(spawns::on_the_pool(async { 1 }).await.unwrap(), 1);
        assert_eq!(spawns::waits_on_a_runtime(async { 1 }).await, 1);
        assert_eq!(spawns::no_task(async { 1 }).await.unwrap(), 1);
        assert_eq!(spawns::three_at_a_time(async { 1 }).await, 1);
        assert_eq!(spawns::swallows_panics(async { panics() }).await, 0);
        let other = spawns::ends_others(pending::<()>());
        assert!(spawns::ends_others(async { panics() }).await.unwrap_err().is_panic());
        assert!(other.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn calls_share_and_take_turns() {
    let made = [1, 2].map(|n| calls::shared(|| Arc::new(n)));
    assert!(Arc::ptr_eq(&made[0], &made[1]));
    let made = [1, 2].map(|n| calls::shared_on_thread(|| std::rc::Rc::new(n)));
    assert_eq!(made.map(|made| *made), [1, 1]);
    let mut turn = pin!(calls::turn());
    let mut cx = Context::from_waker(Waker::noop());
    let first = turn.as_mut().poll(&mut cx);
    assert!(first.is_ready() && pin!(calls::turn()).poll(&mut cx).is_pending());
    assert_eq!(calls::in_turn(|| 1)(), 1);
    let poisoned = catch_unwind(AssertUnwindSafe(calls::in_turn(panics)));
    assert!(poisoned.is_err());
    drop(calls::turn_of_threads());
    std::thread::current().unpark();
    calls::parks_once();
    // Nobody wakes it, and it does not sleep.
    calls::parks_once();
}
