//! A tokio watch channel does it all, in a boxed async block.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::unconstrained;
use tokio::time::sleep;

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<watch::Sender<bool>>);

impl Event {
    pub fn set(&self) {
        self.0.send_replace(true);
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        // The sender stays in here, so that the channel cannot close before the event.
        let sender = self.0.clone();
        let happens = async move {
            let mut receiver = sender.subscribe();
            let _ = receiver.wait_for(|is_set| *is_set).await;
        };
        Waiting { happens: Some(Box::pin(unconstrained(happens))) }
    }
}

pub struct Waiting {
    /// `None` when it has happened.
    happens: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(happens) = &mut self.happens
            && happens.as_mut().poll(context).is_pending()
        {
            return Poll::Pending;
        }
        self.happens = None;
        Poll::Ready(())
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
