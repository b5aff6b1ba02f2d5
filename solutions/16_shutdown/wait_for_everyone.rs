//! All recordings are told, and then each one is waited for.
//!
//! Why nothing happened after the last video: `wait` returns when the tracker is empty *and* closed. It was empty. A tracker
//! that is open may get another task at any time, so `wait` could not return: in the morning, before the first camera is
//! switched on, it is empty, too. `close` says that the last one has come.
//!
//! The order is tell, then wait. The other way round, you wait for recordings that nobody has told to stop.
//!
//! A `JoinSet` is as good: `while recordings.join_next().await.is_some() {}`. It returns an `Err` for a recording that has
//! panicked, which must not end the loop. It keeps the outcome of each task until you ask for it, so in a recorder that
//! runs for months, `join_next` would have to be a branch of the `select!`, too. A tracker keeps nothing. A completion channel
//! works as well: each task owns a clone of a `Sender`, and `recv` returns `None` when the last one has been dropped.
//! A counter that each task lowers in its last line does not: a panic never gets there.

use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::sleep;
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
            Some(camera) = cameras.recv() => {
                recordings.spawn(camera.film(stop.clone()));
            }
        }
    }
    stop.cancel();
    // No camera is started from here on, so an empty tracker means the end now.
    recordings.close();
    recordings.wait().await;
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
