//! `join_all` over the handles: it polls all of them, and gives each outcome.

use std::pin::pin;

use futures::future::join_all;
use tokio::select;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Tests bring their own.
pub trait Camera: Send + 'static {
    /// Films until `stop` is cancelled or the camera is switched off, and then saves its video.
    fn film(self, stop: CancellationToken) -> impl Future<Output = ()> + Send;
}

pub async fn record<C: Camera>(mut cameras: mpsc::Receiver<C>, shutdown: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let mut recordings = Vec::new();
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(camera) = cameras.recv() => { recordings.push(tokio::spawn(camera.film(stop.clone()))); }
        }
    }
    stop.cancel();
    join_all(recordings).await;
}

struct Door;

impl Camera for Door {
    async fn film(self, stop: CancellationToken) {
        stop.cancelled().await;
    }
}

#[tokio::main]
async fn main() {
    let (_switched_on, cameras) = mpsc::channel::<Door>(4);
    record(cameras, async {}).await;
}
