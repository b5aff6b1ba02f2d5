//! An album numbers its photos from 1. `add` takes the next number and uploads the photo under it.
//!
//! Why `drop(photos)` did not help: to decide what a future holds at an `.await`, today's compiler looks at blocks. A
//! variable that was borrowed (and `*photos += 1` borrows it) counts until the end of its block, whether it was dropped
//! or not. At run time the guard was gone, but in the type of the future it was still there. And the guard of a std
//! `Mutex` is not `Send`, because the thread that took the lock has to release it.
//!
//! So the guard gets an inner block. A method that is not async works just as well, and is often easier to read. The
//! error helps you here: a guard that really lives across an await keeps all others out for as long as the upload
//! takes. With `tokio::sync::Mutex`, whose guard is `Send`, the compiler would not complain, and the uploads would run
//! one by one.

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
    let number = {
        let mut photos = album.photos.lock().unwrap();
        *photos += 1;
        *photos
        // The guard is dropped here, at the end of its block: before the wait, and the compiler knows it.
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
