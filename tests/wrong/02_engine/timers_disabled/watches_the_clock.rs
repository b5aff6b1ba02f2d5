//! fails: the_first_answer_is_returned
//! says: never rests between two attempts

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::Instant;

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
            let end = Instant::now() + Duration::from_millis(250);
            while Instant::now() < end {
                yield_now().await;
            }
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
