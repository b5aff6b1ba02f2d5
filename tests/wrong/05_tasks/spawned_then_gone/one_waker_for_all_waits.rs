//! fails: another_task_may_go_on
//! says: which was never woken

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};

/// Waits for a task, with a waker of the caller.
async fn wait<T>(mut task: JoinHandle<T>, waker: &Waker) -> Result<T, JoinError> {
    poll_fn(|_| Pin::new(&mut task).poll(&mut Context::from_waker(waker))).await
}

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = Vec::with_capacity(writers.len());
    for writer in writers {
        tasks.push(tokio::spawn(writer));
    }
    // It is the same waker each time.
    let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    for task in tasks {
        wait(task, &waker).await.expect("a writer does not panic");
    }
}

async fn write(replica: &str, takes: Duration) {
    tokio::time::sleep(takes).await;
    println!("  written on {replica}");
}

#[tokio::main]
async fn main() {
    let writers = vec![
        write("north", Duration::from_millis(300)),
        write("south", Duration::from_millis(100)),
        write("harbour", Duration::from_millis(200)),
    ];
    replicate(writers).await;
    println!("the record is safe on every replica");
}
