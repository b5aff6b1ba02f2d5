//! A scale in a warehouse sends messages. `Weights` is the stream of the weights in them, in
//! order. A `Heartbeat` only shows that the scale is still there, so `Weights` leaves it out.
//! `Weights` ends after a `Stop`, and also when the connection ends. From then on it stays ended:
//! each poll returns `None`, even if the connection would have more messages. Streams of weights
//! are used in tasks, on several threads.
//!
//! In `cargo run` the scale sends three weights. The program prints the first one and then waits
//! forever.

use std::pin::Pin;
use std::task::{Context, Poll};

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
}

impl<S> Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    pub fn new(connection: S) -> Self {
        Self { connection }
    }
}

impl<S> Stream for Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        match self.connection.poll_next_unpin(cx) {
            Poll::Ready(Some(Message::Weight(grams))) => Poll::Ready(Some(grams)),
            // Not a weight: nothing to return yet.
            Poll::Ready(Some(Message::Heartbeat)) => Poll::Pending,
            Poll::Ready(Some(Message::Stop) | None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
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
