//! All at once: a `join_all` by hand with one slot for each id.

use std::future::poll_fn;
use std::task::Poll;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut plans: Vec<_> = ids.iter().map(|&id| Some(Box::pin(api.fetch(id)))).collect();
    let mut names: Vec<String> = vec![String::new(); ids.len()];
    poll_fn(|cx| {
        let mut waiting = false;
        for (slot, name) in plans.iter_mut().zip(names.iter_mut()) {
            let Some(plan) = slot else { continue };
            match plan.as_mut().poll(cx) {
                Poll::Ready(text) => {
                    *name = text;
                    *slot = None;
                }
                Poll::Pending => waiting = true,
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
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
