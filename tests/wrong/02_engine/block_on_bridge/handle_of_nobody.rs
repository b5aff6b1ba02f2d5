//! fails: load_returns_the_text
//! says: `load` looked for a runtime around its caller, but there is none

use std::io;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

/// Where documents come from. It needs Tokio's timers and sockets.
pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = String> + Send;
}

/// The blocking face of an [`Api`].
pub struct Client<A> {
    api: A,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        Ok(Self { api })
    }

    pub fn load(&self, id: u32) -> String {
        Handle::current().block_on(self.api.get(id))
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
