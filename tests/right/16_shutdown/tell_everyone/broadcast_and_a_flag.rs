//! A message for those who listen, and a flag for those who come later. Subscribed first, and then looked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::select;
use tokio::sync::broadcast;

/// A viewer's connection. Tests bring their own.
pub trait Viewer: Send + 'static {
    fn login(&mut self) -> impl Future<Output = ()> + Send;
    /// Waits for the next request; `None` when the viewer has left.
    fn next(&mut self) -> impl Future<Output = Option<u64>> + Send;
    /// May take hours. Nothing is lost if it is dropped half-way.
    fn answer(&mut self, request: u64) -> impl Future<Output = ()> + Send;
    fn goodbye(&mut self) -> impl Future<Output = ()> + Send;
}

pub struct Dashboard {
    stop: broadcast::Sender<()>,
    stopped: Arc<AtomicBool>,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: broadcast::Sender::new(1), stopped: Arc::default() }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let mut receiver = self.stop.subscribe();
        let (sender, stopped) = (self.stop.clone(), Arc::clone(&self.stopped));
        tokio::spawn(async move {
            let told = async {
                if !stopped.load(Ordering::SeqCst) {
                    let _ = receiver.recv().await;
                }
            };
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            let left = select! {
                biased;
                () = told => false,
                () = session => true,
            };
            if !left {
                viewer.goodbye().await;
            }
            // Kept until here, so that the channel does not close with the `Dashboard`.
            drop(sender);
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = self.stop.send(());
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
