//! fails: any_number_of_writers_is_at_work_at_once
//! says: 0 of 0 copies are written
//!
//! The last writer to count down wakes `replicate`: a writer that panics never counts, and without any writer
//! nobody does, so that it waits for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let left = Arc::new(AtomicUsize::new(writers.len()));
    let done = Arc::new(Notify::new());
    for writer in writers {
        let (left, done) = (left.clone(), done.clone());
        tokio::spawn(async move {
            writer.await;
            if left.fetch_sub(1, Ordering::SeqCst) == 1 {
                done.notify_one();
            }
        });
    }
    done.notified().await;
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
