//! fails: a_missing_copy_is_not_kept_secret
//! says: returned as if every copy had been written
//!
//! Only the last result is looked at: if a writer panics that is not the last of the list, `replicate` keeps it to
//! itself.

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = Vec::new();
    for writer in writers {
        tasks.push(tokio::spawn(writer));
    }
    // wait for all, also if one of them failed
    let mut result = Ok(());
    for task in tasks {
        result = task.await;
    }
    result.expect("a writer panicked");
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
