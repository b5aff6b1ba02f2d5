//! fails: thousands_of_attempts_are_made
//! says: `first_reading` gave up after 10000 attempts

// It asks until the sensor answers; after 10 000 attempts this one gives up with an error.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// The first reading that `read` gets out of the sensor. (`AsyncFnMut`: an async closure. Calling it makes a plan,
/// which is awaited.)
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().enable_all().build()?;
    rt.block_on(async {
        for _ in 0..10_000 {
            if let Some(value) = read().await {
                return Ok(value);
            }
            sleep(Duration::from_millis(250)).await;
        }
        Err(io::Error::other("the sensor does not answer"))
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
