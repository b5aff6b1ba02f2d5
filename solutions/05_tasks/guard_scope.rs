//! An album numbers its photos from 1. `add` takes the next number and uploads the photo under it.
//!
//! Why `drop(photos)` did not help: to decide what a future holds at an `.await`, today's compiler looks at blocks. A
//! variable that was borrowed (and `*photos += 1` borrows it) counts until the end of its block, whether it was dropped
//! or not. At run time the guard was gone; for the type it was still there, and the guard of a std `Mutex` has to be
//! released by the thread that took it, so it is not `Send`.
//!
//! So the guard gets a block of its own. A method that is not async is just as good, and often reads better. The error is
//! a friend here: a guard that does live across an await keeps everybody else out for as long as the upload takes. With
//! `tokio::sync::Mutex`, whose guard is `Send`, the compiler would not mind, and the uploads would go one by one.

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
    let number = {
        let mut photos = album.photos.lock().unwrap();
        *photos += 1;
        *photos
        // The guard ends here, with its block: before the wait, for the compiler as well.
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
