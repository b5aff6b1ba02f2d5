//! fails: a_missing_copy_is_not_kept_secret
//! says: panicked, but `replicate` returned as if every copy had been written. If you await the handle of a task that panicked, you get an `Err`; do not throw it away

// `replicate` panics when a writer panics; here only when it is the last one.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let handles: Vec<_> = writers.into_iter().map(tokio::spawn).collect();
    let mut outcome = Ok(());
    for handle in handles {
        outcome = handle.await;
    }
    outcome.expect("a writer panicked");
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
