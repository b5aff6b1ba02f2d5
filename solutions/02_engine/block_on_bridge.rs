//! The command-line tool has no async code at all, but the API that it needs is async. `Client` connects the two.
//! `load` blocks the calling thread until the document is there, and returns its text. All calls share one runtime.

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

/// Where documents come from. `get` is an `async fn` that needs Tokio's timers and sockets.
pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = String> + Send;
}

/// A blocking wrapper around an [`Api`].
pub struct Client<A> {
    api: A,
    // The runtime lives as long as the client. Building one asks the system for an event queue and, if it is
    // multi-threaded, starts a thread for each core: too much for every call. The runtime also owns what the API keeps
    // between calls: timers, pooled connections and spawned tasks end with the runtime that they were created on. A
    // `Handle` is not enough: it does not keep its runtime alive.
    rt: Runtime,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        // Nothing runs between two calls, so one borrowed thread is enough. `Runtime::new()` works, too.
        let rt = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { api, rt })
    }

    pub fn load(&self, id: u32) -> String {
        // The bridge. It blocks this thread. A caller without async code wants exactly that; if the caller were async,
        // it would stall every other task.
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
