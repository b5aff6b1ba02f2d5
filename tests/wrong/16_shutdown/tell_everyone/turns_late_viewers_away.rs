//! fails: a_viewer_who_comes_later_is_told
//! says: a session that starts later has to see it, too

use tokio_util::sync::CancellationToken;

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
    stop: CancellationToken,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: CancellationToken::new() }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        if self.stop.is_cancelled() {
            return;
        }
        let stop = self.stop.clone();
        tokio::spawn(async move {
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            if stop.run_until_cancelled(session).await.is_none() {
                viewer.goodbye().await;
            }
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        self.stop.cancel();
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
