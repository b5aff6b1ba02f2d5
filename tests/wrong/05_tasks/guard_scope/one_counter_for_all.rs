//! fails: each_photo_has_its_own_number
//! says: Each album numbers its own photos from 1

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Album {
    photos: Mutex<u32>,
}

/// Keeps the photos, far away. Tests bring their own.
pub trait Cloud: Send + Sync + 'static {
    fn upload(&self, number: u32) -> impl Future<Output = ()> + Send;
}

static NEXT: AtomicU32 = AtomicU32::new(1);

pub async fn add<C: Cloud>(album: Arc<Album>, cloud: Arc<C>) -> u32 {
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    *album.photos.lock().unwrap() = number;

    cloud.upload(number).await;
    number
}

struct Balloon;

impl Cloud for Balloon {
    async fn upload(&self, number: u32) {
        tokio::task::yield_now().await;
        println!("photo {number} is up");
    }
}

#[tokio::main]
async fn main() {
    let (album, cloud) = (Arc::new(Album::default()), Arc::new(Balloon));
    let tasks = [(); 2].map(|()| tokio::spawn(add(album.clone(), cloud.clone())));
    for task in tasks {
        println!("added: {:?}", task.await);
    }
}
