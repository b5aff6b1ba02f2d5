//! fails: names_come_in_the_order_of_the_ids
//! says: it kept checking whether they were there

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for &id in ids {
        let mut plan = pin!(api.fetch(id));
        let name = loop {
            if let Poll::Ready(name) = plan.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                break name;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
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
