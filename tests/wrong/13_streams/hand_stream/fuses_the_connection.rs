//! fails: it_stays_ended_after_a_stop
//! says: it returned the weight
//!
//! The end of the connection is remembered, a `Stop` is not.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::stream::Fuse;
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
    connection: Fuse<S>,
}

impl<S> Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    pub fn new(connection: S) -> Self {
        Self { connection: connection.fuse() }
    }
}

impl<S> Stream for Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        loop {
            match ready!(self.connection.poll_next_unpin(cx)) {
                Some(Message::Weight(grams)) => return Poll::Ready(Some(grams)),
                Some(Message::Heartbeat) => {}
                Some(Message::Stop) | None => return Poll::Ready(None),
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
