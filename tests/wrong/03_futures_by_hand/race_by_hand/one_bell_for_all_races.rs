//! fails: two_races_keep_apart
//! says: its task was woken 0 times, that of the other race 1 time

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

/// The task of the race.
static WHOM: Mutex<Option<Waker>> = Mutex::new(None);

/// What the children are given to call.
struct Bell;

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let whom = WHOM.lock().unwrap().take();
        whom.into_iter().for_each(Waker::wake);
    }
}

pub struct First<A, B> {
    a: A,
    b: B,
}

impl<A, B> First<A, B> {
    pub fn new(a: A, b: B) -> Self {
        Self { a, b }
    }
}

impl<A, B> Future for First<A, B>
where
    A: Future<Output = String> + Unpin,
    B: Future<Output = String> + Unpin,
{
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        let this = self.get_mut();
        *WHOM.lock().unwrap() = Some(cx.waker().clone());
        let waker = Waker::from(Arc::new(Bell));
        let cx = &mut Context::from_waker(&waker);
        if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(cx) {
            return Poll::Ready(answer);
        }
        Pin::new(&mut this.b).poll(cx)
    }
}

async fn ask(mirror: &str, takes: u64) -> String {
    tokio::time::sleep(Duration::from_millis(takes)).await;
    format!("the file, from {mirror}")
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let race = First::new(Box::pin(ask("Oslo", 3000)), Box::pin(ask("Rome", 50)));
    let answer = tokio::time::timeout(Duration::from_secs(1), race).await;
    println!("{answer:?} after {} ms", start.elapsed().as_millis());
}
