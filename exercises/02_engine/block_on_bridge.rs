//! The command-line tool has no async code at all, but the API that it needs is async. `Client` connects the two.
//! `load` blocks the calling thread until the document is there, and returns its text; meanwhile the thread sleeps.
//! The tool calls it thousands of times, from several threads at once, and no call waits for the document of another.
//! All calls share one runtime, and no call starts a thread.
//!
//! So far it does not compile: what `get` returns is not a `String`.

use std::io;
use std::time::Duration;

use tokio::time::sleep;

/// Where documents come from. `get` is an `async fn` that needs Tokio's timers and sockets.
pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = String> + Send;
}

/// A blocking wrapper around an [`Api`].
pub struct Client<A> {
    api: A,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        Ok(Self { api })
    }

    /// Returns the text of document `id`. If `get` panics, so does this function.
    pub fn load(&self, id: u32) -> String {
        self.api.get(id)
    }
}

struct Archive;

impl Api for Archive {
    async fn get(&self, id: u32) -> String {
        sleep(Duration::from_millis(20)).await;
        format!("document {id}")
    }
}

fn main() -> io::Result<()> {
    let client = Client::new(Archive)?;
    println!("{}", client.load(1));
    println!("{}", client.load(2));
    Ok(())
}
