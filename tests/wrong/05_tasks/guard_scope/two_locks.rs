//! fails: threads_do_not_share_a_number
//! says: Do both under one lock.

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
    *album.photos.lock().unwrap() += 1;
    let number = *album.photos.lock().unwrap();
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
