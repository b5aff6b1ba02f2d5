//! fails: parked_for_250_ms_between_attempts
//! says: ms blocked the thread: the whole runtime stood still

// blocks the runtime's only thread between attempts: tasks and timers that the sensor's code has started stand still, and so does paused time

use std::io;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

/// The first reading that `read` gets out of the sensor. (`AsyncFnMut`: a closure that is called like any other, and
/// whose outcome is awaited.)
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().enable_all().build()?;
    rt.block_on(async {
        loop {
            if let Some(value) = read().await {
                return Ok(value);
            }
            thread::sleep(Duration::from_millis(250));
        }
    })
}

fn main() -> io::Result<()> {
    let mut attempts = 0;
    let reading = first_reading(async || {
        attempts += 1;
        println!("attempt {attempts}");
        (attempts == 3).then_some(42)
    })?;
    println!("{reading} l/min");
    Ok(())
}
