//! The weights that a scale sends.
//!
//! Why the second weight never came: the heartbeat was there, so the connection was ready, and a stream that is ready keeps
//! no waker. `Pending` then means "somebody will wake you", and nobody would. What can go on goes on in the same poll, so
//! a message that is left out leads to another round of a loop. Waking our own task and returning `Pending` would
//! work too, but each heartbeat would cost a wake and a poll. A `poll_next` that calls itself needs stack for each of them.
//!
//! The second half of the contract is the end. After `None`, a stream may do anything, and here even the connection may
//! have more messages. So the end is a state of ours. An `Option<S>` whose value is dropped at the end does as much, and
//! closes the connection at once.
//!
//! With the adapters of `StreamExt` nobody has to write `poll_next` at all: `take_while`, `filter_map` and `fuse`, boxed
//! in `new`. Take those at work, and know what they promise.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{Stream, StreamExt, stream};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// In grams.
    Weight(u32),
    Heartbeat,
    Stop,
}

/// Takes a message out of the connection only when somebody asks for the next weight.
pub struct Weights<S> {
    connection: S,
    /// A connection that has ended must not be polled again, and after a `Stop` it may have more.
    ended: bool,
}

impl<S> Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    pub fn new(connection: S) -> Self {
        Self { connection, ended: false }
    }
}

impl<S> Stream for Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            // A `Pending` of the connection is the only one that we return: then it has our waker.
            match ready!(self.connection.poll_next_unpin(cx)) {
                Some(Message::Weight(grams)) => return Poll::Ready(Some(grams)),
                // It was ready, so it has kept no waker. Ask it for the next message.
                Some(Message::Heartbeat) => {}
                Some(Message::Stop) | None => {
                    self.ended = true;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

#[tokio::main]
async fn main() {
    use Message::{Heartbeat, Stop, Weight};
    let connection = stream::iter([Weight(1200), Heartbeat, Weight(850), Weight(850), Stop]);
    let mut weights = Weights::new(connection);
    while let Some(grams) = weights.next().await {
        println!("{grams} g");
    }
    println!("the scale has stopped");
}
