//! fails: a_session_ends_whatever_it_does
//! says: It has to listen for the shutdown during an answer, too

use tokio::select;
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
        let stop = self.stop.clone();
        tokio::spawn(async move {
            if stop.run_until_cancelled(viewer.login()).await.is_none() {
                return viewer.goodbye().await;
            }
            loop {
                select! {
                    biased;
                    () = stop.cancelled() => return viewer.goodbye().await,
                    request = viewer.next() => match request {
                        Some(request) => viewer.answer(request).await,
                        None => return,
                    },
                }
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
