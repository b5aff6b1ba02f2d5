//! The gauge on the pump has one core and little memory, so its program runs on a current-thread runtime.
//! `first_reading` asks the sensor at once, and again until it answers. An attempt may take days, and there may be
//! thousands of attempts. After each attempt without an answer, it leaves the sensor alone for 250 ms.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Returns the first reading that `read` gets from the sensor. (`AsyncFnMut`: an async closure. Calling it makes a
/// future, which you await.)
pub fn first_reading<R>(mut read: R) -> io::Result<u32>
where
    R: AsyncFnMut() -> Option<u32>,
{
    // On a `Builder`, you opt in to each driver: `enable_time` for timers, `enable_io` for sockets, `enable_all` for
    // both. This program opens no socket, so the time driver is enough; `enable_all` is just as right. `Runtime::new()`
    // and the macro turn everything on, so the question never comes up there.
    let rt = Builder::new_current_thread().enable_time().build()?;
    rt.block_on(async {
        loop {
            if let Some(value) = read().await {
                return Ok(value);
            }
            // Not `std::thread::sleep`: it needs no driver, but it would put the runtime's only thread to sleep, and
            // every other task with it.
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
