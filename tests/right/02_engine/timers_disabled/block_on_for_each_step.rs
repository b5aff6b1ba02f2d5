//! One runtime, a block_on for each attempt and for each pause.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// The first reading that `read` gets out of the sensor. (`AsyncFnMut`: a closure that is called like any other, and
/// whose outcome is awaited.)
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().enable_all().build()?;
    let mut reading = rt.block_on(async { read().await });
    while reading.is_none() {
        rt.block_on(async { sleep(Duration::from_millis(250)).await });
        reading = rt.block_on(async { read().await });
    }
    Ok(reading.unwrap())
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
