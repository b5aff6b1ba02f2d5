//! fails: it_returns_when_the_last_video_is_saved
//! says: had not ended. It returns when the last one

use std::pin::pin;

use tokio::select;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tests bring their own.
pub trait Camera: Send + 'static {
    /// Films until `stop` is cancelled or the camera is switched off, and then saves its video.
    fn film(self, stop: CancellationToken) -> impl Future<Output = ()> + Send;
}

pub async fn record<C: Camera>(mut cameras: mpsc::Receiver<C>, shutdown: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let recordings = TaskTracker::new();
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(camera) = cameras.recv() => { recordings.spawn(camera.film(stop.clone())); }
        }
    }
    stop.cancel();
    recordings.close();
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
