//! Divide and conquer: `join!` of the two halves, boxed recursion.

use std::pin::Pin;

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    halves(api, ids).await
}

fn halves<'a, A: Api>(api: &'a A, ids: &'a [u32]) -> Pin<Box<dyn Future<Output = Vec<String>> + 'a>> {
    Box::pin(async move {
        match ids {
            [] => Vec::new(),
            [id] => vec![api.fetch(*id).await],
            _ => {
                let (left, right) = ids.split_at(ids.len() / 2);
                let (mut names, more) = tokio::join!(halves(api, left), halves(api, right));
                names.extend(more);
                names
            }
        }
    })
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
