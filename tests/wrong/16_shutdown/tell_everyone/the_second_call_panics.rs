//! fails: a_slow_goodbye_delays_nobody
//! says: It may be called at any time

use std::sync::Mutex;

use futures::FutureExt;
use futures::future::Shared;
use tokio::select;
use tokio::sync::oneshot;

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
    tell: Mutex<Option<oneshot::Sender<()>>>,
    told: Shared<oneshot::Receiver<()>>,
}

impl Dashboard {
    pub fn open() -> Self {
        let (tell, told) = oneshot::channel();
        Self { tell: Mutex::new(Some(tell)), told: told.shared() }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let told = self.told.clone();
        tokio::spawn(async move {
            let told = async {
                if told.await.is_err() {
                    // The `Dashboard` is gone, and nobody can call `shut_down`.
                    std::future::pending::<()>().await;
                }
            };
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            let left = select! {
                () = told => false,
                () = session => true,
            };
            if !left {
                viewer.goodbye().await;
            }
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        let _ = self.tell.lock().unwrap().take().unwrap().send(());
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
