//! fails: the_thread_sleeps_until_the_document_is_there
//! says: but nothing had happened in between

use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
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

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        Ok(Self { api, rt: Runtime::new()? })
    }

    pub fn load(&self, id: u32) -> String {
        let _guard = self.rt.enter();
        let mut plan = pin!(self.api.get(id));
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(text) = plan.as_mut().poll(&mut cx) {
                return text;
            }
            thread::yield_now();
        }
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
