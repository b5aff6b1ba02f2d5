//! fails: any_number_of_writers_is_at_work_at_once
//! says: At most 16 of

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut writers = writers.into_iter().peekable();
    while writers.peek().is_some() {
        let tasks: Vec<_> = writers.by_ref().take(16).map(tokio::spawn).collect();
        for task in tasks {
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
