//! An id that comes twice is asked for once.

use std::collections::HashMap;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut known: HashMap<u32, String> = HashMap::new();
    let mut names = Vec::with_capacity(ids.len());
    for &id in ids {
        let name = match known.get(&id) {
            Some(name) => name.clone(),
            None => api.fetch(id).await,
        };
        known.insert(id, name.clone());
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
