//! Each record is kept by several replicas. `replicate` starts a writer for every one of
//! them, all at the same time, and returns when all copies are written. The copy of a
//! writer that panics is missing; `replicate` does not keep that to itself, but panics too,
//! whatever becomes of the others then.
//!
//! `cargo run` says that the record is safe, and no replica has said a word. The writers
//! were started; then `main` was at its end.

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
        write("harbour", Duration::from_millis(200)),
    ];
    replicate(writers).await;
    println!("the record is safe on every replica");
}
