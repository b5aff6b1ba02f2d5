//! The adapters of `StreamExt`, boxed.

use std::future::ready;
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
pub struct Weights(BoxStream<'static, u32>);

impl Weights {
    pub fn new(connection: impl Stream<Item = Message> + Unpin + Send + 'static) -> Self {
        let weights = connection
            .take_while(|message| ready(*message != Message::Stop))
            .filter_map(|message| async move {
                match message {
                    Message::Weight(grams) => Some(grams),
                    Message::Heartbeat | Message::Stop => None,
                }
            })
            .fuse();
        Self(weights.boxed())
    }
}

impl Stream for Weights {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        self.0.poll_next_unpin(cx)
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
