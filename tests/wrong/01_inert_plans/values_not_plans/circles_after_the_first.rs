//! fails: names_come_in_the_order_of_the_ids
//! says: it kept checking whether they were there

// Polls the others in circles as soon as one name is there.

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    use std::task::Poll;
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    let mut names: Vec<Option<String>> = vec![None; ids.len()];
    std::future::poll_fn(|cx| {
        let mut waiting = false;
        let mut done = false;
        for (plan, name) in plans.iter_mut().zip(&mut names) {
            if name.is_none() {
                match plan.as_mut().poll(cx) {
                    Poll::Ready(text) => *name = Some(text),
                    Poll::Pending => waiting = true,
                }
            }
            done |= !(name.is_none());
        }
        if waiting && done {
            // On we go.
            cx.waker().wake_by_ref();
        }
        let _ = done;
        if waiting { Poll::Pending } else { Poll::Ready(()) }
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
