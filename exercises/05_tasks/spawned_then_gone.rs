//! Several replicas each keep a copy of every record. `replicate` starts a writer for each
//! replica, all at the same time, and returns when all copies are written. If a writer
//! panics, its copy is missing: then `replicate` panics too, and it does not matter what
//! happens to the other writers.
//!
//! `cargo run` says that the record is safe, but no replica has reported a copy. The
//! writers were started, and then `main` ended.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    for writer in writers {
        tokio::spawn(writer);
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
        write("harbor", Duration::from_millis(200)),
    ];
    replicate(writers).await;
    println!("the record is safe on every replica");
}
