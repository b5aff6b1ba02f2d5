//! fails: every_copy_is_written
//! says: 3 of 3 writers ran on separate threads
//!
//! A thread for every writer, and the joins block the thread of the runtime; code on a runtime spawns there and
//! starts no threads.

use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

pub async fn replicate<W>(writers: Vec<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut threads = Vec::new();
    for writer in writers {
        let runtime = Handle::current();
        threads.push(thread::spawn(move || runtime.block_on(writer)));
    }
    for thread in threads {
        thread.join().expect("a writer panicked");
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
