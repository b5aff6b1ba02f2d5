//! A site that is uploaded by a future on the heap for each page that has pages below it.
//!
//! Why it did not compile: a future contains the future that it awaits, so `upload` would contain `upload`, and its size would
//! have no end. A box is a pointer, and a pointer has a size. `Box::pin` is all that is needed: no `dyn`, no other
//! return type. The compiler still knows what is in the box, so the future of `upload` is `Send` as before.
//!
//! `Box::pin(upload(page, server)).await` for each page would compile, too, and allocate for each page. Almost all of them have
//! nothing below, so they are sent without a recursive call. You can also box the loop instead of the call: a second function sends
//! a list of pages, awaits `upload` for each of them without a box, and is itself awaited in a box, if the list is not empty.
//!
//! A third design has no recursion: a `Vec` of the pages that are still to be sent, and a loop that pops one, sends it, and
//! pushes the pages below it in reverse. Take that one when the tree may be very deep. Boxed futures need one poll inside of
//! another for each level, on the stack; the `Vec` needs one entry.

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
        bytes += if page.below.is_empty() {
            // This future is not recursive: it lies inside the one of `upload`, at no cost.
            server.put(&page.path).await?
        } else {
            Box::pin(upload(page, server)).await?
        };
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
