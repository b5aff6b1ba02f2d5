//! fails: each_answer_is_waited_for
//! says: An answer that is not there yet has to be awaited

use std::time::Duration;

use tokio::time::timeout;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for &id in ids {
        let hour = Duration::from_secs(3600);
        names.push(timeout(hour, api.fetch(id)).await.unwrap_or_default());
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
