//! Hidden tests of `rt_mpsc`: who may send, in which order, and who is woken.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use exercise::{Executor, Receiver, SendError, Sender, TrySendError, block_on, channel, spawn};
use testkit::{
    CountingWaker, DropLog, Log, assert_send, check_eq, elsewhere, panic_of, pick, poll_once, stage, vt,
};

/// Senders that wait get a slot one by one, in the order in which they came.
#[test]
fn the_first_to_wait_is_the_first_to_send() {
    for capacity in [1, 2, pick(3..=9)] {
        let (sender, mut receiver) = channel(capacity as usize);
        fill(&sender, capacity);
        let mut waiting: Vec<_> = (0..5).map(|number| Waiting::new(&sender, 1_000 + number)).collect();
        for (number, waiter) in waiting.iter_mut().enumerate() {
            assert!(
                waiter.turn().is_pending(),
                "A channel for {capacity} messages was full, and `send` number {number} was ready at once."
            );
        }
        let mut received = Vec::new();
        for turn in 0..5 {
            received.push(take(&mut receiver, "there were messages"));
            let woken: Vec<_> = (0..5).filter(|number| waiting[*number].counter.wakes() > 0).collect();
            assert!(
                woken.contains(&turn),
                "Five senders waited for a slot, and {} slots have become free. Sender number {turn} was not woken, and sleeps on \
                 although there is room for its message. Woken were: {woken:?}.\nEach sender that waits needs a place for its own waker.",
                turn + 1
            );
            check_eq!(
                woken,
                (0..=turn).collect::<Vec<_>>(),
                "Five senders waited for a slot, and {} slots have become free. One slot is one wake, for the sender that has waited longest. \
                 Woken were:",
                turn + 1
            );
            assert!(
                waiting[turn].turn() == Poll::Ready(Ok(())),
                "A slot became free, the sender that had waited longest was woken, and its `send` is not ready."
            );
        }
        while received.len() < capacity as usize + 5 {
            received.push(take(&mut receiver, "there were messages"));
        }
        let wanted: Vec<_> = (0..capacity).chain(1_000..1_005).collect();
        check_eq!(received, wanted, "Messages were received in this order:");
        check_eq!(
            receive(&mut receiver, Waker::noop()),
            Poll::Pending,
            "All messages were received. `recv` returned:"
        );
    }
}

/// A sender that has not come back yet keeps its slot: nobody overtakes it.
#[test]
fn nobody_overtakes() {
    let (sender, mut receiver) = channel(1);
    fill(&sender, 1);
    let mut waiting = [10, 11].map(|message| Waiting::new(&sender, message));
    for waiter in &mut waiting {
        assert!(waiter.turn().is_pending());
    }
    check_eq!(take(&mut receiver, "there was one"), 0, "The first message was:");
    check_eq!(
        sender.try_send(12),
        Err(TrySendError::Full(12)),
        "A sender waited, a slot became free, and the sender was woken. Before it came back, `try_send` gave:"
    );
    let mut late = Waiting::new(&sender, 13);
    assert!(
        late.turn().is_pending(),
        "A sender waited, a slot became free, and the sender was woken. Before it came back, another `send` took the slot.\n\
         The sender that waits first sends first: the slot belongs to the sender that was woken for it."
    );
    // The second one asks before its turn, with another waker.
    check_eq!(
        waiting[1].turn(),
        Poll::Pending,
        "The second of two senders was polled before the first had come back. It was:"
    );
    check_eq!(waiting[0].turn(), Poll::Ready(Ok(())), "The first sender came back to its slot. It was:");
    let mut received = vec![take(&mut receiver, "one was sent")];
    for waiter in [&mut waiting[1], &mut late] {
        check_eq!(
            waiter.counter.wakes(),
            1,
            "A slot became free, and the next sender was not woken once. Number of wakes:"
        );
        check_eq!(waiter.turn(), Poll::Ready(Ok(())), "A sender was woken for a slot. It was:");
        received.push(take(&mut receiver, "one was sent"));
    }
    check_eq!(received, [10, 11, 13], "Messages were received in this order:");
    check_eq!(sender.try_send(14), Ok(()), "Nobody waited, and the channel was empty. `try_send` gave:");
    check_eq!(sender.try_send(15), Err(TrySendError::Full(15)), "The channel was full. `try_send` gave:");
}

/// A sender that is dropped while it waits leaves its place, and one that was woken passes its slot on.
#[test]
fn a_dropped_sender_passes_the_wake_on() {
    // Who is dropped, of five: before a slot is free, or after the wake for it.
    for (before, after) in [
        (vec![], vec![0]),
        (vec![], vec![0, 1, 2]),
        (vec![0, 2], vec![1, 3]),
        (vec![1], vec![]),
        (vec![4, 0], vec![]),
    ] {
        let (sender, mut receiver) = channel(1);
        fill(&sender, 1);
        let mut waiting: Vec<_> = (0..5).map(|number| Some(Waiting::new(&sender, 100 + number))).collect();
        for waiter in waiting.iter_mut().flatten() {
            assert!(waiter.turn().is_pending());
        }
        let drop_it = |waiting: &mut Vec<Option<Waiting>>, number: &usize| {
            let waiter = waiting[*number].take().unwrap();
            let counter = waiter.counter.clone();
            drop(waiter);
            check_eq!(
                counter.live_clones(),
                0,
                "A `send` was dropped, and the channel kept its waker. Number of wakers:"
            );
        };
        for number in &before {
            drop_it(&mut waiting, number);
        }
        check_eq!(take(&mut receiver, "there was one"), 0, "The first message was:");
        for number in &after {
            drop_it(&mut waiting, number);
        }
        check_eq!(
            receive(&mut receiver, Waker::noop()),
            Poll::Pending,
            "The only message was received, and no `send` has become ready since. A `send` that is dropped sends nothing. `recv` gave:"
        );
        let left: Vec<_> = (0..5).filter(|number| waiting[*number].is_some()).collect();
        for (turn, number) in left.iter().enumerate() {
            let waiter = waiting[*number].as_mut().unwrap();
            assert!(
                waiter.counter.wakes() > 0,
                "Sender {number} sleeps forever. Five senders waited; {before:?} were dropped before a slot became free, and {after:?} after that, \
                 each when it was its turn.\nA sender that was woken for a slot may be dropped before it comes back. Then its `Drop` has to \
                 pass the slot, and the wake, on to the next one."
            );
            for later in &left[turn + 1..] {
                let wakes = waiting[*later].as_ref().unwrap().counter.wakes();
                check_eq!(
                    wakes,
                    0,
                    "One slot was free, sender {number} has it, and sender {later} was woken, too. Number of wakes:"
                );
            }
            let waiter = waiting[*number].as_mut().unwrap();
            check_eq!(waiter.turn(), Poll::Ready(Ok(())), "A sender was woken for a slot. It was:");
            check_eq!(
                take(&mut receiver, "one was sent"),
                100 + *number as u64,
                "Sender {number} was next. The message was:"
            );
        }
        check_eq!(
            receive(&mut receiver, Waker::noop()),
            Poll::Pending,
            "Nobody sends any more. A `send` that was dropped sends nothing. `recv` gave:"
        );
        check_eq!(sender.try_send(7), Ok(()), "The channel is empty, and nobody waits. `try_send` gave:");
    }
    stage("the last sender that waits is dropped after its wake");
    let (sender, mut receiver) = channel(1);
    fill(&sender, 1);
    let mut only = Waiting::new(&sender, 5);
    assert!(only.turn().is_pending());
    check_eq!(take(&mut receiver, "there was one"), 0, "The first message was:");
    drop(only);
    check_eq!(
        sender.try_send(6),
        Ok(()),
        "The only sender that waited was woken for a slot and dropped. The slot is free again. `try_send` gave:"
    );
}

/// Closing gives everybody their message back; what was sent before can be received.
#[test]
fn close_and_drain() {
    for dropped in [false, true] {
        let (sender, mut receiver) = channel(2);
        fill(&sender, 2);
        let mut waiting = [10, 11, 12].map(|message| Waiting::new(&sender, message));
        for waiter in &mut waiting {
            assert!(waiter.turn().is_pending());
        }
        // One of them has a slot already, and has not come back.
        check_eq!(take(&mut receiver, "there were two"), 0, "The first message was:");
        let mut receiver = if dropped {
            drop(receiver);
            None
        } else {
            receiver.close();
            receiver.close();
            Some(receiver)
        };
        let what = if dropped { "The receiver was dropped" } else { "`close` was called" };
        for (waiter, message) in waiting.iter_mut().zip([10, 11, 12]) {
            assert!(
                waiter.counter.wakes() > 0,
                "{what} while senders waited, and one of them was not woken: it sleeps forever."
            );
            check_eq!(
                waiter.turn(),
                Poll::Ready(Err(SendError(message))),
                "{what} while senders waited. `send` gave:"
            );
        }
        check_eq!(sender.try_send(13), Err(TrySendError::Closed(13)), "{what}. `try_send` gave:");
        check_eq!(block_on(sender.clone().send(14)), Err(SendError(14)), "{what}. `send` gave:");
        if let Some(receiver) = &mut receiver {
            check_eq!(
                take(receiver, "it was sent before `close`"),
                1,
                "A message was sent before `close`. `recv` gave:"
            );
            check_eq!(
                receive(receiver, Waker::noop()),
                Poll::Ready(None),
                "The channel was closed and all was received. `recv` gave:"
            );
            check_eq!(
                receive(receiver, Waker::noop()),
                Poll::Ready(None),
                "`recv` had returned `None` before. It gave:"
            );
        }
    }
    stage("the senders go");
    for waits in [false, true] {
        let (sender, mut receiver) = channel(3);
        let other = sender.clone();
        let counter = CountingWaker::new();
        if waits {
            check_eq!(
                receive(&mut receiver, &counter.waker()),
                Poll::Pending,
                "The channel was empty. `recv` gave:"
            );
            // Somebody else would have to poll this one again; it stays, as in a task.
        }
        drop(sender);
        check_eq!(
            counter.wakes(),
            0,
            "One of two senders was dropped, and that woke the receiver. Number of wakes:"
        );
        other.try_send(5).unwrap();
        drop(other);
        check_eq!(
            take(&mut receiver, "it was sent before"),
            5,
            "A message was sent, and the last sender was dropped. `recv` gave:"
        );
        check_eq!(
            receive(&mut receiver, Waker::noop()),
            Poll::Ready(None),
            "All senders are gone. `recv` gave:"
        );
    }
    let (sender, mut receiver) = channel::<u64>(1);
    let counter = CountingWaker::new();
    let mut receiving: Pin<Box<dyn Future<Output = Option<u64>>>> = Box::pin(receiver.recv());
    assert!(poll_once(&mut receiving, &counter.waker()).is_pending());
    drop(sender);
    assert!(
        counter.wakes() > 0,
        "The receiver waited, the last sender was dropped, and nobody woke the receiver: it waits forever."
    );
    check_eq!(
        poll_once(&mut receiving, Waker::noop()),
        Poll::Ready(None),
        "All senders are gone. `recv` gave:"
    );
    drop(receiving);
    check_eq!(
        counter.live_clones(),
        0,
        "The receiver was woken, and the channel kept its waker. Number of wakers:"
    );
}

/// The receiver is woken by a message, once, and takes its waker along when it stops waiting.
#[test]
fn the_receiver_is_woken_once() {
    let (sender, mut receiver) = channel(4);
    let [first, second] = [CountingWaker::new(), CountingWaker::new()];
    {
        let mut receiving = Box::pin(receiver.recv());
        for counter in [&first, &second, &first, &second] {
            assert!(
                poll_once(&mut receiving, &counter.waker()).is_pending(),
                "The channel was empty, and `recv` was ready."
            );
        }
        for message in 0..3 {
            sender.try_send(message).unwrap();
        }
        check_eq!(
            (first.wakes(), second.wakes()),
            (0, 1),
            "Two tasks polled a `recv` in turn, and three messages came. Only the last task has to be woken, once. Wakes of the first and the last task:"
        );
        check_eq!(
            poll_once(&mut receiving, &second.waker()),
            Poll::Ready(Some(0)),
            "Three messages were sent. `recv` gave:"
        );
    }
    {
        let mut receiving = Box::pin(receiver.recv());
        check_eq!(
            poll_once(&mut receiving, &second.waker()),
            Poll::Ready(Some(1)),
            "Two messages were left. `recv` gave:"
        );
    }
    check_eq!(take(&mut receiver, "one was left"), 2, "One message was left. `recv` gave:");
    {
        let mut receiving = Box::pin(receiver.recv());
        assert!(poll_once(&mut receiving, &first.waker()).is_pending());
    }
    check_eq!(
        (first.live_clones(), second.live_clones()),
        (0, 0),
        "A `recv` that waited was dropped, and wakers are left in the channel. Number of wakers of the two tasks:"
    );
    sender.try_send(3).unwrap();
    check_eq!(
        first.wakes(),
        0,
        "A message came after a `recv` was dropped, and its task was woken. Number of wakes:"
    );
    check_eq!(
        take(&mut receiver, "it was sent"),
        3,
        "A `recv` was dropped before the message came. The next one gave:"
    );
}

/// A sender that waits may move to another task: the newest waker counts, and its place stays.
#[test]
fn the_newest_waker_of_a_sender() {
    let (sender, mut receiver) = channel(1);
    fill(&sender, 1);
    let mut first = Waiting::new(&sender, 1);
    let mut second = Waiting::new(&sender, 2);
    let other = CountingWaker::new();
    assert!(first.turn().is_pending() && second.turn().is_pending());
    for _ in 0..3 {
        assert!(poll_once(&mut first.send, &other.waker()).is_pending());
    }
    check_eq!(
        first.counter.live_clones(),
        0,
        "Another task polled a `send`, and wakers of the former one are left. Number of wakers:"
    );
    check_eq!(take(&mut receiver, "there was one"), 0, "The first message was:");
    check_eq!(
        (first.counter.wakes(), other.wakes(), second.counter.wakes()),
        (0, 1, 0),
        "The first of two senders was polled again, by another task, and then a slot became free. Wakes of the former task \
         of the first sender, of its new task, and of the second sender:"
    );
    check_eq!(
        poll_once(&mut first.send, &other.waker()),
        Poll::Ready(Ok(())),
        "A sender was woken for a slot. It was:"
    );
    check_eq!(take(&mut receiver, "one was sent"), 1, "The second message was:");
    check_eq!(second.turn(), Poll::Ready(Ok(())), "A sender was woken for a slot. It was:");
}

/// All of it works on this executor and on Tokio's, with one sender and with many.
#[test]
fn it_works_on_any_executor() {
    for (senders, each, capacity) in [(1, 1, 1), (3, 40, 1), (pick(5..=9), 30, 2), (20, 10, 1_000), (2, 0, 1)]
    {
        stage(format!("{senders} senders on your own executor"));
        let (handles, received) = {
            let (tasks, mut receiver) = senders_of(senders, each, capacity);
            block_on(async move {
                let handles: Vec<_> = tasks.into_iter().map(spawn).collect();
                let received = drain(&mut receiver).await;
                let mut ended = 0;
                for handle in handles {
                    handle.await.unwrap();
                    ended += 1;
                }
                (ended, received)
            })
        };
        check_eq!(
            handles,
            senders,
            "Tasks sent messages on your own executor, and not all of them came to their end. Number of tasks that did:"
        );
        check_order(&received, senders, each);
        stage(format!("{senders} senders on Tokio"));
        let (received, _) = vt(async move {
            let (tasks, mut receiver) = senders_of(senders, each, capacity);
            for task in tasks {
                tokio::spawn(task);
            }
            drain(&mut receiver).await
        });
        check_order(&received, senders, each);
    }
    stage("the executor stands still");
    let executor = Executor::new();
    let (sender, mut receiver) = channel(1);
    assert_send(&sender.send(7));
    let handle = executor.spawn(async move { receiver.recv().await });
    executor.block_on(async {
        sender.send(8).await.unwrap();
    });
    check_eq!(executor.block_on(handle).unwrap(), Some(8), "A task received. It got:");
}

/// What is in the channel is dropped with the receiver, once.
#[test]
fn messages_are_dropped_once() {
    let log = Log::new();
    let message = || DropLog::new(&log, "message");
    let (sender, mut receiver) = channel(3);
    for _ in 0..3 {
        assert!(sender.try_send(message()).is_ok());
    }
    let mut waiting = Box::pin(sender.send(message()));
    assert!(poll_once(&mut waiting, Waker::noop()).is_pending());
    drop(waiting);
    check_eq!(
        log.count("dropped message"),
        1,
        "A `send` that waited was dropped, and its message with it. Messages dropped so far:"
    );
    {
        let mut receiving = Box::pin(receiver.recv());
        drop(poll_once(&mut receiving, Waker::noop()));
    }
    check_eq!(
        log.count("dropped message"),
        2,
        "A message was received and dropped. Messages dropped so far:"
    );
    drop(receiver);
    check_eq!(
        log.count("dropped message"),
        4,
        "The receiver was dropped with two messages, a sender is left. Messages dropped so far:"
    );
    let back = sender.try_send(message());
    check_eq!(log.count("dropped message"), 4, "`try_send` gave a message back. Messages dropped so far:");
    drop(back);
    let refused = panic_of(|| drop(channel::<()>(0)));
    assert!(refused.is_err(), "`channel(0)` did not panic. No message would ever go through it.");
}

/// Wakers are foreign code: no lock is held while one is cloned, woken or dropped.
#[test]
fn a_waker_may_use_the_channel() {
    let (sender, mut receiver) = channel(1);
    let (counter, waited) = (CountingWaker::new(), Arc::new(Mutex::new(None)));
    let look = |what: &'static str| {
        let (sender, waited) = (Arc::new(sender.clone()), waited.clone());
        let busy = AtomicBool::new(false);
        move || {
            if busy.swap(true, Ordering::SeqCst) {
                return;
            }
            let sender = sender.clone();
            // A look at the channel that changes nothing.
            if elsewhere(move || drop(Sender::clone(&sender))).had_to_wait() {
                waited.lock().unwrap().get_or_insert(what);
            }
            busy.store(false, Ordering::SeqCst);
        }
    };
    counter.on_clone(look("cloned"));
    counter.on_wake(look("woken"));
    counter.on_drop(look("dropped"));
    stage("a receiver waits");
    {
        let mut receiving = Box::pin(receiver.recv());
        for waker in [counter.waker(), Waker::noop().clone(), counter.waker()] {
            assert!(poll_once(&mut receiving, &waker).is_pending());
        }
        sender.try_send(1).unwrap();
        assert!(poll_once(&mut receiving, &counter.waker()).is_ready());
    }
    {
        let mut receiving = Box::pin(receiver.recv());
        assert!(poll_once(&mut receiving, &counter.waker()).is_pending());
    }
    stage("senders wait");
    sender.try_send(2).unwrap();
    let mut waiting = [3, 4, 5].map(|message| Box::pin(sender.send(message)));
    for send in &mut waiting {
        for waker in [counter.waker(), Waker::noop().clone(), counter.waker()] {
            assert!(poll_once(send, &waker).is_pending());
        }
    }
    let [first, second, third] = waiting;
    drop(second);
    check_eq!(take(&mut receiver, "there was one"), 2, "A message was sent. `recv` gave:");
    drop(first);
    receiver.close();
    drop(third);
    let waited = *waited.lock().unwrap();
    assert!(
        waited.is_none(),
        "While a waker was {}, another thread used the channel and had to wait for a lock.\nA waker is foreign code: \
         clone it before you take the lock, and wake and drop it after you have released that.",
        waited.unwrap_or_default()
    );
}

type Sending = Pin<Box<dyn Future<Output = Result<(), SendError<u64>>>>>;

/// A `send`, and its task.
struct Waiting {
    send: Sending,
    counter: CountingWaker,
}

impl Waiting {
    fn new(sender: &Sender<u64>, message: u64) -> Waiting {
        let sender = sender.clone();
        Waiting { send: Box::pin(async move { sender.send(message).await }), counter: CountingWaker::new() }
    }

    fn turn(&mut self) -> Poll<Result<(), SendError<u64>>> {
        poll_once(&mut self.send, &self.counter.waker())
    }
}

/// Sends 0, 1, 2 and so on, until the channel is full.
fn fill(sender: &Sender<u64>, capacity: u64) {
    for message in 0..capacity {
        let mut send = Box::pin(sender.send(message));
        let sent = poll_once(&mut send, Waker::noop());
        check_eq!(
            sent,
            Poll::Ready(Ok(())),
            "A channel for {capacity} messages held {message}. `send` gave:"
        );
    }
}

fn receive(receiver: &mut Receiver<u64>, waker: &Waker) -> Poll<Option<u64>> {
    let mut receiving = Box::pin(receiver.recv());
    poll_once(&mut receiving, waker)
}

fn take(receiver: &mut Receiver<u64>, why: &str) -> u64 {
    match receive(receiver, Waker::noop()) {
        Poll::Ready(Some(message)) => message,
        Poll::Ready(None) => panic!("`recv` returned `None`, and {why}."),
        Poll::Pending => panic!("`recv` was `Pending`, and {why}."),
    }
}

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tasks that send their number and a count, and the other end. No other sender is left.
fn senders_of(senders: u64, each: u64, capacity: usize) -> (Vec<Task>, Receiver<(u64, u64)>) {
    let (sender, receiver) = channel(capacity);
    let task = |number| -> Task {
        let sender = sender.clone();
        Box::pin(async move {
            for count in 0..each {
                sender.send((number, count)).await.expect("the receiver is there");
                if count % 7 == number % 7 {
                    yield_once().await;
                }
            }
        })
    };
    ((0..senders).map(task).collect(), receiver)
}

async fn drain(receiver: &mut Receiver<(u64, u64)>) -> Vec<(u64, u64)> {
    let mut received = Vec::new();
    while let Some(message) = receiver.recv().await {
        received.push(message);
    }
    received
}

fn check_order(received: &[(u64, u64)], senders: u64, each: u64) {
    for number in 0..senders {
        let counts: Vec<_> =
            received.iter().filter(|(from, _)| *from == number).map(|(_, count)| *count).collect();
        check_eq!(
            counts,
            (0..each).collect::<Vec<_>>(),
            "{senders} tasks sent {each} messages each. Those of sender {number} came in this order:"
        );
    }
    check_eq!(
        received.len() as u64,
        senders * each,
        "{senders} tasks sent {each} messages each. Number of messages that came:"
    );
}

/// Is ready at its second poll, which it asks for.
async fn yield_once() {
    let mut polled = false;
    poll_fn(|context| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
