//! fails: every_copy_is_written
//! says: it keeps asking whether they are done
//!
//! Goes in circles over the handles until all are finished; waiting means being woken.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks: Vec<_> = writers.into_iter().map(tokio::spawn).collect();
    while !tasks.is_empty() {
        let mut i = 0;
        while i < tasks.len() {
            if tasks[i].is_finished() {
                tasks.swap_remove(i).await.unwrap();
            } else {
                i += 1;
            }
        }
        tokio::task::yield_now().await;
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
