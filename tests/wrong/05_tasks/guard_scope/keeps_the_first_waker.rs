//! fails: another_task_may_go_on
//! says: which was never woken

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

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
    };
    let (mut uploading, mut first) = (pin!(cloud.upload(number)), None::<Waker>);
    poll_fn(|context| {
        let first = first.get_or_insert_with(|| context.waker().clone());
        uploading.as_mut().poll(&mut Context::from_waker(first))
    })
    .await;
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
