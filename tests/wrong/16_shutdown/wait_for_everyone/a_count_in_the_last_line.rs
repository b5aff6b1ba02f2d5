//! fails: a_recording_that_panics_has_ended
//! says: A panic ends a task before its last

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::select;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// Tests bring their own.
pub trait Camera: Send + 'static {
    /// Films until `stop` is cancelled or the camera is switched off, and then saves its video.
    fn film(self, stop: CancellationToken) -> impl Future<Output = ()> + Send;
}

pub async fn record<C: Camera>(mut cameras: mpsc::Receiver<C>, shutdown: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let (count, changed) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(camera) = cameras.recv() => { let film = camera.film(stop.clone());
                let (count, changed) = (Arc::clone(&count), Arc::clone(&changed));
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    film.await;
                    count.fetch_sub(1, Ordering::SeqCst);
                    changed.notify_one();
                }); }
        }
    }
    stop.cancel();
    while count.load(Ordering::SeqCst) > 0 {
        changed.notified().await;
    }
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
