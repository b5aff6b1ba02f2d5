//! No tasks: a future that polls every writer that is not done yet.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut writers: Vec<_> = writers.into_iter().map(Box::pin).collect();
    poll_fn(|context| {
        writers.retain_mut(|writer| writer.as_mut().poll(context).is_pending());
        if writers.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
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
