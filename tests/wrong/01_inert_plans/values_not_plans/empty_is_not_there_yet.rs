//! fails: equal_and_empty_names_are_names
//! says: whose name is "", was polled again after it was ready

// An empty name stands for "not there yet", and its plan is polled again when another one wakes the task.

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    use std::task::Poll;
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    let mut names: Vec<String> = vec![String::new(); ids.len()];
    std::future::poll_fn(|cx| {
        let mut waiting = false;
        let mut done = false;
        for (plan, name) in plans.iter_mut().zip(&mut names) {
            if name.is_empty() {
                match plan.as_mut().poll(cx) {
                    Poll::Ready(text) => *name = text,
                    Poll::Pending => waiting = true,
                }
            }
            done |= !(name.is_empty());
        }
        let _ = done;
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
