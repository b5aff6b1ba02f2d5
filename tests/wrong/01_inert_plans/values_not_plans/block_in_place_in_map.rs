//! fails: each_id_is_fetched_once
//! says: `block_in_place` blocks the thread until the API answers
//!
//! `block_on` inside of `map` holds the thread (and panics on a current-thread runtime).

use tokio::runtime::Handle;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    // `.await` is not allowed in the closure, but this is.
    ids.iter().map(|&id| tokio::task::block_in_place(|| Handle::current().block_on(api.fetch(id)))).collect()
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
