//! fails: a_slow_attempt_is_waited_for
//! says: before it was done: it needs

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

/// The first reading that `read` gets out of the sensor. (`AsyncFnMut`: a closure that is called like any other, and
/// whose outcome is awaited.)
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().enable_all().build()?;
    let asking = async {
        loop {
            if let Some(value) = read().await {
                return value;
            }
            sleep(Duration::from_millis(250)).await;
        }
    };
    Ok(rt.block_on(async { timeout(Duration::from_secs(60), asking).await })?)
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
