//! `load_names` asks an API once for the name behind each id and returns the names, in the
//! order of the ids. Asking one after another is fine, and so is asking all at once.
//!
//! With an ordinary `fn fetch` the line below would be fine. Now `fetch` is async, and
//! the compiler says that it cannot build a `Vec<String>` from what comes out of `map`.

/// The service that knows the names. Tests bring their own.
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
