//! It is a `watch` channel of Tokio's.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::watch;

#[derive(Clone)]
pub struct Gate {
    open: watch::Sender<bool>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { open: watch::Sender::new(false) }
    }
}

impl Gate {
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    pub fn wait(&self) -> Wait {
        // It has a sender of its own: if the last one were dropped, that would wake every task, and only `open` may.
        let (sender, mut open) = (self.open.clone(), self.open.subscribe());
        Wait {
            inner: Box::pin(async move {
                let _sender = sender;
                let opened = open.wait_for(|open| *open).await;
                opened.expect("there is a sender as long as somebody waits");
            }),
        }
    }
}

pub struct Wait {
    inner: Pin<Box<dyn Future<Output = ()> + Send + Sync>>,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.inner.as_mut().poll(context)
    }
}
