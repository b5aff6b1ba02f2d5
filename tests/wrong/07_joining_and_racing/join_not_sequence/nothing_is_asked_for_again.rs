//! fails: the_page_shows_the_answers
//! says: 2 times
//!
//! 0 and an empty list are taken for answers that got lost.

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
    let (user, mut unread, mut headlines) = tokio::join!(api.user(), api.unread(), api.headlines());
    if unread == 0 {
        unread = api.unread().await;
    }
    if headlines.is_empty() {
        headlines = api.headlines().await;
    }
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
