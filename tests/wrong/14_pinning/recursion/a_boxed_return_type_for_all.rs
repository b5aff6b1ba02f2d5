//! fails: memory_only_for_pages_with_pages_below
//! says: where a page has no pages below it
//!
//! Returns a box, for each page.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::sleep;

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

pub fn upload<'a>(
    page: &'a Page,
    server: &'a impl Server,
) -> Pin<Box<dyn Future<Output = Result<u64, Refused>> + Send + 'a>> {
    Box::pin(async move {
        let mut bytes = server.put(&page.path).await?;
        for page in &page.below {
            bytes += upload(page, server).await?;
        }
        Ok(bytes)
    })
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
