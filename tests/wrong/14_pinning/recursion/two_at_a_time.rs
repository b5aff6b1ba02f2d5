//! fails: one_page_after_another
//! says: equests at the same time
//!
//! Sends both halves of a list side by side.

use std::time::Duration;

use tokio::time::sleep;
use tokio::try_join;

pub struct Page {
    pub path: String,
    pub below: Vec<Page>,
}

/// The server's status code.
#[derive(Debug, PartialEq)]
pub struct Refused(pub u16);

/// Tests bring their own.
pub trait Server: Sync {
    /// Sends the page with this path, and returns how many bytes it has.
    fn put(&self, path: &str) -> impl Future<Output = Result<u64, Refused>> + Send;
}

pub async fn upload(page: &Page, server: &impl Server) -> Result<u64, Refused> {
    let bytes = server.put(&page.path).await?;
    if page.below.is_empty() {
        return Ok(bytes);
    }
    Ok(bytes + Box::pin(upload_all(&page.below, server)).await?)
}

async fn upload_all(pages: &[Page], server: &impl Server) -> Result<u64, Refused> {
    match pages {
        [] => Ok(0),
        [page] => upload(page, server).await,
        _ => {
            let (left, right) = pages.split_at(pages.len() / 2);
            let left = Box::pin(upload_all(left, server));
            let right = Box::pin(upload_all(right, server));
            let (left, right) = try_join!(left, right)?;
            Ok(left + right)
        }
    }
}

struct Mirror;

impl Server for Mirror {
    async fn put(&self, path: &str) -> Result<u64, Refused> {
        sleep(Duration::from_millis(50)).await;
        println!("{path}");
        Ok(1000)
    }
}

fn page(path: &str, below: Vec<Page>) -> Page {
    Page { path: path.to_owned(), below }
}

#[tokio::main]
async fn main() {
    let guide = page("/guide", vec![page("/guide/install", vec![]), page("/guide/first-steps", vec![])]);
    let site = page("/", vec![page("/about", vec![]), guide, page("/contact", vec![])]);
    println!("{:?}", upload(&site, &Mirror).await);
}
