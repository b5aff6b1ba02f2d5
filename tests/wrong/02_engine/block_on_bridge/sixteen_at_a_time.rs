//! fails: many_calls_wait_side_by_side
//! says: of the calls had begun: the others waited for the documents of those

// No call waits for the document of another; the 17th of those under way does.

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
    slots: tokio::sync::Semaphore,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { api, rt, slots: tokio::sync::Semaphore::new(16) })
    }

    /// The text of document `id`. If `get` panics, so does this.
    pub fn load(&self, id: u32) -> String {
        self.rt.block_on(async {
            let _slot = self.slots.acquire().await.expect("nobody closes it");
            self.api.get(id).await
        })
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
