//! fails: calls_do_not_wait_for_each_other
//! says: was not done before the first

// Keeps the handles in a `static`, since that lives as long as the tasks: a second record waits until the first is written.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinHandle;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    static TASKS: Mutex<Vec<JoinHandle<()>>> = Mutex::const_new(Vec::new());
    let mut tasks = TASKS.lock().await;
    for writer in writers {
        tasks.push(tokio::spawn(writer));
    }
    // All are under way. The order of waiting does not matter: a task that is done keeps its result for its handle.
    for task in tasks.drain(..) {
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
