//! A state, and a function for one step of it.

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
    state: State<S>,
}

enum State<S> {
    Open(S),
    Ended,
}

impl<S> Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    pub fn new(connection: S) -> Self {
        Self { state: State::Open(connection) }
    }

    /// `None` if there is more to do.
    fn step(&mut self, cx: &mut Context<'_>) -> Option<Poll<Option<u32>>> {
        let State::Open(connection) = &mut self.state else {
            return Some(Poll::Ready(None));
        };
        match connection.poll_next_unpin(cx) {
            Poll::Pending => Some(Poll::Pending),
            Poll::Ready(Some(Message::Weight(grams))) => Some(Poll::Ready(Some(grams))),
            Poll::Ready(Some(Message::Heartbeat)) => None,
            Poll::Ready(Some(Message::Stop) | None) => {
                self.state = State::Ended;
                None
            }
        }
    }
}

impl<S> Stream for Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        loop {
            if let Some(poll) = self.step(cx) {
                return poll;
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
