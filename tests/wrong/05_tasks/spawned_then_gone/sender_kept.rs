//! fails: every_copy_is_written
//! says: but `replicate` still waits

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let (alive, mut all_done) = tokio::sync::mpsc::channel::<()>(1);
    for writer in writers {
        let alive = alive.clone();
        tokio::spawn(async move {
            writer.await;
            drop(alive);
        });
    }
    // Ready when the last sender is gone.
    all_done.recv().await;
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
