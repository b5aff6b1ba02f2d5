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
        let mut open = self.open.subscribe();
        Wait {
            inner: Box::pin(async move {
                // The sender is never dropped before the gate, and a gate that is gone stays closed.
                if open.wait_for(|open| *open).await.is_err() {
                    std::future::pending::<()>().await;
                }
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
