//! A child token for each session, and a plain `select!` around all of it.

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
        let stop = self.stop.child_token();
        tokio::spawn(async move {
            let told = select! {
                () = stop.cancelled() => true,
                () = run(&mut viewer) => false,
            };
            if told {
                viewer.goodbye().await;
            }
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        self.stop.cancel();
    }
}

/// The session, until the viewer leaves.
async fn run(viewer: &mut impl Viewer) {
    viewer.login().await;
    while let Some(request) = viewer.next().await {
        viewer.answer(request).await;
    }
}

#[tokio::main]
async fn main() {
    Dashboard::open().shut_down();
}
