//! A semaphore without permits. Closing it is a level: `acquire` fails from then on.

use std::sync::Arc;

use tokio::select;
use tokio::sync::Semaphore;

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
    stop: Arc<Semaphore>,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: Arc::new(Semaphore::new(0)) }
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
                _ = stop.acquire() => false,
                () = session => true,
            };
            if !left {
                viewer.goodbye().await;
            }
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        self.stop.close();
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
