//! An album numbers its photos from 1. `add` takes the next number, uploads the photo under
//! it, and returns the number when the upload is done. (If the upload panics, so does
//! `add`.) Uploads are slow, so any number of them run at once, each in a separate task.
//!
//! The compiler says "future cannot be sent between threads safely", and points at the
//! guard of the lock. But the guard was dropped one line before the `.await`.

use std::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Album {
    photos: Mutex<u32>,
}

/// Stores the photos, far away. Tests bring their own.
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
    let tasks = [(); 2].map(|()| tokio::spawn(add(album.clone(), cloud.clone())));
    for task in tasks {
        println!("added: {:?}", task.await);
    }
}
