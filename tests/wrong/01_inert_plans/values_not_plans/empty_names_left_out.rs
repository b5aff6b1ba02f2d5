//! fails: equal_and_empty_names_are_names
//! says: Each id has its name, even when it is empty

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let mut names = Vec::new();
    for &id in ids {
        let name = api.fetch(id).await;
        if !name.is_empty() {
            names.push(name);
        }
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
