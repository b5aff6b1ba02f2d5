//! Hidden tests of `stale_waker`.

use std::sync::{Arc, Mutex};
use std::task::Poll;

use exercise::delivery;
use testkit::{CountingWaker, elsewhere, poll_once, rt, stage};

/// When another task has taken over the delivery, that task is woken.
#[test]
fn the_newest_waker_is_woken() {
    // Who polls, in which order; the last one waits.
    for order in ["A", "AB", "ABC", "ABA", "AABB"] {
        let polled = order.chars().map(String::from).collect::<Vec<_>>().join(", then ");
        stage(format!("polled by {polled}; then the parcel comes"));
        let (courier, mut delivery) = delivery();
        let tasks: Vec<(char, CountingWaker)> =
            ('A'..='C').map(|name| (name, CountingWaker::new())).collect();
        let task = |name: char| &tasks.iter().find(|(own, _)| *own == name).expect("one of three").1;
        for name in order.chars() {
            let poll = poll_once(&mut delivery, &task(name).waker());
            assert!(poll.is_pending(), "The delivery was `Ready` before the courier came.");
            let early: usize = tasks.iter().map(|(_, task)| task.wakes()).sum();
            assert!(
                early == 0,
                "A task was woken before the courier came, though it had nothing to do: it polls, is woken again, and \
                 so on. That is a busy loop. (polled by {polled})"
            );
        }
        courier.deliver();
        let last = order.chars().last().expect("somebody polled");
        let wakes = task(last).wakes();
        let others: usize =
            tasks.iter().filter(|(name, _)| *name != last).map(|(_, task)| task.wakes()).sum();
        assert!(
            wakes > 0 || others == 0 || !newest_of_tokio_tasks(order),
            "The courier came, but task {last}, which polled last, was not woken: you called an earlier waker. When \
             Tokio's tasks poll, you do call the newest. The tasks here have no task id, and not only tasks poll: only \
             the waker of the newest poll tells you what to wake. (polled by {polled})"
        );
        assert!(
            wakes > 0 || others == 0,
            "The courier came, but you called the waker of a task that had the delivery before. Task {last} polled \
             last, and nothing woke it. (polled by {polled})"
        );
        assert!(
            wakes > 0,
            "The courier came, but nothing was woken. Task {last} waits forever. (polled by {polled})"
        );
        assert!(
            wakes == 1,
            "The courier came once, but the task that waits was woken {wakes} times: a waker of an earlier poll was \
             kept beside its newest. One waiter has one slot. (polled by {polled})"
        );
        let poll = poll_once(&mut delivery, &task(last).waker());
        assert!(
            poll.is_ready(),
            "The parcel is there, the task was woken and polled, but the poll was `Pending`."
        );
    }
}

/// Whether the newest waker is called when each poll is made by a task of Tokio.
fn newest_of_tokio_tasks(order: &str) -> bool {
    let (courier, mut delivery) = delivery();
    let wakers: Vec<CountingWaker> = order.chars().map(|_| CountingWaker::new()).collect();
    rt(async {
        for waker in wakers.iter().map(CountingWaker::waker) {
            let polled = tokio::spawn(async move {
                let _ = poll_once(&mut delivery, &waker);
                delivery
            });
            delivery = polled.await.expect("a poll does not panic");
        }
        courier.deliver();
    });
    wakers.last().is_some_and(|newest| newest.wakes() > 0)
}

/// The courier may come in the middle of a poll: that poll finds the parcel, or the task is woken.
#[test]
fn no_parcel_is_missed() {
    for before in 0..3 {
        let (courier, mut delivery) = delivery();
        for _ in 0..before {
            let _ = poll_once(&mut delivery, &CountingWaker::new().waker());
        }
        let task = CountingWaker::new();
        let courier = Arc::new(Mutex::new(Some(courier)));
        let underway = Arc::new(Mutex::new(Vec::new()));
        task.on_clone({
            let (courier, underway) = (courier.clone(), underway.clone());
            move || {
                let courier = courier.lock().unwrap().take();
                if let Some(courier) = courier {
                    // Whoever clones under the lock keeps the courier waiting until the poll is over.
                    underway.lock().unwrap().push(elsewhere(move || courier.deliver()));
                }
            }
        });
        stage("the courier comes on another thread, while `poll` clones the waker");
        let ready = poll_once(&mut delivery, &task.waker()).is_ready();
        for courier in underway.lock().unwrap().drain(..) {
            let came = courier.finish();
            assert!(came.is_ok(), "The courier came during a poll, and `deliver` panicked: {came:?}");
        }
        // Where nothing is cloned, it comes after the poll.
        let late = courier.lock().unwrap().take();
        late.into_iter().for_each(|courier| courier.deliver());
        assert!(
            ready || task.wakes() > 0,
            "The courier came while `poll` cloned the waker: the poll returned `Pending`, and nothing was woken. \
             `poll` had checked before that, and left the waker after it. Nothing may come in between: do both under \
             one lock."
        );
        if !ready {
            let poll = poll_once(&mut delivery, &task.waker());
            assert!(
                poll.is_ready(),
                "The parcel is there, the task was woken and polled, but the poll was `Pending`."
            );
        }
    }
}

/// A task that is woken may poll the delivery at once: the parcel is there, and no lock is held.
#[test]
fn who_is_woken_may_poll_at_once() {
    let (courier, mut delivery) = delivery();
    let task = CountingWaker::new();
    let poll = poll_once(&mut delivery, &task.waker());
    assert!(poll.is_pending(), "The delivery was `Ready` before the courier came.");
    let delivery = Mutex::new(Some(delivery));
    let (underway, found) = (Arc::new(Mutex::new(None)), Arc::new(Mutex::new(None)));
    task.on_wake({
        let (underway, found) = (underway.clone(), found.clone());
        move || {
            if let Some(mut delivery) = delivery.lock().unwrap().take() {
                let found = found.clone();
                let polled = elsewhere(move || {
                    let poll = poll_once(&mut delivery, std::task::Waker::noop());
                    *found.lock().unwrap() = Some(poll);
                });
                *underway.lock().unwrap() = Some(polled);
            }
        }
    });
    stage("the courier comes, and the delivery is polled from within `wake`");
    courier.deliver();
    let polled = underway.lock().unwrap().take();
    let polled = polled.unwrap_or_else(|| panic!("The courier came, and nobody was woken."));
    let waited = polled.had_to_wait();
    let outcome = polled.finish();
    assert!(
        outcome.is_ok(),
        "The delivery was polled while `deliver` called the waker, and it panicked: {outcome:?}"
    );
    assert!(
        !waited,
        "`deliver` called the waker, and another thread that polled the delivery meanwhile had to wait: you hold the \
         lock around `wake()`. That is foreign code: take the waker out, release the lock, and then call it."
    );
    let found = found.lock().unwrap().take();
    assert!(
        found == Some(Poll::Ready(())),
        "`deliver` called the waker, the delivery was polled at that moment, and the parcel was not there yet: \
         `Pending`. Set the flag first, and then wake: a task that is woken checks at once, goes back to sleep, and \
         nothing wakes it again."
    );
}

/// However often it is polled, one waiter keeps one waker.
#[test]
fn one_waiter_keeps_one_waker() {
    let (courier, mut delivery) = delivery();
    let task = CountingWaker::new();
    let waker = task.waker();
    for _ in 0..1000 {
        let _ = poll_once(&mut delivery, &waker);
    }
    // One of them is the test's own.
    let kept = task.live_clones() - 1;
    assert!(
        kept <= 2,
        "{kept} wakers are kept where one is enough, after 1000 polls by the same task. Only the newest counts."
    );

    let tasks: Vec<CountingWaker> = (0..1000).map(|_| CountingWaker::new()).collect();
    for task in &tasks {
        let _ = poll_once(&mut delivery, &task.waker());
    }
    let kept: usize = tasks.iter().map(CountingWaker::live_clones).sum();
    assert!(
        kept <= 2,
        "{kept} wakers are kept where one is enough, after polls by 1000 tasks. Only the newest counts."
    );
    courier.deliver();
    let wakes = tasks[999].wakes();
    assert!(
        wakes == 1,
        "1000 tasks had the delivery one after another, but the one that polled last was woken {wakes} times."
    );
}

/// The first poll finds a parcel that is already there.
#[test]
fn a_parcel_that_is_there_is_found() {
    let (courier, mut delivery) = delivery();
    courier.deliver();
    let task = CountingWaker::new();
    let poll = poll_once(&mut delivery, &task.waker());
    assert!(
        poll == Poll::Ready(()),
        "The courier had been there before the first poll, but it returned `Pending`."
    );
    let wakes = task.wakes();
    assert!(
        wakes == 0,
        "The first poll found the parcel, but it also woke the task (wakes: {wakes}, wanted 0)."
    );
}

/// Two deliveries have nothing to do with each other.
#[test]
fn each_delivery_has_its_own_courier() {
    let (tasks, mut pairs): (Vec<_>, Vec<_>) = (0..2).map(|_| (CountingWaker::new(), delivery())).unzip();
    for (task, (_, delivery)) in tasks.iter().zip(&mut pairs) {
        let poll = poll_once(delivery, &task.waker());
        assert!(poll.is_pending(), "The delivery was `Ready` before the courier came.");
    }
    let (courier, mut waits) = pairs.remove(0);
    courier.deliver();
    let wakes = (tasks[0].wakes(), tasks[1].wakes());
    assert!(
        wakes == (1, 0),
        "There are two deliveries, and the courier of the first came: its task was woken {} times, that of the second {} \
         times.",
        wakes.0,
        wakes.1
    );
    assert!(
        poll_once(&mut waits, &tasks[0].waker()).is_ready(),
        "The parcel is there, but a poll was `Pending`."
    );
    let poll = poll_once(&mut pairs[0].1, &tasks[1].waker());
    assert!(poll.is_pending(), "The courier of another delivery came, but this one is `Ready`.");
}
