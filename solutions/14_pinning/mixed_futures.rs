//! A page of parts that have nothing in common but their output.
//!
//! Why it did not compile: each `async fn` has a type of its own, and `Page<F>` has one `F` for all of its parts. The first `add`
//! decided what it is. `dyn Future` stands for any type with this output; as nobody knows its size, it lives behind a pointer.
//!
//! A `dyn` type knows only what is written in it. Without `+ Send`, `spawn` refuses the parts, and the future of `load` is not
//! `Send` either. (`'static` need not be written: inside of a `Box` it is the default.) The box is pinned at once, because
//! `Pin<Box<_>>` is a future, whatever is inside; a plain `Box` is one only if its content is `Unpin`.
//!
//! If you know all kinds of parts in advance, you can do without boxes: an `enum` of settings, and one `async` block that
//! matches on it and awaits in each arm. That block is one type. Here other teams bring parts that this module has never seen.
//!
//! The parts may also be polled in one task, for example with `join_all` of the crate `futures`. Then a part that computes for long
//! holds up all others; tasks can use several threads.

use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

/// Any future with this output: all that is left of its type is what is written here.
type Part = Pin<Box<dyn Future<Output = String> + Send>>;

pub struct Page {
    parts: Vec<Part>,
}

impl Page {
    pub fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    // Each call may have another `F`. In the list, all of them are a `Part`.
    pub fn add<F: Future<Output = String> + Send + 'static>(&mut self, part: F) {
        self.parts.push(Box::pin(part));
    }

    pub async fn load(self) -> Vec<String> {
        let mut tasks = JoinSet::new();
        for (place, part) in self.parts.into_iter().enumerate() {
            tasks.spawn(async move { (place, part.await) });
        }
        let mut texts = tasks.join_all().await;
        texts.sort();
        texts.into_iter().map(|(_, text)| text).collect()
    }
}

async fn weather(city: &'static str) -> String {
    sleep(Duration::from_millis(300)).await;
    format!("{city}: rain")
}

async fn inbox(user: u32) -> String {
    sleep(Duration::from_millis(200)).await;
    format!("user {user} has 3 letters")
}

#[tokio::main]
async fn main() {
    let mut page = Page::empty();
    page.add(weather("Oslo"));
    page.add(inbox(7));
    println!("{:?}", page.load().await);
}
