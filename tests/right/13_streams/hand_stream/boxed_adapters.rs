//! The adapters of futures in a box: take_while, filter_map, fuse.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::future::ready;
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
pub struct Weights<S> {
    weights: BoxStream<'static, u32>,
    connection: PhantomData<fn() -> S>,
}

impl<S> Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
    pub fn new(connection: S) -> Self {
        let weights = connection
            .take_while(|message| ready(*message != Message::Stop))
            .filter_map(|message| {
                ready(match message {
                    Message::Weight(grams) => Some(grams),
                    _ => None,
                })
            })
            .fuse()
            .boxed();
        Self { weights, connection: PhantomData }
    }
}

impl<S> Stream for Weights<S>
where
    S: Stream<Item = Message> + Unpin + Send + 'static,
{
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
