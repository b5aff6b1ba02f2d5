//! fails: names_come_in_the_order_of_the_ids
//! says: was polled again after it was ready
//!
//! When the answers do not come all at the same poll, a plan that has ended is polled again and panics, and its name
//! was thrown away.

use std::future::poll_fn;
use std::task::Poll;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    poll_fn(|cx| {
        let mut names = Vec::new();
        for plan in &mut plans {
            if let Poll::Ready(name) = plan.as_mut().poll(cx) {
                names.push(name);
            }
        }
        if names.len() == ids.len() { Poll::Ready(names) } else { Poll::Pending }
    })
    .await
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
