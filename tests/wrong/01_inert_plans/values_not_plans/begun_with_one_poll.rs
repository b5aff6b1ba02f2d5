//! fails: an_answer_that_is_there_at_once_is_taken
//! says: was polled again after it was ready

// A poll sets all requests going, and its answers are thrown away: they may have been `Ready`.

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut plans: Vec<_> = ids.iter().map(|&id| Box::pin(api.fetch(id))).collect();
    std::future::poll_fn(|cx| {
        for plan in &mut plans {
            let _ = plan.as_mut().poll(cx);
        }
        std::task::Poll::Ready(())
    })
    .await;
    let mut names = Vec::new();
    for plan in plans {
        names.push(plan.await);
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
