//! fails: there_are_as_many_names_as_ids
//! says: called `fetch` for 0 of 1 ids
//!
//! Two at a time, and the last of an odd number is forgotten.

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for pair in ids.chunks_exact(2) {
        let (first, second) = tokio::join!(api.fetch(pair[0]), api.fetch(pair[1]));
        names.extend([first, second]);
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
