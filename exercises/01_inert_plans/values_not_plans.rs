//! `load_names` asks an API for the name of each id, once per id, and returns the names in
//! the order of the ids. It may ask for one name after another, or for all of them at once.
//!
//! With an ordinary `fn fetch`, the code below would compile. But `fetch` is async, and the
//! compiler says that it cannot build a `Vec<String>` from what `map` yields.

/// The service that knows the names. The tests use their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
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
    println!("{names:?}");
}
