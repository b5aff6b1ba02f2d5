//! fails: a_recording_that_panics_has_ended
//! says: panicked, all recordings have ended, and `record` still waits. A panic ends a task before its last
//!
//! A recording that panics never gets to the line that counts it out: `record` does not return.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::select;
use tokio::sync::{Notify, mpsc};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// Tests bring their own.
pub trait Camera: Send + 'static {
    /// Films until `stop` is cancelled or the camera is switched off, and then saves its video.
    fn film(self, stop: CancellationToken) -> impl Future<Output = ()> + Send;
}

pub async fn record<C: Camera>(mut cameras: mpsc::Receiver<C>, shutdown: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let running = Arc::new(AtomicUsize::new(0));
    let ended = Arc::new(Notify::new());
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            biased;
            () = &mut shutdown => break,
            Some(camera) = cameras.recv() => {
                running.fetch_add(1, Ordering::SeqCst);
                let (stop, running, ended) = (stop.clone(), running.clone(), ended.clone());
                tokio::spawn(async move {
                    camera.film(stop).await;
                    running.fetch_sub(1, Ordering::SeqCst);
                    ended.notify_one();
                });
            }
        }
    }
    stop.cancel();
    while running.load(Ordering::SeqCst) > 0 {
        ended.notified().await;
    }
}

struct Door {
    name: &'static str,
    saving: Duration,
}

impl Camera for Door {
    async fn film(self, stop: CancellationToken) {
        println!("{}: films", self.name);
        stop.cancelled().await;
        sleep(self.saving).await;
        println!("{}: the video is saved", self.name);
    }
}

#[tokio::main]
async fn main() {
    let (switched_on, cameras) = mpsc::channel(4);
    for (name, saving) in [("front door", 300), ("back door", 900)] {
        let saving = Duration::from_millis(saving);
        switched_on.send(Door { name, saving }).await.expect("there is room for four");
    }
    record(cameras, sleep(Duration::from_secs(1))).await;
    println!("the recorder has ended");
}
