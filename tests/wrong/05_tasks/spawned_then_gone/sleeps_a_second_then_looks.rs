//! fails: every_copy_is_written
//! says: 0 of 3 done. `replicate` waited for 1000 ms and returned
//!
//! Waits for a second and then looks at those that are finished: a slow copy is not written yet, and its panic is
//! not heard.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = Vec::new();
    for writer in writers {
        tasks.push(tokio::spawn(writer));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    for task in tasks {
        if task.is_finished() {
            task.await.unwrap();
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
