//! A flag, and a `Notify` that wakes those who wait. The notification is requested before the look.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::select;
use tokio::sync::Notify;

/// A viewer's connection. Tests bring their own.
pub trait Viewer: Send + 'static {
    fn login(&mut self) -> impl Future<Output = ()> + Send;
    /// Waits for the next request; `None` when the viewer has left.
    fn next(&mut self) -> impl Future<Output = Option<u64>> + Send;
    /// May take hours. Nothing is lost if it is dropped half-way.
    fn answer(&mut self, request: u64) -> impl Future<Output = ()> + Send;
    fn goodbye(&mut self) -> impl Future<Output = ()> + Send;
}

#[derive(Default)]
struct Stop {
    now: AtomicBool,
    changed: Notify,
}

impl Stop {
    async fn wait(&self) {
        // Notified from here on, also before its first poll.
        let changed = self.changed.notified();
        if !self.now.load(Ordering::SeqCst) {
            changed.await;
        }
    }
}

pub struct Dashboard {
    stop: Arc<Stop>,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: Arc::default() }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let stop = Arc::clone(&self.stop);
        tokio::spawn(async move {
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            let left = select! {
                () = session => true,
                () = stop.wait() => false,
            };
            if !left {
                viewer.goodbye().await;
            }
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        self.stop.now.store(true, Ordering::SeqCst);
        self.stop.changed.notify_waiters();
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
