//! fails: each_id_is_fetched_once
//! says: it kept checking whether they were there

use std::future::poll_fn;
use std::task::Poll;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for &id in ids {
        let mut plan = Box::pin(api.fetch(id));
        let name = poll_fn(|cx| match plan.as_mut().poll(cx) {
            Poll::Ready(name) => Poll::Ready(name),
            Poll::Pending => {
                // Not there yet: have another look.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        })
        .await;
        names.push(name);
    }
    names
}

struct Directory;

impl Api for Directory {
    async fn fetch(&self, id: u32) -> String {
        println!("request for {id}");
        format!("user-{id}")
    }
}

#[tokio::main]
async fn main() {
    let names = load_names(&Directory, &[3, 1, 2]).await;
    println!("{names:?}");
}
