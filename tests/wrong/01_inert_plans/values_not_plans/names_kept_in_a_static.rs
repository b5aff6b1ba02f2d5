//! fails: names_come_in_the_order_of_the_ids
//! says: When it was called before, it did so for each id
//!
//! A static keeps the names of all calls, so a second call (or another API) is answered without asking.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

static KNOWN: Mutex<BTreeMap<u32, String>> = Mutex::new(BTreeMap::new());

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for &id in ids {
        // Ask only once for each id.
        let known = KNOWN.lock().unwrap().get(&id).cloned();
        let name = match known {
            Some(name) => name,
            None => {
                let name = api.fetch(id).await;
                KNOWN.lock().unwrap().insert(id, name.clone());
                name
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
