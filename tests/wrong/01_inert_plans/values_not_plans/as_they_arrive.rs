//! fails: names_come_in_the_order_of_the_ids
//! says: The names have to come back in the order of the ids

use std::future::poll_fn;
use std::task::Poll;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    let mut names = Vec::new();
    poll_fn(|cx| {
        plans.retain_mut(|plan| match plan.as_mut().poll(cx) {
            Poll::Ready(name) => {
                names.push(name);
                false
            }
            Poll::Pending => true,
        });
        if plans.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
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
