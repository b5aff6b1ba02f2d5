//! Each task owns a sender of a completion channel.

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
    let stop = CancellationToken::new();
    let (alive, mut all_gone) = mpsc::channel::<()>(1);
    let mut shutdown = pin!(shutdown);
    let mut more = true;
    loop {
        let mut next = None;
        let mut down = false;
        select! {
            biased;
            () = &mut shutdown => down = true,
            camera = cameras.recv(), if more => {
                match camera {
                    Some(camera) => next = Some(camera),
                    None => more = false,
                }
            }
        }
        if down {
            break;
        }
        if let Some(camera) = next {
            let alive = alive.clone();
            let stop = stop.clone();
            tokio::spawn(async move {
                // Dropped with the task, also after a panic.
                let _alive = alive;
                camera.film(stop).await;
            });
        }
    }
    stop.cancel();
    drop(alive);
    while all_gone.recv().await.is_some() {}
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
