//! fails: each_photo_has_its_own_number
//! says: the count belongs in the album
//!
//! One static counter for all albums: the second album does not start at 1.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

static PHOTOS: AtomicU32 = AtomicU32::new(1);

#[derive(Default)]
pub struct Album {}

/// Keeps the photos, far away. Tests bring their own.
pub trait Cloud: Send + Sync + 'static {
    fn upload(&self, number: u32) -> impl Future<Output = ()> + Send;
}

pub async fn add<C: Cloud>(_album: Arc<Album>, cloud: Arc<C>) -> u32 {
    let number = PHOTOS.fetch_add(1, Ordering::SeqCst);
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
