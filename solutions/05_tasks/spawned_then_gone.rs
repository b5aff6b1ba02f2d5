//! Several replicas each keep a copy of every record. `replicate` returns when all copies are written.
//!
//! Why the starter wrote nothing: `tokio::spawn` gives the future to the runtime and returns at once. The task runs
//! from then on, but `replicate` does not wait for it. When `main` ends, the runtime is dropped, and it drops every
//! task that is not finished, wherever that task is.
//!
//! `spawn` returns a `JoinHandle`: a future that is ready when the task is done. You need two loops. With one loop, the
//! second writer would be spawned only when the first one is done. A `JoinSet` does the same with less code. A `sleep`
//! is no substitute: if it is too short, copies are missing; if it is too long, everybody waits for nothing.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = Vec::with_capacity(writers.len());
    for writer in writers {
        tasks.push(tokio::spawn(writer));
    }
    // All of them are running. The order of the awaits does not matter: a finished task keeps its result.
    for task in tasks {
        // `Err` means that the writer panicked. Then a copy is missing, and the caller has to learn that.
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
        write("harbor", Duration::from_millis(200)),
    ];
    replicate(writers).await;
    println!("the record is safe on every replica");
}
