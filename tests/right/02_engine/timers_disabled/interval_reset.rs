//! An interval that is reset after each attempt (clumsy).

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::interval;

/// The first reading that `read` gets out of the sensor. (`AsyncFnMut`: a closure that is called like any other, and
/// whose outcome is awaited.)
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().enable_io().enable_time().build()?;
    let value = rt.block_on(async {
        let mut pause = interval(Duration::from_millis(250));
        loop {
            pause.tick().await; // the first one is over at once
            let reading = read().await;
            if let Some(value) = reading {
                break value;
            }
            pause.reset();
        }
    });
    Ok(value)
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
