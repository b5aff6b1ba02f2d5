//! A `JoinSet`; waits for all, then passes the first panic on as it was.

use std::time::Duration;

use tokio::task::JoinSet;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for writer in writers {
        tasks.spawn(writer);
    }
    let mut failed = None;
    while let Some(written) = tasks.join_next().await {
        if let Err(error) = written {
            failed.get_or_insert(error);
        }
    }
    if let Some(error) = failed {
        match error.try_into_panic() {
            Ok(payload) => std::panic::resume_unwind(payload),
            Err(error) => panic!("a copy is missing: {error}"),
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
