//! fails: calls_at_the_same_time_share_the_runtime
//! says: called on another thread, had to wait with it

// the lock is held for the whole call: a call blocks its thread for the documents of the other threads too, and after one call that panics every later one panics (poisoned)

use std::io;
use std::sync::Mutex;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

/// Where documents come from. It needs Tokio's timers and sockets.
pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = String> + Send;
}

/// A blocking wrapper around an [`Api`].
pub struct Client<A> {
    api: A,
    // shared by all the threads of the tool
    rt: Mutex<Runtime>,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        let rt = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { api, rt: Mutex::new(rt) })
    }

    pub fn load(&self, id: u32) -> String {
        let rt = self.rt.lock().unwrap();
        rt.block_on(async { self.api.get(id).await })
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
