//! Every writer holds a sender; when the last one is dropped, all writers are done.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let count = writers.len();
    let (done, mut written) = tokio::sync::mpsc::unbounded_channel();
    for writer in writers {
        let done = done.clone();
        tokio::spawn(async move {
            writer.await;
            done.send(()).expect("`replicate` waits for it");
        });
    }
    drop(done);
    for _ in 0..count {
        written.recv().await.expect("a writer that panics sends nothing");
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
