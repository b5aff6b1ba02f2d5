//! fails: parked_for_250_ms_between_attempts
//! says: The pause of 250 ms blocked the thread

use std::io;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

/// The first reading that `read` gets out of the sensor.
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().build()?;
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
