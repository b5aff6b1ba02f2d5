//! fails: each_id_is_fetched_once
//! says: names when 0 of 5 answers had come

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for &id in ids {
        match pin!(api.fetch(id)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(name) => names.push(name),
            Poll::Pending => names.push("unknown".to_owned()),
        }
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
