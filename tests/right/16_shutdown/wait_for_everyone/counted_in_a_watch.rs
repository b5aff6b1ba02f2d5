//! A count of its own in a `watch` channel, lowered by a guard that is dropped with the task.

use std::pin::pin;

use tokio::select;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// Tests bring their own.
pub trait Camera: Send + 'static {
    /// Films until `stop` is cancelled or the camera is switched off, and then saves its video.
    fn film(self, stop: CancellationToken) -> impl Future<Output = ()> + Send;
}

/// Counts its task as long as it exists, also if the task panics.
struct Counted(watch::Sender<usize>);

impl Counted {
    fn new(count: &watch::Sender<usize>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

pub async fn record<C: Camera>(mut cameras: mpsc::Receiver<C>, shutdown: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let count = watch::Sender::new(0);
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(camera) = cameras.recv() => { let (film, counted) = (camera.film(stop.clone()), Counted::new(&count));
                tokio::spawn(async move {
                    let _counted = counted;
                    film.await;
                }); }
        }
    }
    stop.cancel();
    let _ = count.subscribe().wait_for(|count| *count == 0).await;
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
