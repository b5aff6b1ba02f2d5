//! Each record is kept by several replicas. `replicate` returns when all copies are written.
//!
//! Why the starter wrote nothing: `tokio::spawn` hands the future to the runtime and returns at once. The task is
//! under way from then on, but nothing ties `replicate` to it. When `main` is at its end, the runtime is dropped, and
//! drops every task that is not finished where it stands.
//!
//! `spawn` returns a `JoinHandle`, which is the tie: a future that is ready when the task is done. Two loops are needed.
//! With one, the second writer would be spawned when the first is done. A `JoinSet` does the same with less to write.
//! A `sleep` of any length is no tie: too short, and copies are missing; too long, and everybody waits for nothing.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = Vec::with_capacity(writers.len());
    for writer in writers {
        tasks.push(tokio::spawn(writer));
    }
    // All are under way. The order of waiting does not matter: a task that is done keeps its result for its handle.
    for task in tasks {
        // `Err` means that the writer panicked. A copy is missing then, which must not pass in silence.
        task.await.expect("a writer does not panic");
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
