//! fails: each_id_is_fetched_once
//! says: `load_names` called `fetch` for 0 of 5 ids

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(_api: &impl Api, ids: &[u32]) -> Vec<String> {
    ids.iter().map(|id| format!("user-{id}")).collect()
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
