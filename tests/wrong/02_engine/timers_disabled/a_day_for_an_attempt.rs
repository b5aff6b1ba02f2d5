//! fails: a_slow_attempt_is_waited_for
//! says: was dropped after 1 day, before it was done

// An attempt may take days; this one drops it after a day and starts another.

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
        loop {
            let day = Duration::from_secs(24 * 60 * 60);
            if let Ok(Some(value)) = tokio::time::timeout(day, read()).await {
                return Ok(value);
            }
            sleep(Duration::from_millis(250)).await;
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
