//! fails: thousands_of_attempts_are_made
//! says: each attempt was made from within the one before it

// each attempt is nested in the one before: memory and stack grow with the number of attempts, of which there may be thousands on a device with little memory

use std::io;
use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

fn attempt<'a, R>(read: &'a mut R) -> Pin<Box<dyn Future<Output = u32> + 'a>>
where
    R: AsyncFnMut() -> Option<u32>,
{
    Box::pin(async move {
        match read().await {
            Some(value) => value,
            None => {
                sleep(Duration::from_millis(250)).await;
                attempt(read).await
            }
        }
    })
}

/// The first reading that `read` gets out of the sensor. (`AsyncFnMut`: a closure that is called like any other, and
/// whose outcome is awaited.)
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().enable_all().build()?;
    Ok(rt.block_on(attempt(&mut read)))
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
