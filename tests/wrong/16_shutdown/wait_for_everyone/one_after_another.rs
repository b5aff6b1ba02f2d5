//! fails: it_returns_when_the_last_video_is_saved
//! says: after the shutdown. All recordings are told at once, when it comes
//!
//! Tells a recording only when the one before it has ended, and not all at once.

use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// Tests bring their own.
pub trait Camera: Send + 'static {
    /// Films until `stop` is cancelled or the camera is switched off, and then saves its video.
    fn film(self, stop: CancellationToken) -> impl Future<Output = ()> + Send;
}

pub async fn record<C: Camera>(mut cameras: mpsc::Receiver<C>, shutdown: impl Future<Output = ()>) {
    let mut recordings = Vec::new();
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            biased;
            () = &mut shutdown => break,
            Some(camera) = cameras.recv() => {
                let stop = CancellationToken::new();
                let task = tokio::spawn(camera.film(stop.clone()));
                recordings.push((stop, task));
            }
        }
    }
    for (stop, task) in recordings {
        stop.cancel();
        // The error is a panic, which does not concern the others.
        let _ = task.await;
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
