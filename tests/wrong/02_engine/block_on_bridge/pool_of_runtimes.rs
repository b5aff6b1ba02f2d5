//! fails: calls_at_the_same_time_share_the_runtime
//! says: Two calls at the same time, from two threads, ran on two different runtimes

// calls at the same time from several threads each build a runtime of their own; all calls are to share one

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
    idle: Mutex<Vec<Runtime>>,
}

fn build() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        Ok(Self { api, idle: Mutex::new(vec![build()?]) })
    }

    pub fn load(&self, id: u32) -> String {
        let idle = self.idle.lock().unwrap().pop();
        let rt = idle.unwrap_or_else(|| build().expect("a runtime"));
        let text = rt.block_on(async { self.api.get(id).await });
        self.idle.lock().unwrap().push(rt);
        text
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
