//! Tokio's watch channel behind the same types.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// Clones are the same event.
#[derive(Clone)]
pub struct Event(Arc<watch::Sender<bool>>);

impl Default for Event {
    fn default() -> Self {
        let (sender, _) = watch::channel(false);
        Event(Arc::new(sender))
    }
}

impl Event {
    pub fn set(&self) {
        self.0.send_replace(true);
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        let event = self.clone();
        Waiting {
            inner: Box::pin(async move {
                let mut is_set = event.0.subscribe();
                // `event` keeps the sender alive, so this is no error.
                let _ = is_set.wait_for(|is_set| *is_set).await;
            }),
        }
    }
}

pub struct Waiting {
    inner: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.inner.as_mut().poll(context)
    }
}

#[tokio::main]
async fn main() {
    let shot = Event::default();
    for runner in 1..=3 {
        let shot = shot.wait();
        tokio::spawn(async move {
            shot.await;
            println!("runner {runner} runs");
        });
    }
    sleep(Duration::from_millis(100)).await;
    println!("bang!");
    shot.set();
    sleep(Duration::from_millis(100)).await;
}
