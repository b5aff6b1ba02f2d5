//! One `next_weight` after the other, with `unfold`.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures::stream::BoxStream;
use futures::{Stream, StreamExt, stream};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// In grams.
    Weight(u32),
    Heartbeat,
    Stop,
}

/// Takes a message out of the connection only when somebody asks for the next weight.
pub struct Weights {
    weights: BoxStream<'static, u32>,
}

impl Weights {
    pub fn new(connection: impl Stream<Item = Message> + Unpin + Send + 'static) -> Self {
        let weights = stream::unfold(connection, |mut connection| async move {
            loop {
                match connection.next().await? {
                    Message::Weight(grams) => return Some((grams, connection)),
                    Message::Heartbeat => {}
                    Message::Stop => return None,
                }
            }
        });
        Self { weights: weights.fuse().boxed() }
    }
}

impl Stream for Weights {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        self.weights.poll_next_unpin(cx)
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
