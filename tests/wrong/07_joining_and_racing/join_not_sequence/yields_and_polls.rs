//! fails: it_takes_as_long_as_the_slowest_request
//! says: it polls again and again

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
    let (mut a, mut b, mut c) = (pin!(api.user()), pin!(api.unread()), pin!(api.headlines()));
    let (mut user, mut unread, mut headlines) = (None, None, None);
    poll_fn(|context| {
        if user.is_none()
            && let Poll::Ready(answer) = a.as_mut().poll(context)
        {
            user = Some(answer);
        }
        if unread.is_none()
            && let Poll::Ready(answer) = b.as_mut().poll(context)
        {
            unread = Some(answer);
        }
        if headlines.is_none()
            && let Poll::Ready(answer) = c.as_mut().poll(context)
        {
            headlines = Some(answer);
        }
        if user.is_some() && unread.is_some() && headlines.is_some() {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    HomePage { user: user.unwrap(), unread: unread.unwrap(), headlines: headlines.unwrap() }
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
