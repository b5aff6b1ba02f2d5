//! A thread of its own drives a current-thread runtime; the client holds its handle.

use std::io;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Where documents come from. It needs Tokio's timers and sockets.
pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = String> + Send;
}

/// The blocking face of an [`Api`].
pub struct Client<A> {
    api: A,
    handle: Handle,
    // The driving thread ends when this is dropped.
    _stop: oneshot::Sender<()>,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        let rt = Builder::new_current_thread().enable_all().build()?;
        let handle = rt.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        thread::spawn(move || rt.block_on(stopped));
        Ok(Self { api, handle, _stop: stop })
    }

    pub fn load(&self, id: u32) -> String {
        self.handle.block_on(self.api.get(id))
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
