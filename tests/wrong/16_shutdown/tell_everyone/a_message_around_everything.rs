//! fails: a_viewer_who_comes_later_is_told
//! says: a session that starts later has to see it, too

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
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: broadcast::Sender::new(16) }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let (mut stop, sender) = (self.stop.subscribe(), self.stop.clone());
        tokio::spawn(async move {
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            let left = select! {
                _ = stop.recv() => false,
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
        let _ = self.stop.send(());
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
