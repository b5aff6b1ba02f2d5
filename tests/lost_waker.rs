//! The lint of chapter 18, which the solution of `lost_waker_lint` is, on the futures of chapters 3 and 4: no false alarm for any
//! of their solutions, and an alarm for their starters and wrong answers that lose a waker where it can be seen.

// Answers are programs of their own: much of them is not used here, and their names are for learners.
#![allow(dead_code, unused, unreachable_pub, clippy::all, clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, clippy::uninlined_format_args, clippy::semicolon_if_nothing_returned)]

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use lint::watch;
use testkit::{CountingWaker, poll_once};

#[path = "../solutions/18_diagnosing/lost_waker_lint.rs"]
mod lint;

#[path = "../solutions/04_wakers/every_waiter.rs"]
mod every_waiter;
#[path = "../solutions/03_futures_by_hand/first_poll.rs"]
mod first_poll;
#[path = "../solutions/04_wakers/forget_me_on_drop.rs"]
mod forget_me_on_drop;
#[path = "../solutions/03_futures_by_hand/join_by_hand.rs"]
mod join_by_hand;
#[path = "../solutions/04_wakers/lost_wakeup.rs"]
mod lost_wakeup;
#[path = "../solutions/04_wakers/no_wake_under_lock.rs"]
mod no_wake_under_lock;
#[path = "../solutions/03_futures_by_hand/race_by_hand.rs"]
mod race_by_hand;
#[path = "../solutions/04_wakers/register_then_check.rs"]
mod register_then_check;
#[path = "../solutions/04_wakers/spinning_block_on.rs"]
mod spinning_block_on;
#[path = "../solutions/04_wakers/stale_waker.rs"]
mod stale_waker;
#[path = "../solutions/03_futures_by_hand/state_lives_in_self.rs"]
mod state_lives_in_self;
#[path = "../solutions/03_futures_by_hand/unroll_async_fn.rs"]
mod unroll_async_fn;
#[path = "../solutions/04_wakers/wake_the_right_thread.rs"]
mod wake_the_right_thread;
#[path = "../solutions/03_futures_by_hand/who_wakes_me.rs"]
mod who_wakes_me;

#[path = "../exercises/04_wakers/every_waiter.rs"]
mod every_waiter_starter;
#[path = "../exercises/03_futures_by_hand/race_by_hand.rs"]
mod race_by_hand_starter;
#[path = "../exercises/04_wakers/register_then_check.rs"]
mod register_then_check_starter;
#[path = "../exercises/04_wakers/stale_waker.rs"]
mod stale_waker_starter;
#[path = "../exercises/03_futures_by_hand/unroll_async_fn.rs"]
mod unroll_async_fn_starter;
#[path = "../exercises/03_futures_by_hand/who_wakes_me.rs"]
mod who_wakes_me_starter;

#[path = "../tests/wrong/04_wakers/forget_me_on_drop/clears_the_list.rs"]
mod clears_the_list;
#[path = "../tests/wrong/04_wakers/forget_me_on_drop/first_waker_kept.rs"]
mod event_first_waker_kept;
#[path = "../tests/wrong/04_wakers/every_waiter/keeps_the_first.rs"]
mod event_keeps_the_first;
#[path = "../tests/wrong/03_futures_by_hand/join_by_hand/first_waker_kept.rs"]
mod join_first_waker_kept;
#[path = "../tests/wrong/03_futures_by_hand/join_by_hand/pending_at_the_end.rs"]
mod join_pending_at_the_end;
#[path = "../tests/wrong/03_futures_by_hand/race_by_hand/fake_waker_for_the_second.rs"]
mod race_fake_waker_for_the_second;
#[path = "../tests/wrong/03_futures_by_hand/race_by_hand/first_waker_kept.rs"]
mod race_first_waker_kept;
#[path = "../tests/wrong/04_wakers/every_waiter/registers_on_the_first_poll_only.rs"]
mod registers_on_the_first_poll_only;
#[path = "../tests/wrong/03_futures_by_hand/who_wakes_me/first_waker_only.rs"]
mod signal_first_waker_only;
#[path = "../tests/wrong/03_futures_by_hand/who_wakes_me/no_waker_at_all.rs"]
mod signal_no_waker_at_all;
#[path = "../tests/wrong/03_futures_by_hand/who_wakes_me/first_poll_takes_the_waker_back.rs"]
mod signal_takes_the_waker_back;
#[path = "../tests/wrong/04_wakers/stale_waker/get_or_insert.rs"]
mod stale_get_or_insert;
#[path = "../tests/wrong/04_wakers/stale_waker/never_registers.rs"]
mod stale_never_registers;
#[path = "../tests/wrong/03_futures_by_hand/state_lives_in_self/first_waker_kept.rs"]
mod state_first_waker_kept;
#[path = "../tests/wrong/03_futures_by_hand/state_lives_in_self/no_wake.rs"]
mod state_no_wake;
#[path = "../tests/wrong/03_futures_by_hand/state_lives_in_self/woken_at_the_first_poll_only.rs"]
mod state_woken_once;
#[path = "../tests/wrong/03_futures_by_hand/unroll_async_fn/first_waker_kept.rs"]
mod unroll_first_waker_kept;
#[path = "../tests/wrong/03_futures_by_hand/unroll_async_fn/tax_with_a_fake_waker.rs"]
mod unroll_tax_with_a_fake_waker;

/// A value that comes from elsewhere, with a slot for the waker of whoever waits for it.
struct Elsewhere<T>(Arc<Mutex<(Option<T>, Option<Waker>)>>);

impl<T> Elsewhere<T> {
    fn come(&self, value: T) {
        let waker = {
            let mut slot = self.0.lock().unwrap();
            slot.0 = Some(value);
            slot.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }
}

fn value<T: Send + 'static>() -> (Elsewhere<T>, impl Future<Output = T> + Unpin + Send) {
    let slot = Arc::new(Mutex::new((None, None)));
    let future = poll_fn({
        let slot = Arc::clone(&slot);
        move |context| {
            let mut slot = slot.lock().unwrap();
            // Nothing is left behind by a future that is done: a clone that nobody will call hides a loss.
            slot.1 = slot.0.is_none().then(|| context.waker().clone());
            slot.0.take().map_or(Poll::Pending, Poll::Ready)
        }
    });
    (Elsewhere(slot), future)
}

fn tasks() -> [Waker; 2] {
    [CountingWaker::new().waker(), CountingWaker::new().waker()]
}

/// Each walk polls a future of that answer by two tasks, and gives what `is_lost` said on the way.
macro_rules! join {
    ($answer:ident) => {{
        let [one, other] = tasks();
        let ((a, from_a), (b, from_b)) = (value(), value());
        let (mut both, report) = watch($answer::Both::new(from_a, from_b));
        let mut lost = vec![report.is_lost()];
        for task in [&one, &other] {
            let _ = poll_once(&mut both, task);
            lost.push(report.is_lost());
        }
        b.come(7);
        lost.push(report.is_lost());
        let _ = poll_once(&mut both, &other);
        lost.push(report.is_lost());
        a.come(1);
        let _ = poll_once(&mut both, &other);
        lost.push(report.is_lost());
        lost
    }};
}

macro_rules! race {
    ($answer:ident) => {{
        let [one, other] = tasks();
        let ((_a, from_a), (b, from_b)) = (value::<String>(), value::<String>());
        let (mut first, report) = watch($answer::First::new(from_a, from_b));
        let mut lost = Vec::new();
        for task in [&one, &other] {
            let _ = poll_once(&mut first, task);
            lost.push(report.is_lost());
        }
        b.come("from b".to_owned());
        lost.push(report.is_lost());
        let _ = poll_once(&mut first, &other);
        lost.push(report.is_lost());
        lost
    }};
}

macro_rules! sequence {
    ($answer:ident) => {{
        let [one, other] = tasks();
        let ((price, from_price), (tax, from_tax)) = (value(), value());
        let (mut total, report) = watch($answer::Total::new(from_price, from_tax));
        let mut lost = Vec::new();
        for task in [&one, &other] {
            let _ = poll_once(&mut total, task);
            lost.push(report.is_lost());
        }
        price.come(10);
        let _ = poll_once(&mut total, &other);
        lost.push(report.is_lost());
        tax.come(2);
        let _ = poll_once(&mut total, &other);
        lost.push(report.is_lost());
        lost
    }};
}

macro_rules! import {
    ($answer:ident) => {{
        let [one, other] = tasks();
        let rows = ["apples", "pears", "plums", "figs"].map(String::from).to_vec();
        let (mut import, report) = watch($answer::Import::new(rows, Box::new(|_| {})));
        let mut lost = Vec::new();
        for task in [&one, &one, &other, &other, &other] {
            let _ = poll_once(&mut import, task);
            lost.push(report.is_lost());
        }
        lost
    }};
}

macro_rules! signal {
    ($answer:ident) => {{
        let [one, other] = tasks();
        let (trigger, signal) = $answer::signal();
        let (mut signal, report) = watch(signal);
        let mut lost = Vec::new();
        for task in [&one, &other, &other] {
            let _ = poll_once(&mut signal, task);
            lost.push(report.is_lost());
        }
        trigger.fire();
        lost.push(report.is_lost());
        let _ = poll_once(&mut signal, &other);
        lost.push(report.is_lost());
        lost
    }};
}

macro_rules! event {
    ($answer:ident) => {{
        let [one, other] = tasks();
        let event = $answer::Event::default();
        let ((mut first, first_report), (mut second, second_report)) =
            (watch(event.wait()), watch(event.wait()));
        let leaves = event.wait();
        let mut lost = Vec::new();
        let _ = poll_once(&mut first, &one);
        lost.push(first_report.is_lost());
        let _ = poll_once(&mut second, &other);
        lost.extend([first_report.is_lost(), second_report.is_lost()]);
        // Handed on.
        let _ = poll_once(&mut first, &CountingWaker::new().waker());
        lost.extend([first_report.is_lost(), second_report.is_lost()]);
        let mut leaves = leaves;
        let _ = poll_once(&mut leaves, &CountingWaker::new().waker());
        drop(leaves);
        lost.extend([first_report.is_lost(), second_report.is_lost()]);
        event.set();
        lost.extend([first_report.is_lost(), second_report.is_lost()]);
        lost
    }};
}

macro_rules! page {
    ($answer:ident) => {{
        /// The page comes out just after it was asked about for the last time.
        #[derive(Default)]
        struct Slow {
            last: u32,
            asked: Cell<u32>,
            done: Cell<bool>,
            waker: RefCell<Option<Waker>>,
        }

        impl $answer::Printer for Slow {
            fn is_done(&self) -> bool {
                self.asked.set(self.asked.get() + 1);
                let was_done = self.done.get();
                if self.asked.get() == self.last {
                    self.done.set(true);
                    self.waker.take().into_iter().for_each(Waker::wake);
                }
                was_done
            }

            fn wake_when_done(&self, waker: &Waker) {
                if !self.done.get() {
                    self.waker.replace(Some(waker.clone()));
                }
            }
        }

        let [one, other] = tasks();
        let mut lost = Vec::new();
        for last in 1..=3 {
            let (mut page, report) = watch($answer::Page(Slow { last, ..Slow::default() }));
            for task in [&one, &other, &other] {
                if poll_once(&mut page, task).is_ready() {
                    break;
                }
                lost.push(report.is_lost());
            }
        }
        lost
    }};
}

macro_rules! delivery {
    ($answer:ident) => {{
        let [one, other] = tasks();
        let (courier, delivery) = $answer::delivery();
        let (mut delivery, report) = watch(delivery);
        let mut lost = Vec::new();
        for task in [&one, &one, &other, &other] {
            let _ = poll_once(&mut delivery, task);
            lost.push(report.is_lost());
        }
        courier.deliver();
        lost.push(report.is_lost());
        let _ = poll_once(&mut delivery, &other);
        lost.push(report.is_lost());
        lost
    }};
}

/// A future that lets another turn pass, and then waits for a value from another thread.
macro_rules! blocks_on {
    ($answer:ident) => {{
        let (soup, from_kitchen) = value();
        let waits = Arc::clone(&soup.0);
        let mut turns = 3;
        let (watched, report) = watch(async move {
            poll_fn(|context| {
                turns -= 1;
                if turns == 0 {
                    return Poll::Ready(());
                }
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
            from_kitchen.await
        });
        let kitchen = thread::spawn(move || {
            while waits.lock().unwrap().1.is_none() {
                thread::yield_now();
            }
            let lost = report.is_lost();
            soup.come("soup");
            lost
        });
        assert_eq!($answer::block_on(watched), "soup");
        vec![kitchen.join().unwrap()]
    }};
}

fn no_alarm(answer: &str, lost: &[bool]) {
    assert!(!lost.contains(&true), "{answer} was called lost: {lost:?}");
}

fn alarm(answer: &str, lost: &[bool]) {
    assert!(lost.contains(&true), "{answer} loses a waker, and was never called lost: {lost:?}");
}

macro_rules! no_alarms {
    ($($walk:ident: $($answer:ident),+;)*) => { $($(no_alarm(stringify!($answer), &$walk!($answer));)+)* };
}

macro_rules! alarms {
    ($($walk:ident: $($answer:ident),+;)*) => { $($(alarm(stringify!($answer), &$walk!($answer));)+)* };
}

#[test]
fn no_solution_of_chapters_3_and_4_is_called_lost() {
    no_alarms! {
        join: join_by_hand;
        race: race_by_hand;
        sequence: unroll_async_fn;
        import: state_lives_in_self;
        signal: who_wakes_me;
        event: every_waiter, forget_me_on_drop, no_wake_under_lock;
        page: register_then_check;
        delivery: stale_waker;
        blocks_on: lost_wakeup, spinning_block_on, wake_the_right_thread;
    }
    let (mut cached, report) = watch(first_poll::Cached::new(1999));
    let found = poll_once(&mut cached, Waker::noop());
    assert!(found == Poll::Ready(1999) && !report.is_lost());
}

#[test]
fn starters_that_lose_a_waker_are() {
    alarms! {
        race: race_by_hand_starter;
        sequence: unroll_async_fn_starter;
        event: every_waiter_starter;
        page: register_then_check_starter;
        delivery: stale_waker_starter;
    }
}

#[test]
fn wrong_answers_that_lose_a_waker_are() {
    alarms! {
        join: join_first_waker_kept, join_pending_at_the_end;
        race: race_first_waker_kept;
        sequence: unroll_first_waker_kept, unroll_tax_with_a_fake_waker;
        import: state_no_wake, state_woken_once, state_first_waker_kept;
        signal: signal_no_waker_at_all, signal_first_waker_only, signal_takes_the_waker_back;
        event: clears_the_list, event_first_waker_kept, event_keeps_the_first, registers_on_the_first_poll_only;
        delivery: stale_get_or_insert, stale_never_registers;
    }
}

/// Other faults are none of the lint's: a future that asks in circles, and a clone in the wrong hands.
#[test]
fn other_faults_are_not_called_lost() {
    no_alarms! {
        signal: who_wakes_me_starter;
        race: race_fake_waker_for_the_second;
    }
}
