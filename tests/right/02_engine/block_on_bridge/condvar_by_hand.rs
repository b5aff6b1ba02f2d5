//! A runtime whose worker drives the reactor, a block_on of one's own with a Condvar for a waker (clumsy).

use std::io;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
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

#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    fn wait(&self) {
        let mut rung = self.rung.lock().unwrap();
        while !*rung {
            rung = self.changed.wait(rung).unwrap();
        }
        *rung = false;
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        let rt = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Self { api, rt })
    }

    pub fn load(&self, id: u32) -> String {
        let _guard = self.rt.enter();
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(bell.clone());
        let mut cx = Context::from_waker(&waker);
        let mut get = pin!(self.api.get(id));
        loop {
            if let Poll::Ready(text) = get.as_mut().poll(&mut cx) {
                return text;
            }
            bell.wait();
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
