//! fails: a_missing_copy_is_not_kept_secret
//! says: returned as if every copy had been written
//!
//! The loop ends silently at the first writer that panics: `replicate` returns as if all were written, and the set
//! aborts the writers that are not done.

use std::time::Duration;

use tokio::task::JoinSet;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for writer in writers {
        tasks.spawn(writer);
    }
    while let Some(Ok(())) = tasks.join_next().await {}
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
