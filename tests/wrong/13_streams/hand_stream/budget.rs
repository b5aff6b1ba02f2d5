//! fails: any_number_of_messages
//! says: left in the connection. That costs a wake and a poll for nothing: poll the connection
//!
//! No wakes of your own task; what can continue continues in the same poll: after 100 heartbeats it wakes itself and returns Pending.

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
        for _ in 0..100 {
            match self.connection.poll_next_unpin(cx) {
                Poll::Ready(Some(Message::Weight(grams))) => return Poll::Ready(Some(grams)),
                Poll::Ready(Some(Message::Heartbeat)) => {}
                Poll::Ready(Some(Message::Stop) | None) => {
                    self.ended = true;
                    return Poll::Ready(None);
                }
                Poll::Pending => return Poll::Pending,
            }
        }
        // Let other tasks run.
        cx.waker().wake_by_ref();
        Poll::Pending
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
