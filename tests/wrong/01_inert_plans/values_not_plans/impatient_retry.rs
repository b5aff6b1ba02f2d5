//! fails: each_answer_is_waited_for
//! says: Asking again drops the answer that is on its way

use std::time::Duration;

use tokio::time::timeout;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for &id in ids {
        let name = loop {
            if let Ok(name) = timeout(Duration::from_millis(500), api.fetch(id)).await {
                break name;
            }
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
