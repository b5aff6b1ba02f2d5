//! The home page of a feed reader, in the time of its slowest request.
//!
//! `a.await; b.await;` polls nobody but `a` until `a` is ready. To make the futures first and keep them in variables
//! changes nothing about that: a future that nobody polls does nothing. `join!` makes one future out of all three. Each
//! time the task is polled, it polls those that are not ready yet, so all three requests wait at the same time.
//!
//! Tasks would also wait side by side. But a task has to own what it uses, and here the API is only borrowed. All three
//! futures stay inside of `home_page`, so they may borrow `api`, need not be `Send`, and are dropped together with it.

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
    // No `.await` in here: an argument that is awaited is over before `join!` begins.
    let (user, unread, headlines) = tokio::join!(api.user(), api.unread(), api.headlines());
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
