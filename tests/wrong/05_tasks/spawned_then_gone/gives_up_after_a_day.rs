//! fails: every_copy_is_written
//! says: `replicate` waited for

use std::time::Duration;
use tokio::time::timeout;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let tasks: Vec<_> = writers.into_iter().map(tokio::spawn).collect();
    for task in tasks {
        if let Ok(outcome) = timeout(Duration::from_secs(24 * 60 * 60), task).await {
            outcome.unwrap();
        }
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
