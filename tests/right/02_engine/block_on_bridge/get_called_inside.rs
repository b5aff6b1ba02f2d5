//! One current-thread runtime in the client, Runtime::block_on for each call.

use std::io;
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
    rt: Runtime,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        let rt = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { api, rt })
    }

    pub fn load(&self, id: u32) -> String {
        // `get` may look for the runtime as soon as it is called
        self.rt.block_on(async { self.api.get(id).await })
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
