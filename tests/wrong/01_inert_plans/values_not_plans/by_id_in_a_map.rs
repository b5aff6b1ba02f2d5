//! fails: names_come_in_the_order_of_the_ids
//! says: The names have to come back in the order of the ids

use std::collections::BTreeMap;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = BTreeMap::new();
    for &id in ids {
        names.insert(id, api.fetch(id).await);
    }
    names.into_values().collect()
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
