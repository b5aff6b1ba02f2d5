//! Carries all plans out at the same time, as `join_all` of the crate futures does.

use std::future::poll_fn;
use std::task::Poll;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    let mut names = vec![None; ids.len()];
    poll_fn(|context| {
        for (plan, name) in plans.iter_mut().zip(&mut names) {
            if name.is_none()
                && let Poll::Ready(found) = plan.as_mut().poll(context)
            {
                *name = Some(found);
            }
        }
        if names.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
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
