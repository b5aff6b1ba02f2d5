//! `load_names` asks an API for the name of each id, once per id, and returns the names in the order of the
//! ids.
//!
//! Why `collect` cannot do it: `map` calls the closure for each id, and calling `fetch` makes a future. Five
//! ids give five futures, and none of them runs. No adaptor of `Iterator` can await, because awaiting means
//! leaving `load_names` half-way, and the body of a closure is not part of the body of `load_names`. The body
//! of a `for` loop is.
//!
//! The loop waits for one answer before it asks for the next. That is right, but slow when there are many ids.
//! A later chapter shows how to ask for several at once.

/// The service that knows the names. The tests use their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::with_capacity(ids.len());
    for &id in ids {
        names.push(api.fetch(id).await);
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
