//! fails: a_recording_that_panics_has_ended
//! says: A panic ends a task before its last

use std::pin::pin;

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
    let (ended, mut ends) = mpsc::unbounded_channel();
    let mut recordings = 0;
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(camera) = cameras.recv() => { let (film, ended) = (camera.film(stop.clone()), ended.clone());
                recordings += 1;
                tokio::spawn(async move {
                    film.await;
                    let _ = ended.send(());
                }); }
        }
    }
    stop.cancel();
    for _ in 0..recordings {
        ends.recv().await;
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
