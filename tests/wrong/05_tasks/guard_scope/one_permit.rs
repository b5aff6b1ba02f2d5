//! fails: uploads_are_under_way_together
//! says: but only 1 of them could be uploaded
//!
//! A second lock, held across the await, that only pleases the compiler.

use std::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Album {
    photos: Mutex<u32>,
    busy: tokio::sync::Mutex<()>,
}

/// Keeps the photos, far away. Tests bring their own.
pub trait Cloud: Send + Sync + 'static {
    fn upload(&self, number: u32) -> impl Future<Output = ()> + Send;
}

pub async fn add<C: Cloud>(album: Arc<Album>, cloud: Arc<C>) -> u32 {
    let _busy = album.busy.lock().await;
    let number = {
        let mut photos = album.photos.lock().unwrap();
        *photos += 1;
        *photos
    };
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
