//! Hidden tests of `hand_stream`: what each poll of a `Weights` returns, who is woken, and what is taken out of the connection.

use std::cell::Cell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use exercise::Message::{self, Heartbeat, Stop, Weight};
use exercise::Weights;
use futures::Stream;
use testkit::{CountingWaker, assert_send, counted, panic_of, pick, rt, stage};

/// Between two weights there may be heartbeats, and the next weight comes all the same.
#[test]
fn a_weight_comes_after_a_heartbeat() {
    rt(async {
        for heartbeats in [1, 2, pick(3..=9) as usize] {
            let [first, second, third] = weights();
            let (wire, mut scale) = connected();
            wire.send([Weight(first)]);
            wire.send(vec![Heartbeat; heartbeats]);
            wire.send([Weight(second), Weight(third)]);
            scale.gives(first, "There was a weight in the connection");
            let before =
                format!("After a weight, the connection had {} and another weight", beats(heartbeats));
            scale.gives(second, &before);
            scale.gives(third, "There was a weight in the connection");
        }
    });
}

/// After a `Stop` it has ended, and it stays ended: more weights, a heartbeat or nothing in the connection change nothing.
#[test]
fn it_stays_ended_after_a_stop() {
    rt(async {
        let [first, later, _] = weights();
        for rest in [vec![Weight(later)], vec![Heartbeat, Weight(later), Stop, Weight(first)], vec![]] {
            for before in [vec![Weight(first)], vec![Weight(first), Heartbeat], vec![]] {
                let (wire, mut scale) = connected();
                let weights = before.iter().filter(|message| matches!(message, Weight(_))).count();
                wire.send(before);
                wire.send([Stop]);
                wire.send(rest.clone());
                for _ in 0..weights {
                    scale.gives(first, "There was a weight in the connection");
                }
                scale.ends("The next message was a `Stop`");
                scale.stays_ended("There had been a `Stop`");
                wire.send([Weight(later)]);
                scale.stays_ended("There had been a `Stop`");
            }
        }
    });
}

/// When the connection ends, it ends, and it stays ended, whatever the connection does after that.
#[test]
fn it_stays_ended_when_the_connection_ends() {
    rt(async {
        let [first, later, _] = weights();
        for before in [vec![Weight(first)], vec![Weight(first), Heartbeat], vec![]] {
            let (wire, mut scale) = connected();
            let weights = before.iter().filter(|message| matches!(message, Weight(_))).count();
            wire.send(before);
            wire.close();
            for _ in 0..weights {
                scale.gives(first, "There was a weight in the connection");
            }
            scale.ends("The connection had ended");
            scale.stays_ended("The connection had ended");
            // A stream may come back after its end.
            wire.send([Heartbeat, Weight(later)]);
            scale.stays_ended("The connection had ended");
        }
    });
}

/// While there is nothing in the connection, it waits: the task that polled last is woken when a message comes, and not before.
#[test]
fn it_waits_for_the_connection() {
    rt(async {
        let [first, second, third] = weights();
        let (wire, mut scale) = connected();
        scale.waits("There was nothing in the connection yet");
        scale.change_task();
        scale.waits("There was nothing in the connection yet");
        wire.send([Heartbeat]);
        scale.is_woken("a heartbeat");
        scale.waits("There was a heartbeat in the connection, and nothing after it");
        wire.send([Weight(first)]);
        scale.is_woken("a weight");
        scale.gives(first, "A weight had come");
        wire.send([Heartbeat, Heartbeat]);
        scale.waits("There were 2 heartbeats in the connection, and nothing after them");
        scale.change_task();
        scale.waits("There was nothing in the connection");
        wire.send([Heartbeat, Weight(second), Weight(third)]);
        scale.is_woken("a message");
        scale.gives(second, "There were a heartbeat and a weight in the connection");
        scale.gives(third, "There was a weight in the connection");
        scale.waits("There was nothing in the connection");
        wire.close();
        scale.is_woken("the end");
        scale.ends("The connection had ended");
    });
}

/// A weight is a weight, also if it is 0, very large, or equal to the one before.
#[test]
fn every_weight_counts() {
    rt(async {
        let [weight, ..] = weights();
        let (wire, mut scale) = connected();
        let all = [weight, weight, 0, 0, u32::MAX, u32::MAX, 1, weight];
        wire.send(all.map(Weight));
        let mut last = None;
        for (number, grams) in (1..).zip(all) {
            let like = if last == Some(grams) { ", like the one before" } else { "" };
            scale.gives(grams, &format!("Weight {number} is {grams} g{like}"));
            last = Some(grams);
        }
    });
}

/// It takes no more out of the connection than the weight needs that it is asked for.
#[test]
fn it_takes_what_the_next_weight_needs() {
    rt(async {
        let (wire, mut scale) = connected();
        let weights = weights();
        wire.send([
            Weight(weights[0]),
            Heartbeat,
            Weight(weights[1]),
            Heartbeat,
            Heartbeat,
            Weight(weights[2]),
        ]);
        wire.send([Heartbeat, Weight(1), Stop]);
        let mut needed = 0;
        wire.check_taken(needed, "and nobody had asked for a weight yet");
        for (grams, messages) in weights.into_iter().zip([1, 2, 3]) {
            scale.gives(grams, "There was a weight in the connection");
            needed += messages;
            wire.check_taken(needed, "and the last of them was the weight that it returned");
        }
    });
}

/// There may be no message at all, a single one, hundreds of weights, or a hundred thousand heartbeats in a row.
#[test]
fn any_number_of_messages() {
    rt(async {
        let [weight, ..] = weights();
        for (heartbeats, weights) in [(0, 0), (0, 1), (1, 0), (0, 500), (2_000, 1), (100_000, 2)] {
            stage(format!("there are {} and then {}", beats(heartbeats), counted(weights, "weight")));
            let (wire, mut scale) = connected();
            wire.send(vec![Heartbeat; heartbeats]);
            wire.send(vec![Weight(weight); weights]);
            wire.send(vec![Heartbeat; heartbeats]);
            wire.close();
            for _ in 0..weights {
                scale.gives(weight, &format!("There were {} and a weight", beats(heartbeats)));
            }
            scale.ends(&format!("After {} the connection had ended", beats(heartbeats)));
        }
    });
}

/// Two of them know nothing of each other, and one that is dropped drops its connection.
#[test]
fn streams_are_independent() {
    rt(async {
        // A task on any thread may have it: this is what `tokio::spawn` asks for.
        assert_send(&Weights::new(Connection(Wire::default())));
        let [first, second, third] = weights();
        let (wires, mut scales): (Vec<_>, Vec<_>) = [(); 2].map(|()| connected()).into_iter().unzip();
        wires[0].send([Weight(first), Stop]);
        wires[1].send([Weight(second), Weight(third)]);
        scales[0].gives(first, "There was a weight in the connection");
        scales[1].gives(second, "There was a weight in the connection");
        scales[0].ends("The next message was a `Stop`");
        scales[1]
            .gives(third, "Another scale had ended, and there was a weight in the connection of this one");
        scales[1].waits("There was nothing in the connection");
        drop(scales);
        for wire in wires {
            assert!(
                wire.state().gone,
                "`Weights` was dropped, and its connection still exists. Dropping cancels everything."
            );
        }
    });
}

/// Three different weights that are known at run time only.
fn weights() -> [u32; 3] {
    let base = pick(100..=900_000) as u32;
    [base, base + 317, base + 60]
}

fn beats(count: usize) -> String {
    counted(count, "heartbeat")
}

/// What a scale sends, and what `Weights` has taken of it. Clones are the same connection.
#[derive(Clone, Default)]
struct Wire(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    messages: VecDeque<Message>,
    closed: bool,
    /// Its end has been told. After that, it may have messages again.
    over: bool,
    taken: usize,
    waker: Option<Waker>,
    gone: bool,
    /// Since the last poll of `Weights` began: polls that found nothing, and where the stack was.
    empty: usize,
    stack: usize,
}

/// More polls in a row than any poll of `Weights` has use for, of a connection that has nothing.
const EMPTY: usize = 1_000;

/// More stack than a poll takes that does not call itself.
const STACK: usize = 300_000;

/// How the messages of this test begin that come out of `poll_next`.
const OURS: &str = "In a single call, `poll_next` ";

impl Wire {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn send(&self, messages: impl IntoIterator<Item = Message>) {
        let waker = {
            let mut state = self.state();
            state.messages.extend(messages);
            state.waker.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    fn close(&self) {
        self.state().closed = true;
        self.send([]);
    }

    fn check_taken(&self, needed: usize, when: &str) {
        let taken = self.state().taken;
        assert!(
            taken <= needed,
            "`Weights` had taken {} out of the connection, where {needed} would have been enough, {when}. A stream is pulled: \
             it takes what it needs for the item that it is asked for.",
            counted(taken, "message")
        );
    }
}

/// The end of the connection that `Weights` has.
struct Connection(Wire);

impl Stream for Connection {
    type Item = Message;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Message>> {
        let here = 0u8;
        let mut state = self.0.state();
        let deep = state.stack.saturating_sub((&raw const here).addr());
        assert!(
            deep < STACK,
            "{OURS}called itself for each heartbeat, thousands of times, until little of the stack was left. There may be any number of \
             heartbeats in a row: use a loop."
        );
        if let Some(message) = state.messages.pop_front() {
            state.taken += 1;
            return Poll::Ready(Some(message));
        }
        if state.closed && !state.over {
            state.over = true;
            return Poll::Ready(None);
        }
        state.empty += 1;
        assert!(
            state.empty < EMPTY,
            "{OURS}polled a connection {EMPTY} times that has nothing, and does not return. When the connection returns \
             `Pending`, return `Pending` as well: the connection has your waker."
        );
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.state().gone = true;
    }
}

thread_local! {
    /// Whether a `Weights` of this test has ended.
    static ENDED: Cell<bool> = const { Cell::new(false) };
}

/// A `Weights`, polled by hand.
struct Scale<S> {
    weights: Pin<Box<S>>,
    wire: Wire,
    /// The task that polls it now, and those that did before.
    task: CountingWaker,
    former: Vec<CountingWaker>,
    /// Its wakes when the latest poll was over, and those that came during that poll.
    known: usize,
    own: usize,
}

fn connected() -> (Wire, Scale<impl Stream<Item = u32>>) {
    let wire = Wire::default();
    let weights = Box::pin(Weights::new(Connection(wire.clone())));
    let scale = Scale {
        weights,
        wire: wire.clone(),
        task: CountingWaker::new(),
        former: Vec::new(),
        known: 0,
        own: 0,
    };
    (wire, scale)
}

impl<S: Stream<Item = u32>> Scale<S> {
    fn poll(&mut self) -> Poll<Option<u32>> {
        let here = 0u8;
        {
            let mut state = self.wire.state();
            state.empty = 0;
            state.stack = (&raw const here).addr();
        }
        let (waker, weights, before) = (self.task.waker(), self.weights.as_mut(), self.task.wakes());
        let polled = panic_of(|| weights.poll_next(&mut Context::from_waker(&waker)));
        self.known = self.task.wakes();
        self.own = self.known - before;
        polled.unwrap_or_else(|text| match text.strip_prefix(OURS) {
            Some(_) => panic!("{text}"),
            None => panic!("`poll_next` panicked: {text}"),
        })
    }

    /// Polls once, and wants this weight. `before` says what there was to read.
    fn gives(&mut self, wanted: u32, before: &str) {
        let found = self.poll();
        let left = self.wire.state().messages.len();
        match found {
            Poll::Ready(Some(grams)) if grams == wanted => {}
            Poll::Ready(Some(grams)) => panic!(
                "{before}. `Weights` returned {grams} g, and the next weight is {wanted} g. Each weight comes once, in order; a \
                 heartbeat is not a weight."
            ),
            Poll::Ready(None) if ENDED.get() => panic!(
                "{before}, and `Weights` returned `None`. Another `Weights` had ended before this one was made: each has \
                 its own end."
            ),
            Poll::Ready(None) => panic!(
                "{before}, and `Weights` returned `None`. It ends after a `Stop`, or when the connection ends."
            ),
            Poll::Pending if self.own > 0 => panic!(
                "{before}. `Weights` woke its own task and returned `Pending`, with {} left in the connection. That costs a wake and a \
                 poll for nothing: poll the connection again, in the same poll.",
                counted(left, "message")
            ),
            Poll::Pending => panic!(
                "{before}. `Weights` returned `Pending`, with {} left in the connection, and nobody will wake its task: the \
                 connection was ready, so it kept no waker. Return `Pending` only if the connection did.",
                counted(left, "message")
            ),
        }
    }

    fn ends(&mut self, why: &str) {
        match self.poll() {
            Poll::Ready(None) => ENDED.set(true),
            Poll::Ready(Some(grams)) => {
                panic!("{why}, and `Weights` returned the weight {grams} g in place of `None`.")
            }
            Poll::Pending => panic!("{why}, and `Weights` returned `Pending` in place of `None`."),
        }
    }

    fn stays_ended(&mut self, why: &str) {
        for _ in 0..3 {
            match self.poll() {
                Poll::Ready(None) => {}
                Poll::Ready(Some(grams)) => panic!(
                    "{why}, and `Weights` had returned `None`. When it was polled again, it returned the weight {grams} g. It \
                     stays ended, so it has to remember its end."
                ),
                Poll::Pending => panic!(
                    "{why}, and `Weights` had returned `None`. When it was polled again, it returned `Pending`. It stays ended, \
                     so it has to remember its end."
                ),
            }
        }
    }

    fn waits(&mut self, why: &str) {
        match self.poll() {
            Poll::Pending => {}
            Poll::Ready(Some(grams)) => panic!("{why}, and `Weights` returned the weight {grams} g."),
            Poll::Ready(None) => {
                panic!("{why}, and `Weights` returned `None`. The connection had not ended.")
            }
        }
        let (wakes, asked) = (self.own, self.wire.state().empty > 0);
        assert!(
            wakes > 0 || asked,
            "{why}. `Weights` returned `Pending`, and in this poll the connection had not: it was not polled again after what it \
             gave, so nobody has the waker. Return `Pending` only if the connection did."
        );
        assert!(
            wakes == 0,
            "{why}. `Weights` woke its own task and returned `Pending`, so it will be polled again at once, and again. When the \
             connection returned `Pending`, it has the waker: it wakes the task when there is something."
        );
    }

    /// Another task polls it from now on.
    fn change_task(&mut self) {
        self.former.push(std::mem::take(&mut self.task));
        self.known = 0;
    }

    fn is_woken(&mut self, what: &str) {
        let former: usize = self.former.iter().map(CountingWaker::wakes).sum();
        let woken = self.task.wakes() - self.known;
        assert!(
            woken > 0 || former == 0,
            "Two tasks polled `Weights`, one after the other. Then {what} came, and the first task was woken, not the one that \
             polled last. Hand on the waker of each poll."
        );
        assert!(
            woken > 0,
            "`Weights` had returned `Pending`. Then {what} came, and the task was not woken. The connection needs the waker: hand it \
             `cx`, in each poll."
        );
        // Who polled before may have been woken, too.
        self.former.clear();
    }
}
