//! fails: load_names_goes_on_in_another_task
//! says: the newest task, which waits for it, was not woken

use std::future::poll_fn;
use std::task::{Context, Poll};

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    let mut names = vec![None; ids.len()];
    let mut waker = None;
    poll_fn(|context| {
        let waker = waker.get_or_insert_with(|| context.waker().clone());
        let mut context = Context::from_waker(waker);
        for (plan, name) in plans.iter_mut().zip(&mut names) {
            if name.is_none()
                && let Poll::Ready(found) = plan.as_mut().poll(&mut context)
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
