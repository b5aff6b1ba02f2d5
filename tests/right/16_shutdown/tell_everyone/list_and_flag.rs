//! A list of `oneshot` senders; after the shutdown, `None` in its place.

use std::sync::Mutex;

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
    stop: Mutex<Option<Vec<oneshot::Sender<()>>>>,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: Mutex::new(Some(Vec::new())) }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let (tell, told) = oneshot::channel();
        let tell = match &mut *self.stop.lock().unwrap() {
            Some(list) => {
                list.retain(|tell| !tell.is_closed());
                list.push(tell);
                None
            }
            None => Some(tell),
        };
        if let Some(tell) = tell {
            let _ = tell.send(());
        }
        tokio::spawn(async move {
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            let stopped = async {
                if told.await.is_err() {
                    // Dropped together with the `Dashboard`.
                    std::future::pending::<()>().await;
                }
            };
            let left = select! {
                () = stopped => false,
                () = session => true,
            };
            if !left {
                viewer.goodbye().await;
            }
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        let list = self.stop.lock().unwrap().take();
        for tell in list.into_iter().flatten() {
            let _ = tell.send(());
        }
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
