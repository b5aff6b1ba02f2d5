//! fails: the_thread_sleeps_until_the_document_is_there
//! says: times, but nothing had happened in between

// the calling thread asks again every millisecond instead of sleeping until it is woken: the future is polled when nobody woke it, and its waker does nothing

use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
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
        let rt = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { api, rt })
    }

    pub fn load(&self, id: u32) -> String {
        let _guard = self.rt.enter();
        let mut get = pin!(self.api.get(id));
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            match get.as_mut().poll(&mut cx) {
                Poll::Ready(text) => return text,
                Poll::Pending => thread::sleep(Duration::from_millis(1)),
            }
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
