//! fails: no_request_stands_still
//! says: and nobody polled it
//!
//! Polls each request once, so that it begins, and then awaits one after the other.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::time::sleep;

/// The server that has the answers. Tests bring their own.
pub trait Api {
    fn user(&self) -> impl Future<Output = String>;
    fn unread(&self) -> impl Future<Output = u32>;
    fn headlines(&self) -> impl Future<Output = Vec<String>>;
}

#[derive(Debug, PartialEq)]
pub struct HomePage {
    pub user: String,
    pub unread: u32,
    pub headlines: Vec<String>,
}

pub async fn home_page(api: &impl Api) -> HomePage {
    let (mut user, mut unread, mut headlines) = (pin!(api.user()), pin!(api.unread()), pin!(api.headlines()));
    let (mut early_user, mut early_unread, mut early_headlines) = (None, None, None);
    poll_fn(|context| {
        if let Poll::Ready(answer) = user.as_mut().poll(context) {
            early_user = Some(answer);
        }
        if let Poll::Ready(answer) = unread.as_mut().poll(context) {
            early_unread = Some(answer);
        }
        if let Poll::Ready(answer) = headlines.as_mut().poll(context) {
            early_headlines = Some(answer);
        }
        Poll::Ready(())
    })
    .await;
    let user = match early_user {
        Some(user) => user,
        None => user.await,
    };
    let unread = match early_unread {
        Some(unread) => unread,
        None => unread.await,
    };
    let headlines = match early_headlines {
        Some(headlines) => headlines,
        None => headlines.await,
    };
    HomePage { user, unread, headlines }
}

struct Server;

impl Api for Server {
    async fn user(&self) -> String {
        sleep(Duration::from_millis(200)).await;
        "Ada".to_owned()
    }

    async fn unread(&self) -> u32 {
        sleep(Duration::from_millis(300)).await;
        17
    }

    async fn headlines(&self) -> Vec<String> {
        sleep(Duration::from_millis(100)).await;
        vec!["Tokio 1.54 is out".to_owned(), "A new executor".to_owned()]
    }
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let page = home_page(&Server).await;
    println!("{page:?} after {} ms", start.elapsed().as_millis());
}
