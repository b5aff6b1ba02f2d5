//! fails: every_copy_is_written
//! says: 0 of 3 copies were written when `replicate` returned.
//!
//! The thread sleeps, and on this runtime it is the only one that could run the writers.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    for writer in writers {
        tokio::spawn(writer);
    }
    std::thread::sleep(Duration::from_millis(100));
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
