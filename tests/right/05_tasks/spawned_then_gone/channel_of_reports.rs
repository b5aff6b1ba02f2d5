//! Every task reports over a channel; when all senders are gone, the reports are counted.

use std::time::Duration;

use tokio::sync::mpsc;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let expected = writers.len();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for writer in writers {
        let sender = sender.clone();
        tokio::spawn(async move {
            writer.await;
            let _ = sender.send(());
        });
    }
    drop(sender);
    let mut written = 0;
    while let Some(()) = receiver.recv().await {
        written += 1;
    }
    if written != expected {
        panic!("{written} copies written, not {expected}");
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
