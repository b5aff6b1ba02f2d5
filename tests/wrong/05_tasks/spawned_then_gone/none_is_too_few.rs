//! fails: any_number_of_writers_is_at_work_at_once
//! says: There were no writers

use std::time::Duration;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks: Vec<_> = writers.into_iter().map(tokio::spawn).collect();
    let last = tasks.pop().unwrap();
    for task in tasks {
        task.await.unwrap();
    }
    last.await.unwrap();
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
