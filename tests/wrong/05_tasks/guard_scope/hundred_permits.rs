//! fails: uploads_are_under_way_together
//! says: but only 100 of them could be uploaded

use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

#[derive(Default)]
pub struct Album {
    photos: Mutex<u32>,
}

/// Keeps the photos, far away. Tests bring their own.
pub trait Cloud: Send + Sync + 'static {
    fn upload(&self, number: u32) -> impl Future<Output = ()> + Send;
}

static UPLOADS: Semaphore = Semaphore::const_new(100);

pub async fn add<C: Cloud>(album: Arc<Album>, cloud: Arc<C>) -> u32 {
    let number = {
        let mut photos = album.photos.lock().unwrap();
        *photos += 1;
        *photos
    };
    let _permit = UPLOADS.acquire().await.unwrap();
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
