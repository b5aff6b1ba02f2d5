//! fails: no_call_starts_a_thread
//! says: each call started one

use std::io;
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;
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

impl<A: Api + Sync> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        Ok(Self { api, rt: Runtime::new()? })
    }

    pub fn load(&self, id: u32) -> String {
        thread::scope(|scope| {
            let loading = scope.spawn(|| self.rt.block_on(self.api.get(id)));
            loading.join().expect("a document does not panic")
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
