//! fails: a_session_ends_whatever_it_does
//! says: It has to listen for the shutdown during the login, too

use std::sync::Mutex;

use tokio::task::AbortHandle;

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
    stop: Mutex<Vec<AbortHandle>>,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: Mutex::default() }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let session = tokio::spawn(async move {
            viewer.login().await;
            while let Some(request) = viewer.next().await {
                viewer.answer(request).await;
            }
            viewer.goodbye().await;
        });
        self.stop.lock().unwrap().push(session.abort_handle());
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        for session in self.stop.lock().unwrap().drain(..) {
            session.abort();
        }
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
