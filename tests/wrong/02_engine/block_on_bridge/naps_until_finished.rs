//! fails: the_thread_sleeps_until_the_document_is_there
//! says: a thread woke up

use std::io;
use std::sync::Arc;
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
    api: Arc<A>,
    rt: Runtime,
}

impl<A: Api + Send + Sync + 'static> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        Ok(Self { api: Arc::new(api), rt: Runtime::new()? })
    }

    pub fn load(&self, id: u32) -> String {
        let api = self.api.clone();
        let task = self.rt.spawn(async move { api.get(id).await });
        while !task.is_finished() {
            thread::sleep(Duration::from_millis(5));
        }
        self.rt.block_on(task).expect("a document does not panic")
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
