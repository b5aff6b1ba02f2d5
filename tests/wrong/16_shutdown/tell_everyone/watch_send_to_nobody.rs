//! fails: a_viewer_who_comes_later_is_told
//! says: a session that starts later has to see it, too

use tokio::select;
use tokio::sync::watch;

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
    stop: watch::Sender<bool>,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: watch::Sender::new(false) }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let sender = self.stop.clone();
        let mut stop = self.stop.subscribe();
        tokio::spawn(async move {
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            let left = select! {
                _ = stop.wait_for(|stop| *stop) => false,
                () = session => true,
            };
            if !left {
                viewer.goodbye().await;
            }
            drop(sender);
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        let _ = self.stop.send(true);
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
