//! fails: there_are_as_many_names_as_ids
//! says: `load_names` was called without any ids, and never finished
//!
//! For an empty list it never returns, as the end is only noticed when an answer comes.

use std::future::poll_fn;
use std::task::Poll;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    let mut names: Vec<Option<String>> = vec![None; ids.len()];
    let mut missing = ids.len();
    poll_fn(|cx| {
        for (i, plan) in plans.iter_mut().enumerate() {
            if names[i].is_some() {
                continue;
            }
            if let Poll::Ready(name) = plan.as_mut().poll(cx) {
                names[i] = Some(name);
                missing -= 1;
                if missing == 0 {
                    return Poll::Ready(());
                }
            }
        }
        Poll::Pending
    })
    .await;
    names.into_iter().flatten().collect()
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
