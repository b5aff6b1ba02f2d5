//! fails: a_slow_attempt_is_waited_for
//! says: ms, before it was done: it needs

// drops an attempt after 30 s and asks again; an attempt may take days

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
    rt.block_on(async {
        loop {
            // a sensor that hangs is asked again
            if let Ok(Some(value)) = timeout(Duration::from_secs(30), read()).await {
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
