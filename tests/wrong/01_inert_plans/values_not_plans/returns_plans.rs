//! fails: each_id_is_fetched_once
//! says: You returned 5 futures; 0 requests were made.
//!
//! The signature follows the compiler in place of the task.

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<impl Future<Output = String>> {
    ids.iter().map(|&id| api.fetch(id)).collect()
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
    println!("{} names", names.len());
}
