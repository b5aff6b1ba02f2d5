//! A website is uploaded one page after another: first a page, then the pages below it in their order, each followed at
//! once by the pages below itself. `upload` returns how many bytes were sent in all. When the server refuses a page,
//! `upload` returns that error at once and sends nothing else.
//!
//! A site has hundreds of thousands of pages, and almost all of them have no pages below them. `upload` allocates
//! memory at most once for each page that has pages below it, and never for a page that has none. (A site of a single
//! page may cost one allocation, too.) It runs in tasks, on several threads. So far it does not compile.

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

pub async fn upload(page: &Page, server: &impl Server) -> Result<u64, Refused> {
    let mut bytes = server.put(&page.path).await?;
    for page in &page.below {
        bytes += upload(page, server).await?;
    }
    Ok(bytes)
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
