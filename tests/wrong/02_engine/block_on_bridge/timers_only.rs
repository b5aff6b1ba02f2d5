//! fails: load_returns_the_text
//! says: `api.get` needs a socket, and your runtime was built without its I/O driver

// `get` needs Tokio's timers and sockets; the runtime has timers only.

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
    rt: tokio::runtime::Runtime,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        let rt = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(Self { api, rt })
    }

    /// The text of document `id`. If `get` panics, so does this.
    pub fn load(&self, id: u32) -> String {
        self.rt.block_on(self.api.get(id))
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
