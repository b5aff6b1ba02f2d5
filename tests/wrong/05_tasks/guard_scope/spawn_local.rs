//! fails: compile E0277
//! says: MutexGuard<'_, u32>` cannot be sent between threads safely

use std::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Album {
    photos: Mutex<u32>,
}

/// Keeps the photos, far away. Tests bring their own.
pub trait Cloud: Send + Sync + 'static {
    fn upload(&self, number: u32) -> impl Future<Output = ()> + Send;
}

pub async fn add<C: Cloud>(album: Arc<Album>, cloud: Arc<C>) -> u32 {
    let mut photos = album.photos.lock().unwrap();
    *photos += 1;
    let number = *photos;
    drop(photos);

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
    let local = tokio::task::LocalSet::new();
    for _ in 0..2 {
        local.spawn_local(add(album.clone(), cloud.clone()));
    }
    local.await;
}
