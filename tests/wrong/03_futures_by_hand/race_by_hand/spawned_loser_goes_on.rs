//! fails: a_childs_wake_reaches_the_task
//! says: `First::new` spawned it as a task
//!
//! Both requests are tasks, and the loser goes on.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

pub struct First<A, B> {
    a: JoinHandle<String>,
    b: JoinHandle<String>,
    mirrors: PhantomData<(A, B)>,
}

impl<A, B> First<A, B>
where
    A: Future<Output = String> + Send + 'static,
    B: Future<Output = String> + Send + 'static,
{
    pub fn new(a: A, b: B) -> Self {
        Self { a: tokio::spawn(a), b: tokio::spawn(b), mirrors: PhantomData }
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
        if let Poll::Ready(answer) = Pin::new(&mut this.a).poll(cx) {
            return Poll::Ready(answer.expect("a mirror does not panic"));
        }
        Pin::new(&mut this.b).poll(cx).map(|answer| answer.expect("a mirror does not panic"))
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
