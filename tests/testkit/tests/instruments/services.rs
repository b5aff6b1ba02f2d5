//! Services tell when each request began, waited, was done and was dropped, and what a call of the code under test came to.

use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use testkit::{Services, panic_of};
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn requests_side_by_side_are_told_from_those_in_a_row() {
    let services = Services::new("page");
    let (a, b) = (services.request("a", [millis(20), millis(20)], 1), services.request("b", [millis(30)], 2));
    let called = services.call(9, async { tokio::join!(a, b) });
    assert_eq!((called.output, called.took, services.most()), ((1, 2), millis(40), 2));
    assert_eq!(services.seen("b").begun, Some(Duration::ZERO));
    assert_eq!(services.seen("b").done, Some(millis(30)));

    let services = Services::new("page");
    let (a, b) = (services.request("a", [millis(20)], 1), services.request("b", [], 2));
    let called = services.call(9, async { (a.await, b.await) });
    assert_eq!((called.output, called.took, services.most()), ((1, 2), millis(20), 1));
    assert_eq!(services.seen("b").begun, Some(millis(20)));
}

#[test]
fn a_request_that_nobody_polls_stands_still() {
    let services = Services::new("page");
    let (a, b) =
        (services.request("a", [millis(10), millis(10)], ()), services.request("b", [millis(50)], ()));
    services.call(9, async {
        let mut a = pin!(a);
        let _ = a.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        b.await;
        a.await;
    });
    // All but the millisecond by which Tokio's clock may round up.
    assert_eq!(services.seen("a").stood_still, millis(39));
    assert_eq!(services.seen("b").stood_still, Duration::ZERO);
}

#[test]
fn what_goes_on_after_the_call_is_left() {
    let services = Services::new("order");
    let (spawned, dropped) =
        (services.request("spawned", [millis(50)], ()), services.request("dropped", [], ()));
    let called = services.call(9, async {
        tokio::spawn(spawned);
        drop(dropped);
        sleep(millis(10)).await;
    });
    assert_eq!((called.took, called.left), (millis(10), vec!["spawned".to_owned()]));
    assert_eq!((services.seen("spawned").done, services.done()), (None, 0));
    assert_eq!(services.seen("dropped").begun, None);
    assert_eq!(services.seen("dropped").dropped, Some(Duration::ZERO));
}

#[test]
fn what_a_dropped_call_leaves_behind_is_told() {
    let services = Services::new("order");
    let request = services.request("kept", [millis(50)], ());
    let left = services.dropped_after(millis(10), async { tokio::spawn(request).await });
    assert_eq!(left, ["kept"]);

    let services = Services::new("order");
    let mut set = JoinSet::new();
    let request = services.request("aborted", [millis(50)], ());
    let left = services.dropped_after(millis(10), async move {
        set.spawn(request);
        set.join_next().await
    });
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(services.seen("aborted").dropped, Some(millis(10)));
    assert_eq!((services.made("aborted"), services.made("kept"), services.most()), (1, 0, 1));
}

#[test]
fn a_call_that_does_not_come_to_its_end_is_explained() {
    let services = Services::new("order");
    let request = services.request("bank", [millis(50)], ());
    let text = panic_of(|| {
        services.call(30, async {
            let task = tokio::spawn(request);
            while !task.is_finished() {
                yield_now().await;
            }
        })
    })
    .unwrap_err();
    assert!(
        text.starts_with("`order` was polled 30 times within 0 ms, but was not done: it polls"),
        "{text}"
    );

    let services = Services::new("order");
    let request = services.request("bank", [millis(50)], ());
    let text = panic_of(|| services.call(9, async { (request.await, std::future::pending::<()>().await) }))
        .unwrap_err();
    assert!(text.starts_with("`order` never returned. The request `bank` was done after 50 ms."), "{text}");

    let services = Services::new("order");
    let request = services.request("bank", [millis(50)], ());
    let text = panic_of(|| {
        services.call(9, async {
            let mut request = pin!(request);
            while request.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {}
        })
    })
    .unwrap_err();
    assert!(text.starts_with("The request `bank` was polled 5000 times in a row"), "{text}");

    let services = Services::new("order");
    let request = services.request("bank", [millis(50)], ());
    let text = panic_of(|| {
        services.call(9, async {
            thread::spawn(|| {
                tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(request);
            })
            .join()
            .unwrap();
        })
    })
    .unwrap_err();
    assert!(text.starts_with("1 of 1 requests were polled on another thread"), "{text}");
}

#[test]
fn panics_are_explained_or_handed_on() {
    let services = Services::new("order");
    let request = services.request("bank", [millis(50)], ());
    let text = panic_of(|| services.call(9, async { tokio::runtime::Handle::current().block_on(request) }))
        .unwrap_err();
    assert!(text.starts_with("`order` blocks the thread"), "{text}");

    let services = Services::new("order");
    let request = services.request("bank", [], ());
    let text = panic_of(|| {
        services.call(9, async {
            let mut request = pin!(request);
            request.as_mut().await;
            request.await;
        })
    })
    .unwrap_err();
    assert!(text.starts_with("`order` polled a future again"), "{text}");

    let services = Services::new("order");
    let called = services.try_call(9, async { panic!("out of stock") });
    assert_eq!(called.map(|called: testkit::Called<()>| called.output), Err("out of stock".to_owned()));
    let text = panic_of(|| services.call(9, async { panic!("out of stock") })).unwrap_err();
    assert_eq!(text, "`order` panicked: out of stock");
}
