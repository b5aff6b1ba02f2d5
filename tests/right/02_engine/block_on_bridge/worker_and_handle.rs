//! A multi-threaded runtime with one worker (started by new, not by load), Handle::block_on under an enter guard.

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::sleep;

/// Where documents come from. It needs Tokio's timers and sockets.
pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = String> + Send;
}

/// A blocking wrapper around an [`Api`].
pub struct Client<A> {
    api: A,
    handle: Handle,
    // keeps the worker alive; a handle does not
    _rt: Runtime,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        let rt = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { api, handle: rt.handle().clone(), _rt: rt })
    }

    pub fn load(&self, id: u32) -> String {
        let _guard = self.handle.enter();
        let get = self.api.get(id);
        self.handle.block_on(get)
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
