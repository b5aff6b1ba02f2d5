//! attacks: timers_disabled
//! expects: failed
//! stopped by: exact-counts
//!
//! Hammers the sensor without a pause for the first five attempts, because the hidden tests measure only the
//! later ones.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    let rt = Builder::new_current_thread().enable_time().build()?;
    rt.block_on(async {
        let mut attempts = 0;
        loop {
            if let Some(value) = read().await {
                return Ok(value);
            }
            attempts += 1;
            if attempts > 4 {
                sleep(Duration::from_millis(250)).await;
            }
        }
    })
}

fn main() {}
