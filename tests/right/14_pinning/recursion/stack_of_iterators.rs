//! A loop with a list of iterators; only pages with pages below are pushed, so the list never grows for others.

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
    let mut open = Vec::new();
    let mut level = page.below.iter();
    loop {
        let Some(page) = level.next() else {
            match open.pop() {
                Some(above) => level = above,
                None => return Ok(bytes),
            }
            continue;
        };
        bytes += server.put(&page.path).await?;
        if !page.below.is_empty() {
            open.push(std::mem::replace(&mut level, page.below.iter()));
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
